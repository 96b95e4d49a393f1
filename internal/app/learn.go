package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/simulate"
)

// LearnOptions say how the experiment of learning is made.
type LearnOptions struct {
	World     simulate.Options // of the first world; each further one has the next seed
	Worlds    int
	Detection float64 // probability that an examination finds what is planted
	Assess    AssessOptions
	Told      func(string) // hears how far it is; may be nil
}

// taughtMonths is how many months of outcomes are learned from; the next one is ranked.
const taughtMonths = 3

// headOfRanking is the share of the ranking in which planted schemes are counted.
const headOfRanking = 0.05

// Learn makes worlds of four months each. A unit assesses three of them with the experts'
// weights and examines what its capacity and the random draw choose; an examination of a
// planted scheme finds it with the probability of detection, and finds nothing in anybody
// else. From these outcomes weights are learned, and the fourth month is ranked by the
// engine with either weights; and once more with weights learned from the same outcomes
// dealt out at random, which must teach nothing.
func Learn(ctx context.Context, o LearnOptions) (simulate.LearnReport, error) {
	var report simulate.LearnReport
	codes, err := reference.Load(o.Assess.Reference)
	if err != nil {
		return report, err
	}
	for k := range o.Worlds {
		world := o.World
		world.Seed += uint64(k)
		world.Months = taughtMonths + 1
		if o.Told != nil {
			o.Told(fmt.Sprintf("world %d of %d", k+1, o.Worlds))
		}
		one, err := learnWorld(ctx, codes, world, o)
		if err != nil {
			return report, fmt.Errorf("world of seed %d: %w", world.Seed, err)
		}
		report.Worlds = append(report.Worlds, one)
	}
	return report, nil
}

// school is one world of the experiment.
type school struct {
	LearnOptions
	codes  *reference.Directory
	world  simulate.Options
	truth  map[string]simulate.Truth
	past   []*cargo.Consignment
	months []*cargo.Consignment // all four, with their amendments
}

func learnWorld(ctx context.Context, codes *reference.Directory, world simulate.Options, o LearnOptions) (simulate.LearnedWorld, error) {
	s := &school{LearnOptions: o, codes: codes, world: world, truth: map[string]simulate.Truth{}}
	out := simulate.LearnedWorld{Seed: world.Seed}
	if err := s.generate(ctx); err != nil {
		return out, err
	}
	expert := risk.WeightsOf(risk.DefaultSettings())
	ranked, err := s.rank(expert)
	if err != nil {
		return out, err
	}
	examples := s.examine(ranked)
	out.Examined = len(examples)
	for _, e := range examples {
		if e.Found {
			out.Found++
		}
	}
	out.Prior = s.lastMonth(ranked)
	fit := risk.FitWeights(examples, expert, expert)
	if out.Learned, err = s.outcome(fit, ranked); err != nil {
		return out, err
	}
	out.Supported = fit.Supported
	out.Before, out.After = fit.Validation.Before, fit.Validation.After
	dice := rand.New(rand.NewPCG(world.Seed, 0x5d1ff1e))
	dice.Shuffle(len(examples), func(i, j int) { examples[i].Found, examples[j].Found = examples[j].Found, examples[i].Found })
	shuffled := risk.FitWeights(examples, expert, expert)
	out.ShuffledSupported = shuffled.Supported
	out.Shuffled, err = s.outcome(shuffled, ranked)
	return out, err
}

// generate writes the world and reads it back, as a unit would have received it.
func (s *school) generate(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "tidewaiter-learn-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := simulate.Write(dir, simulate.CUSCAR, s.world, nil); err != nil {
		return err
	}
	truth, err := readTruth(filepath.Join(dir, simulate.TruthFile))
	if err != nil {
		return err
	}
	for _, t := range truth {
		s.truth[t.Document] = t
	}
	if s.past, err = readFolder(ctx, filepath.Join(dir, simulate.HistoryFolder), s.Assess); err != nil {
		return err
	}
	for _, folder := range []string{".", simulate.AmendmentsFolder} {
		part, err := readFolder(ctx, filepath.Join(dir, folder), s.Assess)
		if err != nil {
			return err
		}
		s.months = append(s.months, part...)
	}
	return nil
}

// rank assesses the past and then all months with the weights.
func (s *school) rank(w risk.Weights) ([]Ranked, error) {
	settings := engineSettings(s.codes, s.Assess.Home)
	settings.Base, settings.Weights = w.Base, w.Indicators
	engine, err := risk.NewEngine(settings)
	if err != nil {
		return nil, err
	}
	memory := risk.NewMemory()
	draw := s.Assess.Draw
	draw.Seed += s.world.Seed
	rank(engine, memory, slices.Clone(s.past), s.Assess.Capacity, draw)
	return rank(engine, memory, slices.Clone(s.months), s.Assess.Capacity, draw), nil
}

// month is how many months after the first one a consignment arrived.
func (s *school) month(r Ranked) int {
	first := s.world.Month
	if first.IsZero() {
		first = simulate.DefaultMonth
	}
	month := func(at time.Time) risk.Month { return risk.MonthOf(risk.Day(at)) }
	return min(max(int(month(arrival(r.Consignment))-month(first)), 0), taughtMonths)
}

// examine returns the outcomes of the months that are learned from, in the order of time.
func (s *school) examine(ranked []Ranked) []risk.Example {
	var chosen []Ranked
	least := map[int]risk.LogOdds{} // that the capacity took, by day
	for _, r := range ranked {
		if s.month(r) >= taughtMonths || r.Channel != risk.Examine {
			continue
		}
		chosen = append(chosen, r)
		day := risk.Day(arrival(r.Consignment))
		if was, known := least[day]; !r.Random && (!known || r.Score < was) {
			least[day] = r.Score
		}
	}
	slices.SortStableFunc(chosen, func(a, b Ranked) int { return arrival(a.Consignment).Compare(arrival(b.Consignment)) })
	expert := risk.WeightsOf(risk.DefaultSettings())
	dice := rand.New(rand.NewPCG(s.world.Seed, 0xde7ec7))
	out := make([]risk.Example, len(chosen))
	for i, r := range chosen {
		luck := dice.Float64()
		e := risk.Example{Fired: expert.Fired(r.Findings), Inclusion: 1, Found: s.truth[r.Document.Number].Planted && luck < s.Detection}
		if cut, full := least[risk.Day(arrival(r.Consignment))]; r.Random && (!full || r.Score < cut) {
			e.Inclusion = s.Assess.Draw.Share
		}
		out[i] = e
	}
	return out
}

// outcome ranks the last month by the weights of a fit; those that stay need no second
// assessment.
func (s *school) outcome(f risk.Fit, ranked []Ranked) (map[string]bool, error) {
	if !f.Supported {
		return s.lastMonth(ranked), nil
	}
	again, err := s.rank(f.Weights)
	if err != nil {
		return nil, err
	}
	return s.lastMonth(again), nil
}

// lastMonth tells of each planted document of the last month whether it is in the head
// of that month's ranking.
func (s *school) lastMonth(ranked []Ranked) map[string]bool {
	var scores []simulate.Scored
	var truth []simulate.Truth
	for _, r := range ranked {
		if t, known := s.truth[r.Document.Number]; known && s.month(r) == taughtMonths {
			scores = append(scores, simulate.Scored{Document: r.Document.Number, Score: float64(r.Score)})
			truth = append(truth, t)
		}
	}
	return simulate.PlantedInHead(scores, truth, headOfRanking)
}
