package app

import (
	"context"
	"math"
	"testing"

	"tidewaiter/internal/risk"
	"tidewaiter/internal/simulate"
)

// TestLearn makes the experiment in one small world: what it says of the world is so, and
// outcomes dealt out at random move nothing. How much is gained is for `tidewaiter simulate
// --learn` over larger worlds to say.
func TestLearn(t *testing.T) {
	if testing.Short() {
		t.Skip("assesses four months thrice")
	}
	world := simulate.Defaults(3, 1000)
	world.History, world.PlantedRate, world.TwinRate = 6, 0.04, 0.08
	o := LearnOptions{World: world, Worlds: 1, Detection: 1,
		Assess: AssessOptions{Home: "KG", Capacity: risk.Capacity{Examine: 8, Look: 20, ExamineFloor: -3, LookFloor: -4}, Draw: risk.Draw{Seed: 5, Share: 0.02}}}
	report, err := Learn(context.Background(), o)
	if err != nil || len(report.Worlds) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	w := report.Worlds[0]
	t.Logf("\n%s", report)
	if len(w.Prior) != 40 || len(w.Learned) != 40 || len(w.Shuffled) != 40 { // 4 % of 1,000
		t.Errorf("%d, %d and %d planted in the last month, want 40", len(w.Prior), len(w.Learned), len(w.Shuffled))
	}
	if w.Examined < 300 || w.Examined > 92*8+3000/20 || w.Found < 20 || w.Found > 120 || !w.Supported {
		t.Errorf("%d examined, %d found, other weights are borne: %v", w.Examined, w.Found, w.Supported)
	}
	if c := report.Control(); c.Value != 0 {
		t.Errorf("outcomes dealt out at random moved the ranking: %+v", c)
	}
	if g := report.Gain(); math.IsNaN(g.Value) || g.Value < -0.1 {
		t.Errorf("learning did harm: %+v", g)
	}
	again, err := Learn(context.Background(), o)
	if err != nil || again.String() != report.String() {
		t.Errorf("the same experiment ends otherwise: %v\n%s", err, again)
	}
}
