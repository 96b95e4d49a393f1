package risk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// Study is what the outcomes of a span of days of arrival say about what the unit looks
// for.
type Study struct {
	Months     []Month
	Assessed   int     // consignments that arrived
	Examined   Share   // all examinations, with a finding
	Random     Share   // examinations of the random draw, with a finding
	ByMonth    []Share // Random by month
	Missed     Missed
	Indicators []Worth // of all indicators, in their order
	Entries    []Worth // of list entries that an examination has tested; ID is "list/entry"
	Selections []Worth // by who chose; ID is the Selection
}

// Worth is what outcomes say of one reason to look.
type Worth struct {
	ID         string
	Fired      int     // consignments in which it fired; for entries and selections 0
	Right      Share   // examinations with it; it proved right
	Without    Share   // examinations without it, with a finding
	Lift       float64 // Right over Study.Random; NaN while there is no random examination
	Of         Interval
	Difference Interval // Right minus Without
	Months     []WorthMonth
	Verdict    Verdict
}

// WorthMonth is one month of it.
type WorthMonth struct {
	Month
	Fired int
	Right Share
}

// Verdict sums up a Worth.
type Verdict string

// Verdicts.
const (
	Unknown Verdict = "unknown" // too few examinations
	Strong  Verdict = "strong"  // right more often than examinations without it
	Usual   Verdict = "usual"   // no difference that could not be chance
	Weak    Verdict = "weak"    // right less often than examinations without it
	Nothing Verdict = "nothing" // it adds nothing to what the others say
)

// Fewer examinations than these allow no verdict, and none of nothing.
const (
	fewestTested  = 20
	nothingTested = 30
)

// Study returns what outcomes say about consignments that arrived from one day to
// another, both included.
func (s *Assessments) Study(ctx context.Context, scope cargo.ScopeID, from, to time.Time) (Study, error) {
	lessons, err := s.Lessons(ctx, scope)
	if err != nil {
		return Study{}, err
	}
	span := Filter{From: from, To: to}
	counts, err := s.Board(scope).IndicatorMonths(ctx, span)
	if err != nil {
		return Study{}, err
	}
	page, err := s.Board(scope).Page(ctx, span, 0, 0)
	if err != nil {
		return Study{}, err
	}
	nothing, err := s.provedNothing(ctx, scope)
	if err != nil {
		return Study{}, err
	}
	first, last := Day(from), Day(to)
	within := lessons[:0:0]
	for _, l := range lessons {
		if l.Day >= first && l.Day <= last {
			within = append(within, l)
		}
	}
	return study(within, counts, page.Counts.Channels, nothing), nil
}

// provedNothing returns the indicators of which the newest estimate says that they add
// nothing.
func (s *Assessments) provedNothing(ctx context.Context, scope cargo.ScopeID) (map[string]bool, error) {
	all, err := s.Proposals(ctx, scope, 1)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	out := map[string]bool{}
	for _, e := range all[0].Fit.Estimates {
		out[e.Indicator] = e.Nothing
	}
	return out, nil
}

