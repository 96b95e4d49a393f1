package risk

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/cargo"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func (d *desk) learn(outcomes ...Outcome) {
	d.Helper()
	if err := d.Learn(context.Background(), d.scope, outcomes); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) lessons() []Lesson {
	d.Helper()
	all, err := d.Lessons(context.Background(), d.scope)
	if err != nil {
		d.Fatal(err)
	}
	return all
}

func TestLearn(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.save(trades(30)...)
		var suspects []*cargo.Consignment
		for n := range 4 {
			suspects = append(suspects, doubtful(n))
		}
		d.save(suspects...)
		rows := d.page(Filter{}).Rows
		first, second := rows[0], rows[1]
		d.learn(Outcome{Consignment: first.Consignment, Revision: 1, At: noon, Selection: ByEngine, Examined: true, Found: true,
			Result: "seizure", Category: "cocaine", Right: []string{"D01"}, Wrong: []string{"W03"}},
			Outcome{Consignment: second.Consignment, Revision: 1, At: noon.Add(-time.Hour), Selection: ByOfficer},
			Outcome{Consignment: 12345, Revision: 1, At: noon, Selection: ByEngine}) // not ours
		all := d.lessons()
		if len(all) != 2 || all[0].Consignment != second.Consignment {
			d.Fatalf("%d lessons, or not in the order of time: %+v", len(all), all)
		}
		got := all[1]
		if got.Score != first.Score || got.Day != first.Day || !got.At.Equal(noon) || got.Category != "cocaine" || !slices.Equal(got.Right, []string{"D01"}) ||
			got.Inclusion != 0.01 || len(got.Fired) != len(first.Indicators) {
			d.Errorf("%+v of %+v", got, first)
		}
		if again := WeightsOf(DefaultSettings()).Score(got.Fired); again != first.Score {
			d.Errorf("weighed anew %v, was %v", again, first.Score)
		}
		older, newer := got.Outcome, got.Outcome
		older.At, older.Found = noon.Add(-time.Minute), false
		newer.At, newer.Result = noon.Add(time.Minute), "irregularity"
		d.learn(newer)
		d.learn(older)
		d.learn(got.Outcome) // told twice
		if all := d.lessons(); len(all) != 2 || all[1].Result != "irregularity" || !all[1].Found {
			d.Errorf("the latest outcome does not count: %+v", all)
		}
		if got.Result != "seizure" {
			d.Error("a lesson that was given out has changed")
		}
	})
}

// Whatever the order and however often outcomes are told, the ledger ends the same.
func TestLearnInAnyOrder(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.save(trades(6)...)
		ids := make([]int64, 0, 6)
		for _, r := range d.page(Filter{}).Rows {
			ids = append(ids, r.Consignment)
		}
		round := 0
		rapid.Check(d.T, func(t *rapid.T) {
			round++
			start := noon.AddDate(0, 0, round) // later than all before
			last := map[int64]Outcome{}
			var told []Outcome
			for i := range rapid.IntRange(1, 8).Draw(t, "outcomes") {
				o := Outcome{Consignment: rapid.SampledFrom(ids).Draw(t, "consignment"), Revision: i, Selection: ByEngine, Examined: true, Inclusion: 0.02,
					At: start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute), Result: fmt.Sprint("result ", i)}
				if was, known := last[o.Consignment]; !known || !o.At.Before(was.At) {
					last[o.Consignment] = o
				}
				told = append(told, o)
			}
			told = append(told, told...)
			for len(told) > 0 {
				n := rapid.IntRange(1, len(told)).Draw(t, "batch")
				batch := rapid.Permutation(told[:n]).Draw(t, "order")
				if err := d.Learn(context.Background(), d.scope, batch); err != nil {
					t.Fatal(err)
				}
				told = told[n:]
			}
			all, err := d.Lessons(context.Background(), d.scope)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range all {
				if want, told := last[l.Consignment]; told && (l.Result != want.Result || !l.At.Equal(want.At)) {
					t.Fatalf("%d: %s at %v, want %s at %v", l.Consignment, l.Result, l.At, want.Result, want.At)
				}
			}
		})
	})
}

// Another process's ledger follows.
func TestLedgerFollows(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.save(trades(3)...)
		rows := d.page(Filter{}).Rows
		other := unsubscribed(d.db, d.bus, d.keep, d.reference)
		for i, r := range rows {
			d.learn(Outcome{Consignment: r.Consignment, At: noon.Add(time.Duration(i) * time.Minute), Selection: ByEngine})
			there, err := other.Lessons(context.Background(), d.scope)
			if err != nil || !reflect.DeepEqual(there, d.lessons()) {
				d.Fatalf("after %d outcomes: %v, %v", i+1, there, err)
			}
		}
	})
}

func TestDayCut(t *testing.T) {
	c := Capacity{Examine: 2, Look: 3, ExamineFloor: -2, LookFloor: -3}
	full := dayCut{examined: 2, examine: 1, looked: 3, look: -1}
	for _, x := range []struct {
		cut   dayCut
		score LogOdds
		want  Channel
	}{
		{full, 1.125, Examine}, {full, 1, Look}, {full, -0.875, Look}, {full, -1, Release}, {full, -9, Release},
		{dayCut{examined: 1, examine: 3}, -2, Examine}, {dayCut{}, -2.125, Look}, {dayCut{}, -3.125, Release},
	} {
		if got := x.cut.channel(x.score, c); got != x.want {
			t.Errorf("%v on %+v: %s, want %s", x.score, x.cut, got, x.want)
		}
	}
}

func TestEntries(t *testing.T) {
	for _, c := range []struct {
		e    Evidence
		want []string
	}{
		{evidence("goods[0].description", "general cargo", "vague", "general cargo"), []string{"vague-terms/GENERAL CARGO"}},
		{evidence("journey.places[0].code", "ECGYE", "source-country", "cocaine"), []string{"source-countries/EC COCAINE"}},
		{evidence("goods[1].hs", "292422", "controlled", "1988", "ephedrine"), []string{"controlled-headings/1988 EPHEDRINE"}},
		{evidence("goods[1].description", "ephedrine", "controlled", "1988", "ephedrine"), []string{"controlled-words/1988 EPHEDRINE"}},
		{evidence("journey.places[1].code", "AEJEA Jebel Ali", "free-zone", "Jebel Ali"), []string{"free-zones/AEJEA"}},
		{evidence("goods[0].gross_mass", "1", "max-gross", "22G1", "30480"), nil},
	} {
		if got := entriesOf(Finding{Evidence: []Evidence{c.e, c.e}}); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.e, got, c.want)
		}
	}
	for id, e := range noteEntries {
		if _, known := notes[id]; !known {
			t.Errorf("there is no note %s", id)
		}
		for _, list := range []string{e.list, e.other} {
			if _, known := DefaultLists().List(list); list != "" && !known {
				t.Errorf("note %s: there is no list %s", id, list)
			}
		}
	}
}
