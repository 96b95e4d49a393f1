// Package identity knows who works in which unit, lets them in, says what each may
// do, and keeps the trail of what they did.
//
// A [Unit] is a port control unit. An [Officer] is a person with an account, who is a
// member of one or more units with a [Role] in each. A signed-in officer acting for a
// unit is a [Viewer]; it travels in the context, and every use-case asks it with
// [Viewer.May] before doing anything. A program without a person (the command line,
// the demo) acts as [Console].
//
// Every act is recorded with [Audit.Record] in the transaction of the act, and linked
// into a chain of hashes, so that a later change of the trail shows in [Audit.Verify].
//
// This package is under all other domains and knows none of them.
package identity