// study is Study as a function of its arguments: lessons, how often indicators fired by
// month, how many consignments came into each channel, and the indicators that an
// estimate of weights found worth nothing.
func study(lessons []Lesson, counts []MonthCounts, channels map[Channel]int, nothing map[string]bool) Study {
	s := Study{}
	number := map[Month]int{}
	for k, c := range counts {
		s.Months = append(s.Months, c.Month)
		s.Assessed += c.Total
		number[c.Month] = k
	}
	s.ByMonth = make([]Share, len(s.Months))
	tally := newTally(s.Months)
	for i := range lessons {
		l := &lessons[i]
		k, known := number[MonthOf(l.Day)]
		if !l.Examined || !known {
			continue
		}
		s.Examined.Add(l.Found)
		if l.Drawn {
			s.Random.Add(l.Found)
			s.ByMonth[k].Add(l.Found)
		}
		tally.count(l, k)
	}
	for _, in := range indicators {
		w := tally.worth("indicator/"+in.ID, in.ID, &s)
		for k, c := range counts {
			w.Months[k].Fired = c.Fired[in.ID]
			w.Fired += c.Fired[in.ID]
		}
		if nothing[in.ID] && w.Right.N >= nothingTested {
			w.Verdict = Nothing
		}
		s.Indicators = append(s.Indicators, w)
	}
	for key := range tally.right {
		if id, ok := strings.CutPrefix(key, "entry/"); ok {
			s.Entries = append(s.Entries, tally.worth(key, id, &s))
		}
	}
	slices.SortFunc(s.Entries, func(a, b Worth) int { return cmp.Compare(a.ID, b.ID) })
	for _, by := range Selections {
		if w := tally.worth("selection/"+string(by), string(by), &s); w.Right.N > 0 {
			s.Selections = append(s.Selections, w)
		}
	}
	s.Missed = EstimateMissed(strataOf(lessons, channels))
	return s
}

// tally counts examinations by reason: "indicator/D01", "entry/hubs/KGOSS",
// "selection/random".
type tally struct {
	months []Month
	right  map[string][]Share // by month
	found  map[string]int     // examinations with the reason that found something
}

func newTally(months []Month) *tally {
	return &tally{months, map[string][]Share{}, map[string]int{}}
}

func (t *tally) count(l *Lesson, month int) {
	add := func(key string, right bool) {
		if t.right[key] == nil {
			t.right[key] = make([]Share, len(t.months))
		}
		t.right[key][month].Add(right)
		if l.Found {
			t.found[key]++
		}
	}
	add("selection/"+string(l.Selection), l.Found)
	var seen []string
	for _, f := range l.Fired {
		right := l.right(f.Indicator)
		add("indicator/"+f.Indicator, right)
		for _, e := range f.Entries { // two indicators may cite one entry
			if !slices.Contains(seen, e) {
				seen = append(seen, e)
				add("entry/"+e, right)
			}
		}
	}
}

func (t *tally) worth(key, id string, s *Study) Worth {
	w := Worth{ID: id, Months: make([]WorthMonth, len(t.months))}
	for k, m := range t.months {
		w.Months[k].Month = m
		if months := t.right[key]; months != nil {
			w.Months[k].Right = months[k]
			w.Right.K, w.Right.N = w.Right.K+months[k].K, w.Right.N+months[k].N
		}
	}
	w.Without = Share{s.Examined.K - t.found[key], s.Examined.N - w.Right.N}
	w.Lift, w.Of = math.NaN(), Interval{0, math.Inf(1)}
	if w.Right.N > 0 {
		w.Lift, w.Of = Lift(w.Right, s.Random)
	}
	_, w.Difference = Difference(w.Right, w.Without)
	w.Verdict = w.judge()
	return w
}

func (w *Worth) judge() Verdict {
	switch {
	case w.Right.N < fewestTested:
		return Unknown
	case w.Right.N >= nothingTested && w.Right.K == 0 && w.Difference.High < 0:
		return Nothing
	case w.Difference.Low > 0:
		return Strong
	case w.Difference.High < 0:
		return Weak
	}
	return Usual
}

// strataOf parts what was let pass by the channel that the score gave, with those of
// each that the random draw had examined.
func strataOf(lessons []Lesson, channels map[Channel]int) []Stratum {
	strata := []Stratum{{Passed: channels[Look]}, {Passed: channels[Release]}}
	for i := range lessons {
		l := &lessons[i]
		k := slices.Index([]Channel{Look, Release}, l.Channel)
		if k < 0 || !l.Examined {
			continue
		}
		if l.Drawn {
			strata[k].Drawn = append(strata[k].Drawn, Drawn{l.Inclusion, l.Found})
		} else { // somebody else chose it: it was not let pass
			strata[k].Passed = max(0, strata[k].Passed-1)
		}
	}
	return strata
}
