// Package learningweb speaks xAPI 1.0.3 and 2.0.0 over HTTP: the record store at /xapi.
//
// Programs come with a name and a secret of their own (HTTP Basic), not with an officer's
// session, and from pages of any origin: nothing here looks at cookies. Comments name the
// sections of xAPI 1.0.3 part 3, "Communication".
package learningweb
