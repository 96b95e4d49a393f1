package course

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// Moment says which test is meant.
type Moment string

// The moments of a test.
const (
	Before Moment = "pre"      // what the learner knows already
	After  Moment = "post"     // what they have learned
	During Moment = "practice" // at the end of a lesson
)

// seeded returns a source of chance that the text and the seed decide.
func seeded(seed uint64, text string) *rand.Rand {
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64(nil, seed))
	h.Write([]byte(text))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Draw returns the ids of the questions of a test: of each lesson as many as the test
// takes, lesson by lesson. seed is the learner's; the tests before and after share no
// question where the bank has enough, and over all learners each question stands in both
// equally often, so that the gain between them is not one of easier questions. A later
// attempt draws anew, without the questions of the test before where it can.
func (c *Course) Draw(when Moment, seed uint64, attempt int) (ids []string) {
	test := c.Posttest
	if when == Before {
		test = c.Pretest
	}
	for _, l := range c.Lessons {
		bank := c.Ask(l.ID, Testing)
		r := seeded(seed, l.ID)
		r.Shuffle(len(bank), func(i, j int) { bank[i], bank[j] = bank[j], bank[i] })
		if when == After {
			n := min(c.Pretest.PerLesson, len(bank)-test.PerLesson)
			first, rest := bank[:max(0, n)], bank[max(0, n):]
			if attempt > 1 {
				again := seeded(seed+uint64(attempt), l.ID)
				again.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
			}
			bank = append(append([]*Question{}, rest...), first...)
		}
		for _, q := range bank[:min(test.PerLesson, len(bank))] {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// Order returns the order in which the parts of a question are shown on a sheet:
// Order[i] is the part that stands in place i. Forms name places, never parts, as the
// parts of an ordering or a matching stand in the bank in the order that is asked for.
func (q *Question) Order(sheet uint64) []int {
	order := make([]int, q.Parts())
	for i := range order {
		order[i] = i
	}
	r := seeded(sheet, q.ID)
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}
