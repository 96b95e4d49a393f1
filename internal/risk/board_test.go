package risk

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

var (
	boardPlaces     = []string{"", "CNSHA", "KGFRU", "EGALY", "NLRTM"}
	boardIndicators = []string{"D01", "W01", "R02", "P03", "S01"}
	boardModes      = []cargo.Mode{cargo.ModeUnknown, cargo.ModeSea, cargo.ModeRail, cargo.ModeRoad, cargo.ModeAir}
)

func drawRow(t *rapid.T, id int64) queueRow {
	return queueRow{Row: Row{
		Consignment: id, Version: rapid.IntRange(1, 4).Draw(t, "version"),
		Score:   LogOdds(rapid.IntRange(-8, 8).Draw(t, "score")) * Step,
		Channel: rapid.SampledFrom(Channels).Draw(t, "channel"),
		Random:  rapid.Bool().Draw(t, "random"), Withdrawn: rapid.Bool().Draw(t, "withdrawn"),
		Mode: rapid.SampledFrom(boardModes).Draw(t, "mode"), Day: rapid.IntRange(20000, 20010).Draw(t, "day"),
		Loading: rapid.SampledFrom(boardPlaces).Draw(t, "loading"), Unloading: rapid.SampledFrom(boardPlaces).Draw(t, "unloading"),
		Consignor: rapid.Int64Range(0, 3).Draw(t, "consignor"), Consignee: rapid.Int64Range(0, 3).Draw(t, "consignee"),
		Notify:     rapid.Int64Range(0, 3).Draw(t, "notify"),
		Indicators: rapid.SliceOfNDistinct(rapid.SampledFrom(boardIndicators), 0, 5, rapid.ID[string]).Draw(t, "indicators"),
	}}
}

func drawFilter(t *rapid.T) Filter {
	f := Filter{
		Modes:      rapid.SliceOfNDistinct(rapid.SampledFrom(boardModes), 0, 2, rapid.ID[cargo.Mode]).Draw(t, "modes"),
		Channels:   rapid.SliceOfNDistinct(rapid.SampledFrom(Channels), 0, 2, rapid.ID[Channel]).Draw(t, "channels"),
		Place:      rapid.SampledFrom(append([]string{"XXXXX"}, boardPlaces...)).Draw(t, "place"),
		Indicators: rapid.SliceOfNDistinct(rapid.SampledFrom(boardIndicators), 0, 2, rapid.ID[string]).Draw(t, "wanted"),
		Party:      rapid.Int64Range(0, 4).Draw(t, "party"),
		Random:     rapid.IntRange(0, 3).Draw(t, "only random") == 0,
	}
	if rapid.Bool().Draw(t, "has from") {
		f.From = DayTime(rapid.IntRange(19999, 20011).Draw(t, "from"))
	}
	if rapid.Bool().Draw(t, "has to") {
		f.To = DayTime(rapid.IntRange(19999, 20011).Draw(t, "to"))
	}
	return f
}

// naive is the board as anyone would write it first.
type naive map[int64]Row

func (n naive) wanted(f Filter, r Row) bool {
	has := func(id string) bool { return slices.Contains(r.Indicators, id) }
	return (len(f.Modes) == 0 || slices.Contains(f.Modes, r.Mode)) &&
		(len(f.Channels) == 0 || slices.Contains(f.Channels, r.Channel)) &&
		(f.From.IsZero() || r.Day >= Day(f.From)) && (f.To.IsZero() || r.Day <= Day(f.To)) &&
		(f.Place == "" || f.Place == r.Loading || f.Place == r.Unloading) &&
		(f.Party == 0 || f.Party == r.Consignor || f.Party == r.Consignee || f.Party == r.Notify) &&
		(!f.Random || r.Random) && !slices.ContainsFunc(f.Indicators, func(id string) bool { return !has(id) })
}

func (n naive) rows(f Filter) []Row {
	var out []Row
	for _, r := range n {
		if n.wanted(f, r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Row) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return int(a.Consignment - b.Consignment)
	})
	return out
}

