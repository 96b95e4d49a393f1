package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/simulate"
)

// traffic makes the synthetic traffic of exercises by the program's own ways: files of a
// generated world come in through intake and are assessed like any other. The truth never
// touches a file.
type traffic struct{ *App }

// exerciseHome is the country that the generated trade goes to.
const exerciseHome = "KG"

// exercisePast is how many months lie before the one that is worked.
const exercisePast = 36

// Scope opens an empty exercise. Nothing is drawn at random there: every learner is to see
// the same queue.
func (t traffic) Scope(ctx context.Context, unit int64, title string) (int64, error) {
	scope, err := t.Cargo.MakeScope(ctx, cargo.Exercise, unit, title)
	if err != nil {
		return 0, err
	}
	if err := t.Assessments.SetUp(ctx, scope.ID, exerciseHome); err != nil {
		return 0, err
	}
	set, err := t.Assessments.Settings(ctx, scope.ID)
	if err != nil {
		return 0, err
	}
	set.Draw.Share, set.Reason = 0, "exercise"
	_, err = t.Assessments.SaveSettings(ctx, scope.ID, set)
	return int64(scope.ID), err
}

// Fill makes the world and lives through its mail.
func (t traffic) Fill(ctx context.Context, scope int64, o exercise.Order, progress func(done, total int)) ([]exercise.Truth, error) {
	world, err := makeWorld(o)
	if err != nil {
		return nil, err
	}
	mail, err := mailOfWorld(world)
	if err != nil {
		return nil, err
	}
	imports := make([]int64, len(mail))
	for i, m := range mail {
		im, err := t.Imports.Receive(ctx, intake.Upload{Scope: cargo.ScopeID(scope), Name: m.name, Via: intake.ViaFolder, Accept: true}, bytes.NewReader(m.data))
		if err != nil {
			return nil, err
		}
		imports[i] = im.ID
	}
	ids := map[string]int64{}
	for i, id := range imports {
		progress(i, len(mail)+1)
		if err := t.whenRead(ctx, cargo.ScopeID(scope), id); err != nil {
			return nil, err
		}
		list, err := t.Cargo.OfImport(ctx, cargo.ScopeID(scope), id, len(world.truth)+o.Consignments*exercisePast)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			ids[c.Document.Number] = c.ID
		}
	}
	truths := truthsOf(world.truth, ids)
	if len(truths) < len(world.truth)*9/10 {
		return nil, fmt.Errorf("of %d consignments of an exercise only %d could be read", len(world.truth), len(truths))
	}
	return truths, t.whenAssessed(ctx, cargo.ScopeID(scope), ids)
}

// synthetic is a generated world and what is true of its month.
type synthetic struct {
	*simulate.Month
	truth []simulate.Truth
}

// seedsTried is how many worlds are looked at for one that holds what was ordered: schemes
// need occasions, which a month may lack.
const seedsTried = 12

// makeWorld generates the first world, from the seed on, that holds nearly everything that
// was ordered, else the one that holds most.
func makeWorld(o exercise.Order) (best synthetic, err error) {
	n := float64(o.Consignments)
	most := 0
	for try := range uint64(seedsTried) {
		m, err := simulate.Generate(simulate.Options{
			Seed: o.Seed + try<<40, Consignments: o.Consignments, PlantedRate: float64(o.Planted) / n, TwinRate: float64(o.Twins) / n,
			Month: o.Month, History: exercisePast, Schemes: o.Schemes, Traces: o.Traces,
		})
		if err != nil {
			return best, err
		}
		_, truth := m.Consignments()
		planted := map[string]bool{}
		held := 0
		for _, x := range truth {
			if x.Planted {
				planted[x.Scheme] = true
				held += 4 // a case of each scheme is worth more than many of one
			}
			if x.Twin {
				held++
			}
		}
		if len(planted) == 0 {
			continue
		}
		held += 12 * len(planted)
		if held > most {
			best, most = synthetic{m, truth}, held
		}
		if held >= 4*o.Planted+o.Twins*3/4+12*min(len(o.Schemes), o.Planted) {
			break
		}
	}
	if most == 0 {
		return best, exercise.ErrNoWorld
	}
	return best, nil
}

