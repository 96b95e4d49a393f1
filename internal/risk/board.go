package risk

import (
	"math"
	"math/bits"
	"sort"
	"time"

	"tidewaiter/internal/cargo"
)

// Row is what the queue knows of one consignment without opening it.
type Row struct {
	Consignment int64
	Version     int
	Score       LogOdds
	Channel     Channel
	Random      bool // chosen by the random draw, whatever its score
	Withdrawn   bool
	Mode        cargo.Mode
	Day         int // of arrival, days since 1970-01-01
	Loading     string
	Unloading   string
	Consignor   int64
	Consignee   int64
	Notify      int64
	Indicators  []string
}

// Day returns the number of t's day since 1970-01-01, in UTC.
func Day(t time.Time) int { return int(t.Unix() / 86400) }

// DayTime returns the beginning of a day that Day numbered.
func DayTime(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// columns are the rows of a board, column by column and best first: a million of them
// take some 60 MB, and a filter that finds nothing is answered in milliseconds.
type columns struct {
	id        []int64
	score     []int32 // in eighths
	kind      []uint8 // channel, random and withdrawn, packed
	mode      []uint8
	day       []int32
	loading   []uint32 // number of the place in the board's names
	unloading []uint32
	consignor []int64
	consignee []int64
	notify    []int64
	found     [][2]uint64 // a bit for each indicator
}

const (
	kindChannel   = 0x03 // index in Channels
	kindRandom    = 0x04
	kindWithdrawn = 0x08
)

// packed is one row in the form of the columns.
type packed struct {
	id                           int64
	score                        int32
	kind, mode                   uint8
	day                          int32
	loading, unloading           uint32
	consignor, consignee, notify int64
	found                        [2]uint64
}

func (c *columns) len() int { return len(c.id) }

func (c *columns) row(i int) packed {
	return packed{
		id: c.id[i], score: c.score[i], kind: c.kind[i], mode: c.mode[i], day: c.day[i],
		loading: c.loading[i], unloading: c.unloading[i],
		consignor: c.consignor[i], consignee: c.consignee[i], notify: c.notify[i], found: c.found[i],
	}
}

func (c *columns) add(r *packed) {
	c.id = append(c.id, r.id)
	c.score = append(c.score, r.score)
	c.kind = append(c.kind, r.kind)
	c.mode = append(c.mode, r.mode)
	c.day = append(c.day, r.day)
	c.loading = append(c.loading, r.loading)
	c.unloading = append(c.unloading, r.unloading)
	c.consignor = append(c.consignor, r.consignor)
	c.consignee = append(c.consignee, r.consignee)
	c.notify = append(c.notify, r.notify)
	c.found = append(c.found, r.found)
}

func makeColumns(n int) *columns {
	return &columns{
		id: make([]int64, 0, n), score: make([]int32, 0, n), kind: make([]uint8, 0, n), mode: make([]uint8, 0, n),
		day: make([]int32, 0, n), loading: make([]uint32, 0, n), unloading: make([]uint32, 0, n),
		consignor: make([]int64, 0, n), consignee: make([]int64, 0, n), notify: make([]int64, 0, n),
		found: make([][2]uint64, 0, n),
	}
}

// before is the order of the queue: higher scores first, then the longer known.
func (r *packed) before(o *packed) bool {
	if r.score != o.score {
		return r.score > o.score
	}
	return r.id < o.id
}

// merge returns the columns with the fresh rows in their places; a fresh row takes the
// place of the old one with its id. fresh is in the queue's order.
func merge(old *columns, fresh []packed, stale *idSet) *columns {
	out := makeColumns(old.len() + len(fresh))
	next := 0
	for i := range old.len() {
		if stale.has(old.id[i]) {
			continue
		}
		r := old.row(i)
		for next < len(fresh) && fresh[next].before(&r) {
			out.add(&fresh[next])
			next++
		}
		out.add(&r)
	}
	for ; next < len(fresh); next++ {
		out.add(&fresh[next])
	}
	return out
}

// idSet is a set of ids with a filter before it, as most questions to it are answered no.
type idSet struct {
	filter [1 << 10]uint64
	ids    map[int64]struct{}
}

func (s *idSet) slot(id int64) (word int, bit uint64) {
	h := uint64(id) * 0x9E3779B97F4A7C15 >> 48
	return int(h >> 6), 1 << (h & 63)
}

func (s *idSet) add(id int64) {
	if s.ids == nil {
		s.ids = map[int64]struct{}{}
	}
	word, bit := s.slot(id)
	s.filter[word] |= bit
	s.ids[id] = struct{}{}
}

func (s *idSet) has(id int64) bool {
	word, bit := s.slot(id)
	if s.filter[word]&bit == 0 {
		return false
	}
	_, ok := s.ids[id]
	return ok
}

// Filter says which consignments of a queue are wanted. Zero values want all.
type Filter struct {
	Modes      []cargo.Mode
	Channels   []Channel
	From, To   time.Time // first and last day of arrival
	Place      string    // of loading or unloading
	Indicators []string  // all of them fired
	Party      int64     // consignor, consignee or notify party
	Random     bool      // only those that the random draw chose
}

// matcher is a filter in the form of the columns: what a row must be, but for its kind
// and mode, which cells count apart. It is comparable, and so a key of counts.
type matcher struct {
	from, to int32
	place    uint32
	anyPlace bool
	party    int64
	found    [2]uint64
	nothing  bool // the filter names what the board has never seen
}

func (m *matcher) matches(c *columns, i int) bool {
	return c.day[i] >= m.from && c.day[i] <= m.to &&
		c.found[i][0]&m.found[0] == m.found[0] && c.found[i][1]&m.found[1] == m.found[1] &&
		(m.anyPlace || c.loading[i] == m.place || c.unloading[i] == m.place) &&
		(m.party == 0 || c.consignee[i] == m.party || c.consignor[i] == m.party || c.notify[i] == m.party)
}

// choice is the rest of a filter: channels, modes and whether only the draw's.
type choice struct {
	channels, modes uint32 // bit sets
	random          bool
}

func (c choice) wants(kind, mode uint8) bool {
	return c.modes&(1<<mode) != 0 && c.channels&(1<<(kind&kindChannel)) != 0 && (!c.random || kind&kindRandom != 0)
}

// Counts are how many of a filter's consignments are of each kind.
type Counts struct {
	Total     int
	Channels  map[Channel]int
	Modes     map[cargo.Mode]int
	Random    int
	Withdrawn int
}

// Facets are what the other choices of one part of a filter would find: by channel with
// any channel, by mode with any mode, and how many of the draw's.
type Facets struct {
	All      int // with any channel
	Channels map[Channel]int
	Modes    map[cargo.Mode]int
	Random   int
}

// cells count rows by kind and mode.
type cells [16][8]int32

func (n *cells) counts(want choice) Counts {
	c := Counts{Channels: map[Channel]int{}, Modes: map[cargo.Mode]int{}}
	for kind := range n {
		for mode, k := range n[kind] {
			if k == 0 || !want.wants(uint8(kind), uint8(mode)) {
				continue
			}
			c.Total += int(k)
			c.Modes[cargo.Mode(mode)] += int(k)
			c.Channels[Channels[min(kind&kindChannel, len(Channels)-1)]] += int(k)
			if kind&kindRandom != 0 {
				c.Random += int(k)
			}
			if kind&kindWithdrawn != 0 {
				c.Withdrawn += int(k)
			}
		}
	}
	return c
}

func (n *cells) facets(want choice) Facets {
	anyChannel, anyMode, drawn := want, want, want
	anyChannel.channels, anyMode.modes, drawn.random = math.MaxUint32, math.MaxUint32, true
	channels := n.counts(anyChannel)
	return Facets{All: channels.Total, Channels: channels.Channels, Modes: n.counts(anyMode).Modes, Random: n.counts(drawn).Total}
}

// scan calls visit with every matching row of old and fresh in the queue's order, until
// visit returns false.
func scan(old *columns, fresh *columns, stale *idSet, m *matcher, visit func(c *columns, i int) bool) {
	if m.nothing {
		return
	}
	next := 0
	flush := func(until *packed) bool {
		for next < fresh.len() {
			if r := fresh.row(next); until != nil && !r.before(until) {
				return true
			}
			if m.matches(fresh, next) && !visit(fresh, next) {
				return false
			}
			next++
		}
		return true
	}
	for i := range old.len() {
		if !m.matches(old, i) || stale.has(old.id[i]) {
			continue
		}
		if next < fresh.len() {
			r := packed{id: old.id[i], score: old.score[i]}
			if !flush(&r) {
				return
			}
		}
		if !visit(old, i) {
			return
		}
	}
	flush(nil)
}

// scanBack is scan from the end of the queue.
func scanBack(old *columns, fresh *columns, stale *idSet, m *matcher, visit func(c *columns, i int) bool) {
	if m.nothing {
		return
	}
	next := fresh.len() - 1
	flush := func(until *packed) bool { // those that come after until
		for ; next >= 0; next-- {
			if r := fresh.row(next); until != nil && r.before(until) {
				return true
			}
			if m.matches(fresh, next) && !visit(fresh, next) {
				return false
			}
		}
		return true
	}
	for i := old.len() - 1; i >= 0; i-- {
		if !m.matches(old, i) || stale.has(old.id[i]) {
			continue
		}
		if next >= 0 {
			r := packed{id: old.id[i], score: old.score[i]}
			if !flush(&r) {
				return
			}
		}
		if !visit(old, i) {
			return
		}
	}
	flush(nil)
}

// countParties adds to n how many rows each of the parties stands in.
func (c *columns) countParties(parties []int64, stale *idSet, n []int) {
	consignor, consignee, notify := c.consignor, c.consignee[:len(c.consignor)], c.notify[:len(c.consignor)]
	for i, first := range consignor {
		second, third := consignee[i], notify[i]
		for k, id := range parties {
			if (first == id || second == id || third == id) && !stale.has(c.id[i]) {
				n[k]++
			}
		}
	}
}

func sortPacked(rows []packed) {
	sort.Slice(rows, func(i, j int) bool { return rows[i].before(&rows[j]) })
}

// setBits lists the numbers of the bits that are set.
func setBits(found [2]uint64) []int {
	var out []int
	for word, w := range found {
		for ; w != 0; w &= w - 1 {
			out = append(out, 64*word+bits.TrailingZeros64(w))
		}
	}
	return out
}

// countBits adds one to the count of every bit that is set.
func countBits(n *[128]int, found [2]uint64) {
	for word, w := range found {
		for ; w != 0; w &= w - 1 {
			n[64*word+bits.TrailingZeros64(w)]++
		}
	}
}
