package casework

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/risk"
)

func channelNumber(c risk.Channel) uint8     { return uint8(slices.Index(risk.Channels, c) + 1) }
func selectionNumber(s Selection) uint8      { return uint8(slices.Index(Selections, s) + 1) }
func country(code string) string             { return code[:min(2, len(code))] }
func lacks[T cmp.Ordered](want, have T) bool { var zero T; return want != zero && want != have }

// picker tells which entries a filter picks. What it looks up by a text is looked up
// once for each text, not for each entry.
type picker struct {
	ResultsFilter
	from, to           int32
	channel, selection uint8
	category           uint32
	loading, unloading []bool // by the number of a text; nil for all
	indicator          []bool
}

func newPicker(f ResultsFilter, texts []string, at *time.Location) *picker {
	p := &picker{ResultsFilter: f, from: math.MinInt32, to: math.MaxInt32, channel: channelNumber(f.Channel), selection: selectionNumber(f.Selection)}
	if !f.From.IsZero() {
		p.from = int32(localDay(f.From, at))
	}
	if !f.To.IsZero() {
		p.to = int32(localDay(f.To, at))
	}
	if f.Category != "" {
		p.category = 1 << max(0, slices.Index(Categories, f.Category))
	}
	match := func(want string, fits func(text string) bool) []bool {
		if want == "" {
			return nil
		}
		out := make([]bool, len(texts))
		for i, t := range texts {
			out[i] = fits(t)
		}
		return out
	}
	p.loading = match(f.Loading, func(t string) bool { return strings.HasPrefix(t, f.Loading) })
	p.unloading = match(f.Unloading, func(t string) bool { return strings.HasPrefix(t, f.Unloading) })
	p.indicator = match(f.Indicator, func(t string) bool { return slices.Contains(strings.Fields(t), f.Indicator) })
	return p
}

func (p *picker) has(e *entry) bool {
	return e.day >= p.from && e.day < p.to && !lacks(p.channel, e.channel) && !lacks(p.selection, e.selection) &&
		(p.category == 0 || e.categories&p.category != 0) && (p.loading == nil || p.loading[e.loading]) &&
		(p.unloading == nil || p.unloading[e.unloading]) && (p.indicator == nil || p.indicator[e.indicators])
}

// count is examinations and findings on their way to a Rate.
type count struct{ examined, found int }

func (c *count) add(found bool) {
	c.examined++
	if found {
		c.found++
	}
}

func (c count) rate() Rate { return rateOf(c.found, c.examined) }

// counts are counts by some key.
type counts[K comparable] map[K]*count

func (cs counts[K]) add(key K, found bool) {
	c := cs[key]
	if c == nil {
		c = &count{}
		cs[key] = c
	}
	c.add(found)
}

// route is a pair of places, by the numbers of their texts.
type route struct{ loading, unloading uint32 }

// sums collects what the entries come to.
type sums struct {
	all         count
	days        counts[int32]
	selections  counts[uint8]
	channels    counts[uint8]
	routes      counts[route]
	fired       counts[uint32] // by the text of all indicators
	right       map[uint32]int // the same
	wrong       map[uint32]int
	categories  [32]count // by number in Categories
	categoryUSD [32]float64
	hours       map[uint8][]float32
	value       float64
	arrests     int
}

// tallyOf counts the entries that the filter picks.
func tallyOf(entries []entry, texts []string, f ResultsFilter, at *time.Location) Tally {
	s := sums{days: counts[int32]{}, selections: counts[uint8]{}, channels: counts[uint8]{}, routes: counts[route]{}, fired: counts[uint32]{},
		right: map[uint32]int{}, wrong: map[uint32]int{}, hours: map[uint8][]float32{}}
	pick := newPicker(f, texts, at)
	for i := range entries {
		if e := &entries[i]; pick.has(e) {
			s.add(e)
		}
	}
	return s.results(texts, f)
}

func (s *sums) add(e *entry) {
	if e.released {
		s.hours[e.channel] = append(s.hours[e.channel], e.hours)
	}
	if !e.examined {
		return
	}
	s.all.add(e.found)
	s.days.add(e.day, e.found)
	s.selections.add(e.selection, e.found)
	s.channels.add(e.channel, e.found)
	s.routes.add(route{e.loading, e.unloading}, e.found)
	s.fired.add(e.indicators, e.found)
	s.right[e.right]++
	s.wrong[e.wrong]++
	s.value += float64(e.value)
	s.arrests += int(e.arrests)
	for i := range Categories {
		if e.categories&(1<<i) != 0 {
			s.categories[i].add(true)
			s.categoryUSD[i] += float64(e.value)
		}
	}
}

