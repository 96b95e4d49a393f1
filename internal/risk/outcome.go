package risk

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/store"
)

// Selection says who chose a consignment for a closer look.
type Selection string

// Who chooses.
const (
	ByEngine  Selection = "engine"  // its score
	ByDraw    Selection = "random"  // the random draw, whatever its score
	ByOfficer Selection = "officer" // a person
	ByRule    Selection = "rule"
	ByMessage Selection = "message" // from another unit or service
)

// Selections lists them.
var Selections = []Selection{ByEngine, ByDraw, ByOfficer, ByRule, ByMessage}

// Outcome is what the unit's work came to for one consignment.
type Outcome struct {
	Consignment int64
	Version     int       // of the consignment, as it was assessed when it was chosen; 0: the newest
	Revision    int       // of the outcome; breaks ties of At
	At          time.Time // of the conclusion or its correction: the latest counts
	Selection   Selection
	Inclusion   float64  // probability of the random draw; 0: as the queue has it
	Examined    bool     // the goods were looked at; what was released on paper teaches nothing
	Found       bool     // an irregularity or a seizure, of which the papers could have warned
	Result      string   // in the words of the domain that concludes, such as "seizure"
	Category    string   // of what was found; may be empty
	Right       []string // indicators that the examination proved right
	Wrong       []string // ... and wrong
}

// Lesson is an outcome with what the engine had found: all that learning needs.
type Lesson struct {
	Outcome
	Drawn   bool    // by the random draw
	Day     int     // of arrival; see Day
	Score   LogOdds // at the time
	Channel Channel // that the score alone gave, without the draw
	Fired   []Fired
}

// right reports whether an indicator that fired proved right: as the examination says,
// or else by whether anything was found.
func (l *Lesson) right(indicator string) bool {
	if slices.Contains(l.Right, indicator) {
		return true
	}
	return l.Found && !slices.Contains(l.Wrong, indicator)
}

// Learn takes outcomes of a scope into account. It may be told the same twice and in any
// order: of each consignment the latest outcome counts, by At and then by Revision.
// Consignments that have never been assessed are left out.
func (s *Assessments) Learn(ctx context.Context, scope cargo.ScopeID, outcomes []Outcome) error {
	outcomes = newestOf(outcomes)
	if len(outcomes) == 0 {
		return nil
	}
	engine, err := s.engine(ctx, scope)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		feed, err := nextFeed(ctx, tx, scope) // so that who follows the scope misses none
		if err != nil {
			return err
		}
		lessons, err := lessonsOf(ctx, tx, scope, engine.settings.Capacity, outcomes)
		if err != nil {
			return fmt.Errorf("learn from %d outcomes: %w", len(outcomes), err)
		}
		return upsertLessons(ctx, tx, scope, lessons, feed)
	})
}

// newestOf leaves one outcome of each consignment.
func newestOf(outcomes []Outcome) []Outcome {
	at := map[int64]int{}
	var out []Outcome
	for _, o := range outcomes {
		o.At = store.Time(o.At)
		k, twice := at[o.Consignment]
		switch {
		case !twice:
			at[o.Consignment] = len(out)
			out = append(out, o)
		case o.At.After(out[k].At) || o.At.Equal(out[k].At) && o.Revision >= out[k].Revision:
			out[k] = o
		}
	}
	return out
}

// lessonsOf adds to outcomes what the engine had found.
func lessonsOf(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, capacity Capacity, outcomes []Outcome) ([]Lesson, error) {
	ids := make([]int64, len(outcomes))
	for i, o := range outcomes {
		ids[i] = o.Consignment
	}
	rows, err := selectRows(ctx, tx, scope, ids)
	if err != nil {
		return nil, err
	}
	kept, err := selectAllVersions(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	weights := weightsByVersion{scope: scope}
	cuts := map[int]dayCut{}
	var out []Lesson
	for _, o := range outcomes {
		row, known := rows[o.Consignment]
		k, assessed := assessedAs(kept[o.Consignment], o)
		if !known || !assessed {
			continue
		}
		w, err := weights.of(ctx, tx, k.Settings)
		if err != nil {
			return nil, err
		}
		l := Lesson{Outcome: o, Drawn: row.Random, Day: row.Day, Score: k.Score, Channel: row.Channel, Fired: w.Fired(k.Findings)}
		if l.Inclusion <= 0 {
			l.Inclusion = row.Inclusion
		}
		if l.Drawn {
			if _, seen := cuts[l.Day]; !seen {
				if cuts[l.Day], err = selectDayCut(ctx, tx, scope, l.Day); err != nil {
					return nil, err
				}
			}
			l.Channel = cuts[l.Day].channel(l.Score, capacity)
		}
		out = append(out, l)
	}
	return out, nil
}

// assessedAs returns the assessment by which a consignment was chosen: of the version
// that the outcome names, or else the newest that was made before.
func assessedAs(versions []Kept, o Outcome) (Kept, bool) {
	if len(versions) == 0 {
		return Kept{}, false
	}
	best := versions[0]
	for _, k := range versions {
		if k.Version == o.Version {
			return k, true
		}
		if !k.At.After(o.At) {
			best = k
		}
	}
	return best, true
}

// dayCut is what the channels of one day took, without the draw.
type dayCut struct {
	examined, looked int // consignments
	examine, look    LogOdds
}

// channel returns the channel that a score would have come into on the day. The draw's
// consignments stand outside of the capacity, so their own channel does not tell.
func (d dayCut) channel(score LogOdds, c Capacity) Channel {
	switch {
	case score >= c.ExamineFloor && c.Examine > 0 && (d.examined < c.Examine || score > d.examine):
		return Examine
	case score >= c.LookFloor && c.Look > 0 && (d.looked < c.Look || score > d.look):
		return Look
	}
	return Release
}

// weightsByVersion remembers the weights of settings while outcomes are read.
type weightsByVersion struct {
	scope cargo.ScopeID
	known map[int]Weights
}

func (w *weightsByVersion) of(ctx context.Context, q store.Querier, version int) (Weights, error) {
	if have, ok := w.known[version]; ok {
		return have, nil
	}
	settings, err := selectEngineWeights(ctx, q, w.scope, version)
	if err != nil {
		return Weights{}, err
	}
	if w.known == nil {
		w.known = map[int]Weights{}
	}
	w.known[version] = WeightsOf(settings)
	return w.known[version], nil
}
