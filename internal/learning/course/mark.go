package course

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Answer is what a learner answered: places of the order in which the parts were shown
// (see Question.Order), or what was typed.
//
//	single    the chosen place
//	multiple  the chosen places
//	matching  for each pair in the bank's order of lefts, the place of its right; "" for none
//	ordering  for each place, its rank from 1; "" for none
//	numeric   the number; short: the words
//	hotspot   "x,y" in the units of the picture, or "#place" of a spot
type Answer []string

// Empty reports that nothing was answered.
func (a Answer) Empty() bool {
	return !slices.ContainsFunc(a, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// Mark returns how much of the answer is right, 0 to 1, when the question was shown on the
// sheet. Multiple choice: right ones less wrong ones, over all right ones, not below zero,
// so that ticking everything earns nothing. Matching and ordering: the share in its place.
func (q *Question) Mark(sheet uint64, a Answer) float64 {
	if a.Empty() {
		return 0
	}
	switch order := q.Order(sheet); q.Kind {
	case Single:
		if i, ok := place(a[0], len(order)); ok && q.Choices[order[i]].Right {
			return 1
		}
	case Multiple:
		return q.markMultiple(order, a)
	case Matching:
		return share(len(q.Pairs), func(i int) bool {
			p, ok := at(a, i, len(order))
			return ok && q.Part(order[p], "en") == q.Part(i, "en") // two lefts may have the same right
		})
	case Ordering:
		return share(len(q.Steps), func(i int) bool {
			return i < len(a) && strings.TrimSpace(a[i]) == strconv.Itoa(order[i]+1)
		})
	case Numeric:
		if x, ok := number(a[0]); ok && math.Abs(x-q.Answer) <= q.Tolerance+1e-9*math.Max(1, math.Abs(q.Answer)) {
			return 1
		}
	case Short:
		if slices.ContainsFunc(q.Accept, func(s string) bool { return plain(s) == plain(a[0]) }) {
			return 1
		}
	case Hotspot:
		if i := q.Spot(order, a[0]); i >= 0 && q.Spots[i].Right {
			return 1
		}
	}
	return 0
}

func (q *Question) markMultiple(order []int, a Answer) float64 {
	chosen := map[int]bool{}
	for _, s := range a {
		if i, ok := place(s, len(order)); ok {
			chosen[order[i]] = true
		}
	}
	right, score := 0, 0
	for i, c := range q.Choices {
		if c.Right {
			right++
		}
		if chosen[i] {
			if c.Right {
				score++
			} else {
				score--
			}
		}
	}
	return float64(max(0, score)) / float64(max(1, right))
}

// Spot returns which spot a hotspot's answer names; -1: none.
func (q *Question) Spot(order []int, answer string) int {
	if s, ok := strings.CutPrefix(answer, "#"); ok {
		if i, ok := place(s, len(order)); ok {
			return order[i]
		}
		return -1
	}
	xs, ys, _ := strings.Cut(answer, ",")
	x, okX := number(xs)
	y, okY := number(ys)
	if !okX || !okY {
		return -1
	}
	return slices.IndexFunc(q.Spots, func(s Spot) bool {
		return x >= s.X && x <= s.X+s.Width && y >= s.Y && y <= s.Y+s.Height
	})
}

// Chosen returns the parts that an answer names, as indices of the bank, for the analysis
// of what was chosen in vain. Answers that are typed name none.
func (q *Question) Chosen(sheet uint64, a Answer) (parts []int) {
	order := q.Order(sheet)
	switch q.Kind {
	case Single, Multiple:
		for _, s := range a {
			if i, ok := place(s, len(order)); ok {
				parts = append(parts, order[i])
			}
		}
	case Hotspot:
		if !a.Empty() {
			if i := q.Spot(order, a[0]); i >= 0 {
				parts = append(parts, i)
			}
		}
	}
	return parts
}

func share(n int, right func(int) bool) float64 {
	k := 0
	for i := range n {
		if right(i) {
			k++
		}
	}
	return float64(k) / float64(max(1, n))
}

// place reads the number of a place below n.
func place(s string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(s))
	return i, err == nil && i >= 0 && i < n
}

func at(a Answer, i, n int) (int, bool) {
	if i >= len(a) {
		return 0, false
	}
	return place(a[i], n)
}

// number reads a number with a point or a comma; spaces part thousands.
func number(s string) (float64, bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == ',':
			return '.'
		case r == '−':
			return '-'
		}
		return r
	}, s)
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}

// plain is a text without case, spaces and marks; ё is е.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ё' || r == 'Ё' {
			return 'е'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Solve returns the right answer as the sheet shows the question: for tests, and for the
// learners of the demo.
func (q *Question) Solve(sheet uint64) (a Answer) {
	order := q.Order(sheet)
	put := func(part int) { a = append(a, strconv.Itoa(slices.Index(order, part))) }
	switch q.Kind {
	case Single, Multiple:
		for i, c := range q.Choices {
			if c.Right {
				put(i)
			}
		}
	case Matching:
		for i := range q.Pairs {
			put(i)
		}
	case Ordering:
		for _, step := range order {
			a = append(a, strconv.Itoa(step+1))
		}
	case Numeric:
		a = Answer{figure(q.Answer)}
	case Short:
		a = Answer{q.Accept[0]}
	case Hotspot:
		for i, s := range q.Spots {
			if s.Right {
				a = append(a, "#"+strconv.Itoa(slices.Index(order, i)))
			}
		}
	}
	return a
}
