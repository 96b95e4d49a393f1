package risk

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDivide(t *testing.T) {
	day := []Scored{{"d", 1}, {"a", 1}, {"c", -2.5}, {"b", 3}, {"e", -6}, {"f", -2.5}}
	got := Divide(day, Capacity{Examine: 2, Look: 2, ExamineFloor: -2, LookFloor: -3})
	want := []Channel{Look, Examine, Look, Examine, Release, Release}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Divide([]Scored{{"a", -4}}, DefaultCapacity()); got[0] != Release {
		t.Errorf("a quiet day: got %v", got)
	}
}

// The order in which a day's consignments are given changes nobody's channel.
func TestDivideIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := make([]Scored, rapid.IntRange(0, 60).Draw(t, "n"))
		for i := range day {
			day[i] = Scored{fmt.Sprint(i), Round(rapid.Float64Range(-6, 6).Draw(t, "score"))}
		}
		c := Capacity{Examine: rapid.IntRange(0, 10).Draw(t, "examine"), Look: rapid.IntRange(0, 10).Draw(t, "look"), ExamineFloor: -2, LookFloor: -3}
		channels := map[string]Channel{}
		examine := 0
		for i, channel := range Divide(day, c) {
			channels[day[i].Key] = channel
			if channel == Examine {
				examine++
			}
		}
		if examine > c.Examine {
			t.Fatalf("%d examinations for a capacity of %d", examine, c.Examine)
		}
		shuffled := rapid.Permutation(day).Draw(t, "order")
		for i, channel := range Divide(shuffled, c) {
			if channels[shuffled[i].Key] != channel {
				t.Fatalf("%s: %s, and %s in another order", shuffled[i].Key, channels[shuffled[i].Key], channel)
			}
		}
	})
}

func TestDrawKeepsItsShare(t *testing.T) {
	const n = 100_000
	for _, share := range []float64{0, 0.01, 0.2, 1} {
		d := Draw{Seed: 42, Share: share}
		chosen, other := 0, 0
		for i := range n {
			key := fmt.Sprintf("DOC%d", i)
			if d.Chosen(1, key) {
				chosen++
			}
			if d.Chosen(1, key) && (Draw{Seed: 43, Share: share}).Chosen(1, key) {
				other++
			}
		}
		bound := 5 * math.Sqrt(n*share*(1-share)) // five standard deviations
		if math.Abs(float64(chosen)-n*share) > bound {
			t.Errorf("share %v: %d of %d were chosen", share, chosen, n)
		}
		if math.Abs(float64(other)-n*share*share) > 5*math.Sqrt(n*share*share)+1e-9 && share < 1 {
			t.Errorf("share %v: two seeds agree %d times", share, other)
		}
	}
}
