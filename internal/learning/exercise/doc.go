// Package exercise is practice on the officer's own screens: a month of synthetic traffic
// whose truth is known, of which the learner selects what deserves an examination.
//
// # Worlds
//
// A [Task] says what to do; at a [Level] of difficulty it becomes a world: a body of
// traffic of its own (a scope), made once in the background and shared by all officers of
// a unit who take it, who only read it. What they select is theirs. Another month, another
// turn at the same task or another level is another world. The truth stands in a table
// of this package and nowhere else; no page of the traffic, no import, no export knows it.
// The seed of a course's exercise is published with the course, so a world of a course is
// drawn from it together with a secret.
//
// # Runs
//
// A [Run] is one officer's turn: begun when the officer first enters the traffic, worked by
// [Exercises.Select] with reasons, and handed in once. [Mark] then compares with the truth
// and with what the engine would have selected, and [Marked] is announced.
//
// # Difficulty
//
// Officers have a rating for each skill, and tasks one for each level, after Elo: see
// [Expected] and [Rate]. The rating proposes the next level.
//
// The package knows no other domain: what it needs of traffic it asks of [Traffic].
package exercise