// comparableRow writes a row without what the board does not keep, its indicators in order.
func comparableRow(r Row) string {
	r.Version = 0
	r.Indicators = slices.Sorted(slices.Values(r.Indicators))
	return fmt.Sprintf("%+v", r)
}

func checkBoard(ctx context.Context, t *rapid.T, b *Board, n naive) {
	parties := []int64{1, 2, 3, 4}
	counts, err := b.PartyCounts(ctx, parties)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range parties {
		if want := len(n.rows(Filter{Party: id})); counts[i] != want {
			t.Fatalf("party %d stands in %d consignments, want %d", id, counts[i], want)
		}
	}
	f := drawFilter(t)
	offset, limit := rapid.IntRange(0, 12).Draw(t, "offset"), rapid.IntRange(0, 12).Draw(t, "limit")
	page, err := b.Page(ctx, f, offset, limit)
	if err != nil {
		t.Fatal(err)
	}
	all := n.rows(f)
	want := all[min(offset, len(all)):min(offset+limit, len(all))]
	if len(page.Rows) != len(want) {
		t.Fatalf("%+v: %d rows, want %d", f, len(page.Rows), len(want))
	}
	for i := range want {
		if got, want := comparableRow(page.Rows[i]), comparableRow(want[i]); got != want {
			t.Fatalf("%+v, row %d:\n got %s\nwant %s", f, i, got, want)
		}
	}
	checkCounts(t, page.Counts, all)
	checkFacets(t, page.Facets, f, n)
	fired, err := b.IndicatorCounts(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	wantFired := map[string]int{}
	for _, r := range all {
		for _, id := range r.Indicators {
			wantFired[id]++
		}
	}
	maps.DeleteFunc(fired, func(_ string, k int) bool { return k == 0 })
	if !maps.Equal(fired, wantFired) {
		t.Fatalf("%+v: indicators %v, want %v", f, fired, wantFired)
	}
	checkDays(ctx, t, b, n, f)
}

func checkCounts(t *rapid.T, c Counts, all []Row) {
	want := Counts{Channels: map[Channel]int{}, Modes: map[cargo.Mode]int{}, Total: len(all)}
	for _, r := range all {
		want.Channels[r.Channel]++
		want.Modes[r.Mode]++
		if r.Random {
			want.Random++
		}
		if r.Withdrawn {
			want.Withdrawn++
		}
	}
	for _, ch := range Channels {
		if c.Channels[ch] != want.Channels[ch] {
			t.Fatalf("channel %s: %d, want %d", ch, c.Channels[ch], want.Channels[ch])
		}
	}
	for _, m := range boardModes {
		if c.Modes[m] != want.Modes[m] {
			t.Fatalf("mode %v: %d, want %d", m, c.Modes[m], want.Modes[m])
		}
	}
	if c.Total != want.Total || c.Random != want.Random || c.Withdrawn != want.Withdrawn {
		t.Fatalf("got %+v, want %+v", c, want)
	}
}

func checkDays(ctx context.Context, t *rapid.T, b *Board, n naive, f Filter) {
	f.From, f.To = DayTime(20000), DayTime(20010)
	days, err := b.Days(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(days) != 11 {
		t.Fatalf("%d days, want 11", len(days))
	}
	for _, d := range days {
		var want [3]int
		for _, r := range n.rows(f) {
			if r.Day == d.Day {
				want[slices.Index(Channels, r.Channel)]++
			}
		}
		if d.Channels != want {
			t.Fatalf("day %d: %v, want %v", d.Day, d.Channels, want)
		}
	}
}

// The board answers as a naive one does, whatever is written and asked in whatever order;
// a second board that begins later answers the same.
func TestBoardAgainstNaive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		scope := cargo.ScopeID(0)
		rapid.Check(t, func(t *rapid.T) {
			scope++
			base := int64(scope) * 1000
			board, n := newBoard(db, scope), naive{}
			for range rapid.IntRange(1, 4).Draw(t, "rounds") {
				ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 30), 1, 20, rapid.ID[int64]).Draw(t, "ids")
				rows := make([]queueRow, len(ids))
				for i, id := range ids {
					rows[i] = drawRow(t, base+id)
				}
				err := db.InTx(ctx, func(tx *sql.Tx) error {
					feed, err := nextFeed(ctx, tx, scope)
					for i := range rows {
						rows[i].feed = feed
					}
					if err == nil {
						_, err = upsertQueue(ctx, tx, scope, rows)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					if old, known := n[r.Consignment]; !known || r.Version >= old.Version {
						n[r.Consignment] = r.Row
					}
				}
				checkBoard(ctx, t, board, n)
			}
			checkBoard(ctx, t, newBoard(db, scope), n)
		})
	})
}

