package risk

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
)

// tested makes n examined lessons of a month, of which the first k found something.
func tested(n, k int, month time.Month, selection Selection, fired ...string) []Lesson {
	out := make([]Lesson, n)
	for i := range out {
		l := &out[i]
		l.Consignment = int64(month)*10_000 + int64(i)
		l.Day = Day(time.Date(2026, month, 1+i%28, 0, 0, 0, 0, time.UTC))
		l.Selection, l.Examined, l.Found, l.Channel = selection, true, i < k, Examine
		if selection == ByDraw {
			l.Drawn, l.Channel, l.Inclusion = true, Release, 0.01
		}
		for _, id := range fired {
			l.Fired = append(l.Fired, Fired{Indicator: id, Strength: 1, Entries: []string{"hubs/" + id}})
		}
	}
	return out
}

func worthOf(t *testing.T, all []Worth, id string) Worth {
	t.Helper()
	i := slices.IndexFunc(all, func(w Worth) bool { return w.ID == id })
	if i < 0 {
		t.Fatalf("nothing is said of %s", id)
	}
	return all[i]
}

func TestStudy(t *testing.T) {
	lessons := slices.Concat(
		tested(100, 60, 3, ByEngine, "P01", "D01"),
		tested(100, 5, 4, ByEngine, "D01", "G11"),
		tested(50, 0, 5, ByOfficer, "S01"),
		tested(10, 0, 6, ByEngine, "C04"),
		tested(120, 2, 7, ByDraw),
		tested(90, 90, 8, ByEngine, "P01"), // after the months that are asked for
	)
	lessons[0].Wrong = []string{"D01"}  // found something, but not for that
	lessons[99].Right = []string{"D01"} // found nothing, and yet
	paper := tested(40, 0, 4, ByEngine, "P01")
	for i := range paper {
		paper[i].Examined = false
	}
	lessons = append(lessons, paper...)
	var counts []MonthCounts
	for _, m := range Months(MonthOf(Day(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))), MonthOf(Day(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)))) {
		counts = append(counts, MonthCounts{Month: m, Total: 1000, Fired: map[string]int{"P01": 70, "D01": 200}})
	}
	s := study(lessons, counts, map[Channel]int{Examine: 400, Look: 600, Release: 4000}, map[string]bool{"S01": true, "C04": true})
	if s.Assessed != 5000 || s.Examined != (Share{67, 380}) || s.Random != (Share{2, 120}) || s.ByMonth[4] != (Share{2, 120}) || len(s.Months) != 5 {
		t.Errorf("%+v", s)
	}
	p01, d01 := worthOf(t, s.Indicators, "P01"), worthOf(t, s.Indicators, "D01")
	if p01.Right != (Share{60, 100}) || p01.Fired != 350 || p01.Without != (Share{7, 280}) || p01.Verdict != Strong || p01.Of.Low < 5 {
		t.Errorf("P01 %+v", p01)
	}
	if d01.Right != (Share{65, 200}) || d01.Without != (Share{2, 180}) || d01.Months[0].Right != (Share{60, 100}) || d01.Months[0].Fired != 200 {
		t.Errorf("D01 %+v", d01)
	}
	for id, want := range map[string]Verdict{"G11": Weak, "S01": Nothing, "C04": Unknown, "W01": Unknown} {
		if got := worthOf(t, s.Indicators, id); got.Verdict != want {
			t.Errorf("%s is %s, want %s: %+v", id, got.Verdict, want, got)
		}
	}
	if len(s.Indicators) != len(indicators) {
		t.Errorf("%d indicators", len(s.Indicators))
	}
	if e := worthOf(t, s.Entries, "hubs/D01"); e.Right != d01.Right || e.Fired != 0 {
		t.Errorf("entry %+v", e)
	}
	if w := worthOf(t, s.Selections, string(ByOfficer)); w.Right != (Share{0, 50}) || w.Verdict != Nothing {
		t.Errorf("officers' choices %+v", w)
	}
	if worthOf(t, s.Selections, string(ByDraw)).Right != s.Random {
		t.Error("the draw's examinations are not those of the random share")
	}
	if m := s.Missed; m.Passed != 4600 || m.Drawn != 120 || m.Found != 2 || !within(m.Findings, 4600.0*2/120, 1e-6) {
		t.Errorf("missed %+v", m)
	}
	empty := study(nil, nil, nil, nil)
	if len(empty.Indicators) != len(indicators) || empty.Missed.Certainty != TooFew || !math.IsNaN(empty.Indicators[0].Lift) {
		t.Errorf("of nothing: %+v", empty.Missed)
	}
}

func TestMonths(t *testing.T) {
	for _, s := range []string{"2026-01-01", "2026-01-31", "2026-12-31", "2027-01-01"} {
		at, _ := time.Parse(time.DateOnly, s)
		if first := MonthOf(Day(at)).First(); first.Year() != at.Year() || first.Month() != at.Month() || first.Day() != 1 {
			t.Errorf("%s: %v", s, first)
		}
	}
}

func TestIndicatorMonths(t *testing.T) {
	eachDesk(t, func(d *desk) {
		var all []*cargo.Consignment
		for n := range 12 {
			c := doubtful(n % 3)
			c.Document.Number = fmt.Sprint("MONTH", n)
			c.Journey.Arrival = time.Date(2026, time.Month(2+n%3), 1+n, 10, 0, 0, 0, time.UTC)
			all = append(all, c)
		}
		d.save(all...)
		span := Filter{From: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 30, 0, 0, 0, 0, time.UTC)}
		got, err := d.Board(d.scope).IndicatorMonths(d.Context(), span)
		if err != nil || len(got) != 3 {
			d.Fatalf("%+v, %v", got, err)
		}
		for k, m := range got {
			want := map[string]int{}
			total := 0
			for _, r := range d.page(Filter{}).Rows {
				if MonthOf(r.Day) == m.Month {
					total++
					for _, id := range r.Indicators {
						want[id]++
					}
				}
			}
			if m.Total != total || fmt.Sprint(m.Fired) != fmt.Sprint(want) || total == 0 {
				d.Errorf("month %d: %+v, want %d %v", k, m, total, want)
			}
		}
	})
}

// BenchmarkStudy is a year of a large unit.
func BenchmarkStudy(b *testing.B) {
	all := examined(30_000, 1, moved(planted), 0)
	lessons := make([]Lesson, len(all))
	for i, e := range all {
		l := &lessons[i]
		l.Day, l.Examined, l.Found, l.Selection, l.Channel = 20_500+i%365, true, e.Found, ByEngine, Examine
		l.Fired = e.Fired
	}
	var counts []MonthCounts
	for _, m := range Months(MonthOf(20_500), MonthOf(20_865)) {
		counts = append(counts, MonthCounts{Month: m, Total: 80_000})
	}
	for b.Loop() {
		study(lessons, counts, map[Channel]int{Release: 900_000}, nil)
	}
}
