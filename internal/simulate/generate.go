package simulate

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
)

// Month is a whole world in memory: fine up to some ten thousand consignments. For
// more, use Stream.
type Month struct {
	Manifests  []*Manifest // of the month, in order of arrival days
	Amendments []*Manifest // later messages about documents of the month
	History    []*Manifest // of the past
}

// Consignments returns the month's consignments and what is true of them.
func (m *Month) Consignments() ([]cargo.Consignment, []Truth) {
	var list []cargo.Consignment
	var truth []Truth
	for _, x := range m.Manifests {
		list = append(list, x.Consignments...)
		truth = append(truth, x.Truth...)
	}
	return list, truth
}

// Generate makes the whole world of the options.
func Generate(o Options) (*Month, error) {
	s, err := NewStream(o)
	if err != nil {
		return nil, err
	}
	var m Month
	for x := range s.History() {
		m.History = append(m.History, x)
	}
	for x := range s.Month() {
		if x.Amendment {
			m.Amendments = append(m.Amendments, x)
		} else {
			m.Manifests = append(m.Manifests, x)
		}
	}
	return &m, nil
}

// Stream is a world whose manifests are made as they are asked for.
type Stream struct{ world *world }

// NewStream founds the companies and their trade. It returns fault.Invalid for
// options that make no sense.
func NewStream(o Options) (*Stream, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	return &Stream{newWorld(o)}, nil
}

// Month yields the month's manifests day by day, and after the last day of each
// voyage's batch its amendments. The manifests that are no amendments hold exactly
// the consignments asked for. Each call yields the same. Where more months than one are
// asked for they follow each other in one world: companies go on trading, some begin,
// and each month has its own planted cases.
func (s *Stream) Month() iter.Seq[*Manifest] {
	return func(yield func(*Manifest) bool) {
		m := newMaker(s.world, ThisMonth)
		for m.t = range s.world.Months {
			m.quotas = newQuotas(s.world.Options)
			if !m.month(m.t, s.world.Consignments, yield) {
				return
			}
		}
	}
}

// History yields the past, month by month, never planted: thinner than the month, and
// so spread that every standing relation shows in it where the number allows.
func (s *Stream) History() iter.Seq[*Manifest] {
	return func(yield func(*Manifest) bool) {
		w := s.world
		if w.History == 0 {
			return
		}
		m := newMaker(w, Past)
		plan := s.past(m.d)
		for t := -w.History; t < 0; t++ {
			if !m.replay(t, plan[t+w.History], yield) {
				return
			}
		}
	}
}

// month makes n consignments in the month at the offset t, and reports whether more are
// wanted.
func (m *maker) month(t, n int, yield func(*Manifest) bool) bool {
	first := m.w.Month.AddDate(0, t, 0)
	days := first.AddDate(0, 1, 0).Add(-day).Day()
	draw := m.w.drawers(t, int(first.Month()))
	var made [5]float64
	var amended []*draft
	for i := range days {
		today := first.AddDate(0, 0, i)
		bills := n*(i+1)/days - n*i/days
		plan := m.plan(bills, draw, &made)
		for k, p := range plan {
			v := m.sail(p.lane, today, p.bills)
			for j := k + 1; j < len(plan) && plan[j].lane == p.lane; j++ {
				m.quotas.ahead += plan[j].bills
			}
			amended = append(amended, m.fill(v, draw[p.lane])...)
			m.quotas.ahead = 0
			if !yield(v.Manifest) {
				return false
			}
		}
		if i == days-1 || len(amended) >= 8 {
			for _, x := range m.amendments(amended) {
				if !yield(x) {
					return false
				}
			}
			amended = amended[:0]
		}
	}
	return true
}

// drawer draws the relations of a lane in one month, the busy ones more often.
type drawer struct {
	list []*relation
	alias
}

func (w *world) drawers(t, calendar int) map[*lane]drawer {
	out := make(map[*lane]drawer, len(w.lanes))
	for _, l := range w.lanes {
		var x drawer
		var weights []float64
		for _, r := range w.byLane[l] {
			if r.active(t, calendar) {
				x.list = append(x.list, r)
				weights = append(weights, r.pace(calendar))
			}
		}
		if len(x.list) > 0 {
			x.alias = newAlias(weights)
			out[l] = x
		}
	}
	return out
}

type planned struct {
	lane  *lane
	bills int
}

// plan divides a day's bills into voyages, so that the modes keep their shares.
func (m *maker) plan(bills int, draw map[*lane]drawer, made *[5]float64) []planned {
	var list []planned
	for bills > 0 {
		mode := cargo.ModeSea
		for _, x := range cargo.Modes {
			if made[x]/modeShare[x] < made[mode]/modeShare[mode] {
				mode = x
			}
		}
		l := m.w.modeLanes[mode][m.w.laneOf[mode].draw(m.d)]
		n := m.d.between(l.bills[0], l.bills[1])
		if mode == cargo.ModeRoad && m.d.chance(0.55) {
			n = 1
		}
		if len(draw[l].list) == 0 {
			made[mode] += 0.01 // nothing travels there this month; do not ask forever
			continue
		}
		n = min(n, bills)
		made[mode] += float64(n)
		bills -= n
		list = append(list, planned{l, n})
	}
	slices.SortStableFunc(list, func(a, b planned) int { return cmp.Compare(m.w.order[a.lane], m.w.order[b.lane]) })
	return list
}

