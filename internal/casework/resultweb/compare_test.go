package resultweb

import (
	"context"
	"math"
	"os"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

// rate is Wilson's, written out anew. casework keeps its own to itself.
func rate(found, examined int) casework.Rate {
	p, n := float64(found)/float64(examined), float64(examined)
	const z = 1.959963984540054
	centre, half := (p+z*z/(2*n))/(1+z*z/n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))/(1+z*z/n)
	return casework.Rate{Examined: examined, Found: found, Share: p, Low: max(0, centre-half), High: min(1, centre+half)}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b casework.Rate
		want verdict
	}{
		{rate(56, 70), rate(48, 80), higher}, // Newcombe's example: the difference lies between 0.052 and 0.334
		{rate(48, 80), rate(56, 70), lower},
		{rate(20, 100), rate(18, 100), alike},
		{rate(9, 9), rate(0, 100), tooFew},   // nine are too few, however they came out
		{rate(10, 10), rate(0, 100), higher}, // ten of ten against none of a hundred are not
		{rate(5, 10), rate(5, 10), tooFew},   // an interval from a quarter to three quarters
		{rate(1, 30), rate(0, 4), tooFew},
	} {
		if got := compare(c.a, c.b); got != c.want {
			t.Errorf("%d of %d against %d of %d: %s, want %s", c.a.Found, c.a.Examined, c.b.Found, c.b.Examined, got, c.want)
		}
	}
}

// Whatever is beyond chance the one way is beyond it the other way round, too.
func TestCompareIsAntisymmetric(t *testing.T) {
	opposite := map[verdict]verdict{higher: lower, lower: higher, alike: alike, tooFew: tooFew}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t, "a"), drawn(t, "b")
		if got, back := compare(a, b), compare(b, a); back != opposite[got] {
			t.Fatalf("%+v against %+v: %s, and the other way round %s", a, b, got, back)
		}
	})
}

func drawn(t *rapid.T, name string) casework.Rate {
	n := rapid.IntRange(1, 400).Draw(t, name+" examined")
	return rate(rapid.IntRange(0, n).Draw(t, name+" found"), n)
}

// The interval of a lift holds the lift, turns over with the ratio, and lies on one side
// of 1 exactly where the two shares differ beyond chance.
func TestLift(t *testing.T) {
	l := liftOf(rate(56, 70), rate(48, 80))
	for i, want := range []float64{1.333, 1.076, 1.674} {
		if got := []float64{l.Times, l.Low, l.High}[i]; math.Abs(got-want) > 0.02 {
			t.Errorf("lift %+v: value %d is %.3f, want about %.3f", l, i, got, want)
		}
	}
	if l := liftOf(rate(5, 50), rate(0, 50)); !math.IsInf(l.High, 1) || l.Low <= 0 || l.Low > 5 {
		t.Errorf("against nothing found: %+v", l)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t, "a"), drawn(t, "b")
		l := liftOf(a, b)
		if math.IsNaN(l.Low) || math.IsNaN(l.High) || l.Low < 0 || l.High < l.Low {
			t.Fatalf("%+v over %+v: %+v", a, b, l)
		}
		if b.Found > 0 && (l.Times < l.Low-1e-9 || l.Times > l.High+1e-9) {
			t.Fatalf("%+v over %+v: %+v does not hold its own value", a, b, l)
		}
		if a.Found > 0 && b.Found > 0 {
			if back := liftOf(b, a); math.Abs(back.Low*l.High-1) > 1e-6 || math.Abs(back.High*l.Low-1) > 1e-6 {
				t.Fatalf("%+v over %+v: %+v and the other way round %+v", a, b, l, back)
			}
		}
	})
}

func TestSafeNames(t *testing.T) {
	for in, want := range map[string]string{
		"KGOSS-PCU-2026-0042": "KGOSS-PCU-2026-0042", `../..\evil`: "evil", "Дело": "none", "": "none", "a/b c": "a-b-c", "---": "none",
	} {
		if got := safe(in); got != want {
			t.Errorf("safe(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if got := safe(rapid.String().Draw(t, "text")); got == "" || len(got) > 60 || got[0] == '-' || got[0] == '.' {
			t.Fatalf("%q", got)
		}
	})
}

// An address says a query whole: read again, it is the same query.
func TestQueryComesBack(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Bishkek")
	if err != nil {
		t.Fatal(err)
	}
	ctx := web.SetZone(context.Background(), zone)
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) // the 24th in Bishkek
	day := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "open") {
			return time.Time{}
		}
		return time.Date(2026, 1, 1, 0, 0, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		q := query{
			Period: rapid.SampledFrom(append([]string{""}, periods...)).Draw(t, "period"), From: day.Draw(t, "from"), To: day.Draw(t, "to"),
			Step:      rapid.SampledFrom([]casework.Step{"", casework.Weeks, casework.Months}).Draw(t, "step"),
			Channel:   rapid.SampledFrom(append([]risk.Channel{""}, risk.Channels...)).Draw(t, "channel"),
			Selection: rapid.SampledFrom(append([]casework.Selection{""}, casework.Selections...)).Draw(t, "selection"),
			Category:  rapid.SampledFrom(append([]casework.Category{""}, casework.Categories...)).Draw(t, "category"),
			Indicator: rapid.SampledFrom([]string{"", "W01"}).Draw(t, "indicator"),
			Loading:   rapid.SampledFrom([]string{"", "CN", "CNSHA"}).Draw(t, "loading"), Unloading: rapid.SampledFrom([]string{"", "KG"}).Draw(t, "unloading"),
		}
		first := parseQuery(ctx, q.values(), now)
		if len(first.Errors) > 0 {
			return // the days stand in the wrong order
		}
		if again := parseQuery(ctx, first.values(), now); !reflect.DeepEqual(again, first) {
			t.Fatalf("%+v came back as %+v", first, again)
		}
		if q.Period == "" && (!first.From.Equal(q.From) || !first.To.Equal(q.To)) || q.Category != first.Category || q.Loading != first.Loading {
			t.Fatalf("%+v was read as %+v", q, first)
		}
		f := first.filter()
		if before, has := first.before(); has && !f.To.IsZero() && (!before.To.Equal(f.From) || before.To.Sub(before.From) != f.To.Sub(f.From)) {
			t.Fatalf("%v – %v is compared with %v – %v", f.From, f.To, before.From, before.To)
		}
	})
}