// letter is a file as it comes in.
type letter struct {
	name string
	data []byte
}

// mailOfWorld writes the world as files: each sender's messages of the past in one, of the
// month in another, then the amendments.
func mailOfWorld(w synthetic) (mail []letter, err error) {
	for _, part := range [][]*simulate.Manifest{w.History, w.Manifests, w.Amendments} {
		var order []string
		bySender := map[string][]*simulate.Manifest{}
		for _, m := range part {
			key := fmt.Sprint(m.Sender.Code, m.Sender.Cyrillic, m.Transport.Mode)
			if bySender[key] == nil {
				order = append(order, key)
			}
			bySender[key] = append(bySender[key], m)
		}
		for _, key := range order {
			list := bySender[key]
			var b bytes.Buffer
			if err := simulate.EncodeCUSCAR(&b, list); err != nil {
				return nil, err
			}
			mail = append(mail, letter{mailName(list[0]), b.Bytes()})
		}
	}
	return mail, nil
}

func mailName(m *simulate.Manifest) string {
	sender := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, m.Sender.Code)
	return sender + "_" + m.Transport.Mode.String() + "_" + m.Reference + ".edi"
}

// truthsOf returns the truth of what came in.
func truthsOf(all []simulate.Truth, ids map[string]int64) (out []exercise.Truth) {
	for _, x := range all {
		if id := ids[x.Document]; id != 0 {
			out = append(out, exercise.Truth{
				Consignment: id, Document: x.Document, Planted: x.Planted, Twin: x.Twin, Scheme: x.Scheme, Note: x.Note, Case: x.Case,
			})
		}
	}
	return out
}

// lookAgain is how often a waiting exercise looks whether its traffic is read and assessed.
const lookAgain = 50 * time.Millisecond

// whenRead waits until an import has been read.
func (t traffic) whenRead(ctx context.Context, scope cargo.ScopeID, id int64) error {
	for {
		im, err := t.Imports.Get(ctx, scope, id)
		if err != nil {
			return err
		}
		switch im.State {
		case intake.Reading:
		case intake.Done:
			return nil
		default:
			return fmt.Errorf("a file of an exercise is %s: %s", im.State, im.Reason)
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// whenAssessed waits until the newest versions have been assessed.
func (t traffic) whenAssessed(ctx context.Context, scope cargo.ScopeID, documents map[string]int64) error {
	var ids []int64
	for _, id := range documents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for {
		current, err := t.Cargo.Current(ctx, scope, ids)
		if err != nil {
			return err
		}
		rows, err := t.Assessments.Rows(ctx, scope, ids)
		if err != nil {
			return err
		}
		waiting := slices.ContainsFunc(ids, func(id int64) bool {
			row, assessed := rows[id]
			return !assessed || current[id] != nil && row.Version < current[id].Version
		})
		if !waiting {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(lookAgain):
		return nil
	}
}

// Look returns the newest assessments.
func (t traffic) Look(ctx context.Context, _ int64, consignments []int64) (map[int64]exercise.Look, error) {
	newest, err := t.Assessments.Newest(ctx, consignments)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]exercise.Look, len(newest))
	for id, kept := range newest {
		look := exercise.Look{Score: float64(kept.Score)}
		for _, f := range kept.Findings {
			finding := exercise.Finding{Indicator: f.Indicator, Points: float64(f.Contribution)}
			for _, e := range f.Evidence {
				if !slices.Contains(finding.Fields, e.Field) {
					finding.Fields = append(finding.Fields, e.Field)
				}
			}
			look.Findings = append(look.Findings, finding)
		}
		out[id] = look
	}
	return out, nil
}