// checkFacets holds each facet against the filter without that part of it.
func checkFacets(t *rapid.T, got Facets, f Filter, n naive) {
	anyChannel, anyMode, drawn := f, f, f
	anyChannel.Channels, anyMode.Modes, drawn.Random = nil, nil, true
	if all := n.rows(anyChannel); got.All != len(all) {
		t.Fatalf("%+v: %d with any channel, want %d", f, got.All, len(all))
	}
	modes := map[cargo.Mode]int{}
	for _, r := range n.rows(anyMode) {
		modes[r.Mode]++
	}
	if !maps.Equal(got.Modes, modes) {
		t.Fatalf("%+v: modes %v, want %v", f, got.Modes, modes)
	}
	if random := n.rows(drawn); got.Random != len(random) {
		t.Fatalf("%+v: %d of the draw, want %d", f, got.Random, len(random))
	}
}

// Merging fresh rows into the columns gives what scanning both beside each other gives.
func TestMergeIsScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBoard(nil, 1)
		pack := func(lowest int64, label string) []packed {
			var rows []packed
			for _, id := range rapid.SliceOfNDistinct(rapid.Int64Range(lowest, 40), 0, 30, rapid.ID[int64]).Draw(t, label) {
				r := drawRow(t, id)
				rows = append(rows, b.pack(&r))
			}
			sortPacked(rows)
			return rows
		}
		old, fresh := &columns{}, &columns{}
		for _, r := range pack(1, "old") {
			old.add(&r)
		}
		newer, stale := pack(20, "fresh"), &idSet{}
		for _, r := range newer {
			fresh.add(&r)
			stale.add(r.id)
		}
		m := b.matcher(drawFilter(t))
		collect := func(main, fresh *columns, stale *idSet) (out []packed) {
			scan(main, fresh, stale, &m, func(c *columns, i int) bool {
				out = append(out, c.row(i))
				return true
			})
			return out
		}
		apart := collect(old, fresh, stale)
		merged := collect(merge(old, newer, stale), &columns{}, &idSet{})
		if !slices.Equal(apart, merged) {
			t.Fatalf("apart %v\nmerged %v", apart, merged)
		}
	})
}

func TestDay(t *testing.T) {
	at := time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC)
	if got := DayTime(Day(at)); !got.Equal(at.Truncate(24 * time.Hour)) {
		t.Errorf("the day of %v begins at %v", at, got)
	}
}

// BenchmarkScan measures one look at a million rows: all of them, and by an indicator.
func BenchmarkScan(b *testing.B) {
	board, rows := newBoard(nil, 1), makeColumns(1_000_000)
	for i := range 1_000_000 {
		r := queueRow{Row: Row{Consignment: int64(i + 1), Score: LogOdds(1_000_000-i) / 8, Mode: boardModes[i%5], Day: 20000 + i%400,
			Channel: Channels[i%3], Loading: boardPlaces[i%5], Consignee: int64(i % 5000), Indicators: boardIndicators[i%4 : i%4+1]}}
		p := board.pack(&r)
		rows.add(&p)
	}
	for name, f := range map[string]Filter{"all": {}, "indicator": {Indicators: []string{"W01"}}, "party": {Party: 77}} {
		b.Run(name, func(b *testing.B) {
			m := board.matcher(f)
			for b.Loop() {
				view := &snapshot{main: rows, fresh: &columns{}, stale: &idSet{}}
				view.count(m)
			}
		})
	}
}