func (s *sums) results(texts []string, f ResultsFilter) Tally {
	r := Tally{All: s.all.rate(), Value: s.value, Arrests: s.arrests}
	r.Step, r.Periods = s.periods(f.Step)
	for i, sel := range Selections {
		if c := s.selections[uint8(i+1)]; c != nil {
			r.Selections = append(r.Selections, SelectionResult{sel, c.rate()})
		}
	}
	for i, ch := range risk.Channels {
		if c := s.channels[uint8(i+1)]; c != nil {
			r.Channels = append(r.Channels, ChannelResult{ch, c.rate()})
		}
		if hours := s.hours[uint8(i+1)]; len(hours) > 0 {
			slices.Sort(hours)
			r.Waits = append(r.Waits, WaitResult{ch, len(hours), quantile(hours, 0.5), quantile(hours, 0.9)})
		}
	}
	for i, cat := range Categories {
		if n := s.categories[i].found; n > 0 {
			r.Categories = append(r.Categories, CategoryResult{cat, n, rateOf(n, s.all.examined), s.categoryUSD[i]})
		}
	}
	r.Indicators = s.indicators(texts)
	s.places(texts, &r)
	return r
}

// indicators parts the texts of several indicators into the single ones.
func (s *sums) indicators(texts []string) (out []IndicatorResult) {
	fired, right, wrong := map[string]count{}, map[string]int{}, map[string]int{}
	for text, c := range s.fired {
		for id := range strings.FieldsSeq(texts[text]) {
			sum := fired[id]
			fired[id] = count{sum.examined + c.examined, sum.found + c.found}
		}
	}
	part := func(from map[uint32]int, to map[string]int) {
		for text, n := range from {
			for id := range strings.FieldsSeq(texts[text]) {
				to[id] += n
			}
		}
	}
	part(s.right, right)
	part(s.wrong, wrong)
	for _, id := range slices.Sorted(maps.Keys(fired)) {
		out = append(out, IndicatorResult{id, fired[id].rate(), rateOf(right[id], right[id]+wrong[id])})
	}
	slices.SortStableFunc(out, func(a, b IndicatorResult) int { return cmp.Compare(b.Examined, a.Examined) })
	return out
}

// maxRoutes bounds what a map draws.
const maxRoutes = 200

// places sums the routes up by place and by country.
func (s *sums) places(texts []string, r *Tally) {
	corridors, places := map[[2]string]count{}, map[string]count{}
	for at, c := range s.routes {
		loading, unloading := texts[at.loading], texts[at.unloading]
		r.Routes = append(r.Routes, RouteResult{loading, unloading, c.rate()})
		pair := [2]string{country(loading), country(unloading)}
		corridors[pair] = count{corridors[pair].examined + c.examined, corridors[pair].found + c.found}
		places[loading] = count{places[loading].examined + c.examined, places[loading].found + c.found}
	}
	for pair, c := range corridors {
		r.Corridors = append(r.Corridors, CorridorResult{pair[0], pair[1], c.rate()})
	}
	for code, c := range places {
		if code != "" {
			r.Places = append(r.Places, PlaceResult{code, c.rate()})
		}
	}
	slices.SortFunc(r.Routes, func(a, b RouteResult) int {
		return cmp.Or(cmp.Compare(b.Examined, a.Examined), cmp.Compare(a.Loading, b.Loading), cmp.Compare(a.Unloading, b.Unloading))
	})
	r.Routes = r.Routes[:min(len(r.Routes), maxRoutes)]
	slices.SortFunc(r.Corridors, func(a, b CorridorResult) int {
		return cmp.Or(cmp.Compare(b.Examined, a.Examined), cmp.Compare(a.Loading, b.Loading), cmp.Compare(a.Unloading, b.Unloading))
	})
	slices.SortFunc(r.Places, func(a, b PlaceResult) int {
		return cmp.Or(cmp.Compare(b.Examined, a.Examined), cmp.Compare(a.Code, b.Code))
	})
}

// quantile returns the nearest rank of sorted values.
func quantile(sorted []float32, q float64) float64 {
	at := int(math.Ceil(q*float64(len(sorted)))) - 1
	return float64(sorted[max(0, at)])
}

// halfYear is how many days are shown by weeks.
const halfYear = 184

// periods sums the days up by weeks or months, from the first to the last one.
func (s *sums) periods(step Step) (Step, []PeriodResult) {
	if len(s.days) == 0 {
		return cmp.Or(step, Weeks), nil
	}
	days := slices.Sorted(maps.Keys(s.days))
	first, last := days[0], days[len(days)-1]
	if step == "" {
		step = Weeks
		if last-first > halfYear {
			step = Months
		}
	}
	sum := map[time.Time]count{}
	for day, c := range s.days {
		start := step.start(day)
		sum[start] = count{sum[start].examined + c.examined, sum[start].found + c.found}
	}
	var out []PeriodResult
	for at := step.start(first); !at.After(step.start(last)); at = step.next(at) {
		out = append(out, PeriodResult{at, sum[at].rate()})
	}
	return step, out
}

// start returns the first day of the period that a day lies in.
func (s Step) start(day int32) time.Time {
	t := time.Unix(int64(day)*86400, 0).UTC()
	if s == Months {
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

func (s Step) next(start time.Time) time.Time {
	if s == Months {
		return start.AddDate(0, 1, 0)
	}
	return start.AddDate(0, 0, 7)
}
