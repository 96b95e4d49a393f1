// Package post sends reminders by mail: what is due soon, and what is overdue. What there
// is to be said comes from a Source, which app plugs in; each letter has a key and is sent
// once, however many processes look.
//
// Mail is a courtesy: a server that does not answer delays a letter to the next hour, and
// nothing else waits for it.
package post
