package exercise

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestExpected(t *testing.T) {
	for _, c := range []struct{ own, other, want float64 }{
		{1200, 1200, 0.5},
		{1600, 1200, 10.0 / 11}, // 400 points are odds of ten to one
		{1200, 1600, 1.0 / 11},
		{1300, 1200, 0.64}, // Elo's table: 100 points are 0.64
		{1400, 1200, 0.76},
	} {
		if got := Expected(c.own, c.other); math.Abs(got-c.want) > 0.005 {
			t.Errorf("Expected(%g, %g) = %g, want %g", c.own, c.other, got, c.want)
		}
	}
}

func TestRatingHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rating := rapid.Float64Range(0, 3000)
		own, other := rating.Draw(t, "own"), rating.Draw(t, "other")
		share := rapid.Float64Range(0, 1)
		score, better := share.Draw(t, "score"), share.Draw(t, "better")
		if score > better {
			score, better = better, score
		}
		runs := rapid.IntRange(0, 30).Draw(t, "runs")
		if sum := Expected(own, other) + Expected(other, own); math.Abs(sum-1) > 1e-9 {
			t.Fatalf("expectations sum to %g", sum)
		}
		low, high := Rate(own, other, score, runs), Rate(own, other, better, runs)
		if low > high {
			t.Fatalf("the better score %g gives %g, %g gives %g", better, high, score, low)
		}
		if math.Abs(high-own) > factorNew || runs >= newUntil && math.Abs(high-own) > factorOld {
			t.Fatalf("from %g to %g in one exercise", own, high)
		}
		if got := Rate(own, other, Expected(own, other), runs); math.Abs(got-own) > 1e-9 {
			t.Fatalf("what was expected moves %g to %g", own, got)
		}
		// A task grows harder where officers do worse than expected, and the other way round.
		if moved := RateTask(other, own, score) - other; moved*(score-Expected(own, other)) > 1e-9 {
			t.Fatalf("score %g against %g expected moves the task by %g", score, Expected(own, other), moved)
		}
	})
}

func TestRateTakesAnyScore(t *testing.T) {
	for _, score := range []float64{-1, math.NaN(), math.Inf(-1)} {
		if got, want := Rate(1200, 1200, score, 20), 1190.0; got != want {
			t.Errorf("score %g: %g, want %g", score, got, want)
		}
	}
	if got := Rate(1200, 1200, 7, 20); got != 1210 {
		t.Errorf("a score of 7 gives %g", got)
	}
}

func TestPropose(t *testing.T) {
	last := -1
	for rating := 600.0; rating < 2000; rating += 10 {
		at := map[Level]int{Evident: 0, Usual: 1, Hard: 2}[Propose(rating)]
		if at < last {
			t.Errorf("at %g the proposed level falls", rating)
		}
		last = at
	}
	for rating, want := range map[float64]Level{700: Evident, FirstRating: Evident, 1250: Usual, 1500: Hard} {
		if got := Propose(rating); got != want {
			t.Errorf("Propose(%g) = %s, want %s", rating, got, want)
		}
	}
}
