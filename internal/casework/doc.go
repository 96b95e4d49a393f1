// Package casework is what the unit does about a consignment: from the queue to the
// outcome.
//
// A [Case] holds one or several consignments of a scope, and everything that was done
// about them. It is made of acts: each [Act] is a row that is never changed, [Replay]
// rebuilds the case from them, and what lists show is only their index.
//
// # States
//
// A case is proposed (by a rule, the random draw or a message), selected, held, at
// scan, at examination, concluded, or reopened; [Transitions] is the table of what
// leads where, and who may: programs propose, officers decide (identity.Decide). A hold,
// its end and a conclusion name a reason from a list; reopening, correcting, and letting
// go unexamined what was to be examined need one in words. A concluded case is
// [Released], [Found] or [Referred], and is immutable but for addenda, corrections of an
// outcome by a new version, and reopening. A consignment is in at most one open case.
//
// # Acts
//
// Every use-case takes a [Ref]: the case, the version of it that the officer saw, and a
// key that the sender chose. An act that comes twice with one key counts once. An act
// that changes what somebody else has changed since is a fault.Conflict, and is kept:
// it stands in the case under SetAside, to be applied after all or dismissed. Notes,
// watchers, tasks, attachments and checklist entries only add, and never conflict;
// those that reach a case after its conclusion are set aside, too.
//
// # News
//
// [Concluded] is announced in the transaction that concludes a case or corrects an
// outcome. The package hears risk.Assessed by [Cases.Propose].
package casework