// fill puts the bills on the voyage and returns those that will be amended.
func (m *maker) fill(v *voyage, draw drawer) (amended []*draft) {
	v.Consignments = make([]cargo.Consignment, 0, v.bills)
	v.Truth = make([]Truth, 0, v.bills)
	for len(v.Consignments) < v.bills {
		for _, c := range m.next(v, draw) {
			m.add(v, c)
			if c.amend != nil {
				amended = append(amended, c)
			}
		}
	}
	return amended
}

func (m *maker) add(v *voyage, c *draft) {
	c.Document.Line = pad(len(v.Consignments)+1, 1)
	c.truth.Document = c.Document.Number
	v.Consignments = append(v.Consignments, c.Consignment)
	v.Truth = append(v.Truth, c.truth)
}

// amendments gathers the changed documents by sender and voyage into later messages.
func (m *maker) amendments(list []*draft) (out []*Manifest) {
	for _, c := range list {
		x := clone(c.Consignment)
		c.amend(&x)
		v := c.voyage.Manifest
		if n := len(out); n > 0 && out[n-1].Voyage == v.Voyage {
			x.Document.Line = pad(len(out[n-1].Consignments)+1, 1)
			out[n-1].Consignments = append(out[n-1].Consignments, x)
			out[n-1].Truth = append(out[n-1].Truth, c.truth)
			continue
		}
		a := *v
		a.Amendment = true
		a.Created = v.Arrival.Add(-m.d.hours(1, 5))
		if a.Created.Before(v.Created) {
			a.Created = v.Created.Add(m.d.hours(0.5, 2))
		}
		m.messages++
		a.Reference = a.Created.Format("060102") + pad(m.messages%1_000_000, 6)
		a.Batch += "-AMD-" + a.Reference
		x.Document.Line = "1"
		a.Consignments, a.Truth = []cargo.Consignment{x}, []Truth{c.truth}
		out = append(out, &a)
	}
	return out
}

// clone copies what an amendment may change, so that the first version stays.
func clone(c cargo.Consignment) cargo.Consignment {
	c.Parties = slices.Clone(c.Parties)
	c.Goods = slices.Clone(c.Goods)
	c.Equipment = slices.Clone(c.Equipment)
	for i := range c.Equipment {
		c.Equipment[i].Seals = slices.Clone(c.Equipment[i].Seals)
	}
	c.Journey.Places = slices.Clone(c.Journey.Places)
	return c
}

// past plans who shows in which month of the history.
func (s *Stream) past(d *dice) [][]*relation {
	w := s.world
	n := int(DefaultPast * float64(w.Consignments) * float64(w.History) / DefaultHistory)
	plan := make([][]*relation, w.History)
	start := int(w.Month.Month())
	put := func(r *relation) bool {
		for range 12 {
			t := d.between(max(r.from, -w.History), min(r.to, -1))
			calendar := ((start-1+t)%12+12)%12 + 1
			if r.active(t, calendar) {
				plan[t+w.History] = append(plan[t+w.History], r)
				return true
			}
		}
		return false
	}
	var candidates []*relation
	var weights []float64
	for _, m := range cargo.Modes {
		for _, r := range slices.Concat(w.dormant[m], w.returning[m]) {
			if max(r.from, -w.History) <= min(r.to, -1) {
				candidates, weights = append(candidates, r), append(weights, 1)
			}
		}
	}
	for _, r := range w.relations {
		if max(r.from, -w.History) <= min(r.to, -1) {
			candidates = append(candidates, r)
			weights = append(weights, r.weight*float64(min(r.to, -1)-max(r.from, -w.History)+1))
		}
	}
	if len(candidates) == 0 {
		return plan
	}
	for _, r := range candidates {
		if n > 0 && put(r) {
			n--
		}
	}
	a := newAlias(weights)
	for tries := 4 * n; n > 0 && tries > 0; tries-- {
		if put(candidates[a.draw(d)]) {
			n--
		}
	}
	return plan
}

// replay makes the planned consignments of one past month, those of a lane together
// on a few voyages.
func (m *maker) replay(t int, list []*relation, yield func(*Manifest) bool) bool {
	first := m.w.Month.AddDate(0, t, 0)
	days := first.AddDate(0, 1, 0).Add(-day).Day()
	slices.SortStableFunc(list, func(a, b *relation) int { return cmp.Compare(m.w.order[a.lane], m.w.order[b.lane]) })
	for len(list) > 0 {
		l := list[0].lane
		n := 1
		if l.mode != cargo.ModeRoad || m.d.chance(0.4) {
			for limit := m.d.between(l.bills[0], l.bills[1]); n < len(list) && list[n].lane == l && n < limit; {
				n++
			}
		}
		v := m.sail(l, first.Add(time.Duration(m.d.n(days))*day), n)
		for _, r := range list[:n] {
			c := m.ordinary(v, r)
			m.untidy(c)
			m.add(v, c)
		}
		list = list[n:]
		if !yield(v.Manifest) {
			return false
		}
	}
	return true
}
