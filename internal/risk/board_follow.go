package risk

import (
	"context"
	"math"
	"slices"
	"sync"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// Board is the queue of one scope in memory. The database is the truth; the board
// follows it by the scope's feed, so that any number of processes may each have one.
type Board struct {
	db    *store.DB
	scope cargo.ScopeID

	mu     sync.Mutex
	feed   int64
	names  []string // of places; 0 is none
	number map[string]uint32
	bits   map[string]int // indicator -> its bit
	ids    []string       // bit -> indicator
	main   *columns
	fresh  map[int64]packed // newer than main
	view   *snapshot        // what readers scan
}

// snapshot is one state of the board. Its rows never change; the counts of filters that
// were asked for are remembered.
type snapshot struct {
	main, fresh *columns
	stale       *idSet
	mu          sync.Mutex
	counted     map[matcher]*cells
}

// mostCounted bounds how many filters a snapshot remembers the counts of.
const mostCounted = 256

// count returns the cells of a filter's rows.
func (v *snapshot) count(m matcher) *cells {
	v.mu.Lock()
	n := v.counted[m]
	v.mu.Unlock()
	if n != nil {
		return n
	}
	n = &cells{}
	scan(v.main, v.fresh, v.stale, &m, func(c *columns, i int) bool {
		n[c.kind[i]&15][c.mode[i]&7]++
		return true
	})
	v.mu.Lock()
	if v.counted == nil || len(v.counted) >= mostCounted {
		v.counted = map[matcher]*cells{}
	}
	v.counted[m] = n
	v.mu.Unlock()
	return n
}

// mergeAt is how many fresh rows are kept apart before they are merged.
const mergeAt = 20_000

func newBoard(db *store.DB, scope cargo.ScopeID) *Board {
	b := &Board{
		db: db, scope: scope, number: map[string]uint32{"": 0}, names: []string{""}, bits: map[string]int{},
		main: &columns{}, fresh: map[int64]packed{},
	}
	b.view = &snapshot{main: b.main, fresh: &columns{}, stale: &idSet{}}
	return b
}

// Page is a part of the queue in its order.
type Page struct {
	Rows   []Row
	Counts Counts // of all that the filter wants
	Facets Facets
}

// Page returns the rows from the offset on, at most limit of them, the counts of all
// rows that the filter wants, and what its other choices would find.
func (b *Board) Page(ctx context.Context, f Filter, offset, limit int) (Page, error) {
	view, m, want, err := b.prepare(ctx, f)
	if err != nil {
		return Page{}, err
	}
	n := view.count(m)
	page := Page{Counts: n.counts(want), Facets: n.facets(want)}
	if limit == 0 || offset >= page.Counts.Total {
		return page, nil
	}
	page.Rows = b.unpack(view.hits(&m, want, offset, min(limit, page.Counts.Total-offset), page.Counts.Total))
	return page, nil
}

// hits returns n rows of the total that a filter wants, from the offset on: from whichever
// end of the queue is nearer.
func (v *snapshot) hits(m *matcher, want choice, offset, n, total int) []packed {
	rows := make([]packed, 0, n)
	back := offset > total/2
	skip, walk := offset, scan
	if back {
		skip, walk = total-offset-n, scanBack
	}
	walk(v.main, v.fresh, v.stale, m, func(c *columns, i int) bool {
		if want.wants(c.kind[i], c.mode[i]) {
			if skip--; skip < 0 {
				rows = append(rows, c.row(i))
			}
		}
		return len(rows) < n
	})
	if back {
		slices.Reverse(rows)
	}
	return rows
}

// PartyCounts returns for each of the parties in how many consignments it stands.
func (b *Board) PartyCounts(ctx context.Context, parties []int64) ([]int, error) {
	view, _, _, err := b.prepare(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	n := make([]int, len(parties))
	view.main.countParties(parties, view.stale, n)
	view.fresh.countParties(parties, &idSet{}, n)
	return n, nil
}

// DayCounts are the consignments that arrive on one day, by channel.
type DayCounts struct {
	Day      int
	Channels [3]int // in the order of Channels
	Modes    [5]int // by cargo.Mode
}

// Days returns the counts of each day from first to last.
func (b *Board) Days(ctx context.Context, f Filter) ([]DayCounts, error) {
	view, m, want, err := b.prepare(ctx, f)
	if err != nil {
		return nil, err
	}
	if m.to-m.from > 3660 || m.to < m.from {
		return nil, nil
	}
	out := make([]DayCounts, m.to-m.from+1)
	for i := range out {
		out[i].Day = int(m.from) + i
	}
	scan(view.main, view.fresh, view.stale, &m, func(c *columns, i int) bool {
		if want.wants(c.kind[i], c.mode[i]) {
			d := &out[c.day[i]-m.from]
			d.Channels[min(int(c.kind[i]&kindChannel), 2)]++
			d.Modes[min(c.mode[i], 4)]++
		}
		return true
	})
	return out, nil
}

// IndicatorCounts returns how many of the filter's consignments each indicator fired on.
func (b *Board) IndicatorCounts(ctx context.Context, f Filter) (map[string]int, error) {
	view, m, want, err := b.prepare(ctx, f)
	if err != nil {
		return nil, err
	}
	var n [128]int
	scan(view.main, view.fresh, view.stale, &m, func(c *columns, i int) bool {
		if want.wants(c.kind[i], c.mode[i]) {
			countBits(&n, c.found[i])
		}
		return true
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int{}
	for bit, id := range b.ids {
		out[id] = n[bit]
	}
	return out, nil
}

// prepare brings the board up to date and translates the filter.
func (b *Board) prepare(ctx context.Context, f Filter) (*snapshot, matcher, choice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.follow(ctx); err != nil {
		return nil, matcher{}, choice{}, err
	}
	return b.view, b.matcher(f), choiceOf(f), nil
}

func choiceOf(f Filter) choice {
	c := choice{channels: math.MaxUint32, modes: math.MaxUint32, random: f.Random}
	if len(f.Channels) > 0 {
		c.channels = 0
		for _, channel := range f.Channels {
			c.channels |= 1 << channelIndex(channel)
		}
	}
	if len(f.Modes) > 0 {
		c.modes = 0
		for _, mode := range f.Modes {
			c.modes |= 1 << uint8(mode)
		}
	}
	return c
}

func (b *Board) matcher(f Filter) matcher {
	m := matcher{from: math.MinInt32, to: math.MaxInt32, anyPlace: true, party: f.Party}
	if !f.From.IsZero() {
		m.from = int32(Day(f.From))
	}
	if !f.To.IsZero() {
		m.to = int32(Day(f.To))
	}
	if f.Place != "" {
		n, known := b.number[f.Place]
		m.anyPlace, m.place, m.nothing = false, n, !known
	}
	for _, id := range f.Indicators {
		bit, known := b.bits[id]
		if !known {
			m.nothing = true
			continue
		}
		m.found[bit/64] |= 1 << (bit % 64)
	}
	return m
}

// follow reads the rows that changed since the last look, and lays them over main.
func (b *Board) follow(ctx context.Context) error {
	feed, err := selectFeed(ctx, b.db.Read, b.scope)
	if err != nil || feed == b.feed {
		return err
	}
	if b.main.len() == 0 && len(b.fresh) == 0 {
		return b.load(ctx, feed)
	}
	err = selectQueueSince(ctx, b.db.Read, b.scope, b.feed, feed, func(r *queueRow) {
		b.fresh[r.Consignment] = b.pack(r)
	})
	if err != nil {
		return err
	}
	b.feed = feed
	rows := make([]packed, 0, len(b.fresh))
	stale := &idSet{}
	for id, r := range b.fresh {
		rows = append(rows, r)
		stale.add(id)
	}
	sortPacked(rows)
	if len(rows) > mergeAt {
		b.main = merge(b.main, rows, stale)
		b.fresh = map[int64]packed{}
		rows, stale = nil, &idSet{}
	}
	fresh := makeColumns(len(rows))
	for i := range rows {
		fresh.add(&rows[i])
	}
	b.view = &snapshot{main: b.main, fresh: fresh, stale: stale}
	return nil
}

// load reads the whole queue for the first time, straight into columns: a million rows
// on their way through a map would take several times the room.
func (b *Board) load(ctx context.Context, feed int64) error {
	n, err := countQueueSince(ctx, b.db.Read, b.scope, b.feed, feed)
	if err != nil {
		return err
	}
	rows := makeColumns(n)
	err = selectQueueSince(ctx, b.db.Read, b.scope, b.feed, feed, func(r *queueRow) {
		p := b.pack(r)
		rows.add(&p)
	})
	if err != nil {
		return err
	}
	rows.sort()
	b.feed, b.main = feed, rows
	b.view = &snapshot{main: rows, fresh: &columns{}, stale: &idSet{}}
	return nil
}

// Places returns the codes of all places of loading and unloading that the board has seen.
func (b *Board) Places(ctx context.Context) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.follow(ctx); err != nil {
		return nil, err
	}
	return append([]string(nil), b.names[1:]...), nil
}

func (b *Board) pack(r *queueRow) packed {
	p := packed{
		id: r.Consignment, score: int32(r.Score / Step), kind: uint8(channelIndex(r.Channel)), mode: uint8(r.Mode), day: int32(r.Day),
		loading: b.place(r.Loading), unloading: b.place(r.Unloading),
		consignor: r.Consignor, consignee: r.Consignee, notify: r.Notify,
	}
	if r.Random {
		p.kind |= kindRandom
	}
	if r.Withdrawn {
		p.kind |= kindWithdrawn
	}
	for _, id := range r.Indicators {
		if bit := b.bit(id); bit < 128 {
			p.found[bit/64] |= 1 << (bit % 64)
		}
	}
	return p
}

func (b *Board) unpack(rows []packed) []Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Row, len(rows))
	for i, p := range rows {
		out[i] = Row{
			Consignment: p.id, Score: LogOdds(p.score) * Step, Channel: Channels[min(int(p.kind&kindChannel), 2)],
			Random: p.kind&kindRandom != 0, Withdrawn: p.kind&kindWithdrawn != 0,
			Mode: cargo.Mode(p.mode), Day: int(p.day), Loading: b.names[p.loading], Unloading: b.names[p.unloading],
			Consignor: p.consignor, Consignee: p.consignee, Notify: p.notify,
		}
		for _, bit := range setBits(p.found) {
			out[i].Indicators = append(out[i].Indicators, b.ids[bit])
		}
	}
	return out
}

func (b *Board) place(code string) uint32 {
	n, known := b.number[code]
	if !known {
		n = uint32(len(b.names))
		b.number[code] = n
		b.names = append(b.names, code)
	}
	return n
}

func (b *Board) bit(id string) int {
	bit, known := b.bits[id]
	if !known {
		bit = len(b.ids)
		b.bits[id] = bit
		b.ids = append(b.ids, id)
	}
	return bit
}

func channelIndex(c Channel) int {
	for i, x := range Channels {
		if x == c {
			return i
		}
	}
	return len(Channels) - 1
}
