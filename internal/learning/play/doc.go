// Package play lets learners work through packages of content that others made (package
// pack): it keeps the packages, launches their units, and keeps how far each learner is.
//
// A learner has one registration in a package, and a session for each launch of a unit. A
// session's content is reached by an address with a secret of its own; who has it may read
// the package's files and nothing else.
//
// Units of SCORM tell their data model to the page that plays them, which hands it on by
// Commit. Units of cmi5 talk to the record store themselves: Fetch trades the token of the
// launch for credentials, once, and Client binds these to the session, so that each
// statement and document passes the rules of package cmi5. What these statements mean for
// blocks and the course is said before the request is answered.
package play
