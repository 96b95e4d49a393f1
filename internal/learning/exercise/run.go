package exercise

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// State is how far a run is.
type State string

// States of a run.
const (
	Preparing State = "preparing" // its traffic is being made
	Ready     State = "ready"
	Working   State = "working"
	HandedIn  State = "handed-in"
	Failed    State = "failed" // its traffic could not be made
)

// Run is one officer's turn at a task. It knows nothing of the truth.
type Run struct {
	ID       int64
	Officer  int64
	Unit     int64
	World    int64
	Cohort   int64 // 0: taken alone
	Key      string
	Task     Task // as it was when the world was ordered; what is planted must not be shown before the end
	Level    Level
	State    State
	Scope    int64     // the traffic; 0 until there is some
	Month    time.Time // its first day; what arrives in this month can be selected
	Made     time.Time
	Begun    time.Time // when the officer first entered
	HandedIn time.Time
	Selected int
	Score    float64 // once handed in
	Done     int     // of Total, while the traffic is made
	Total    int
}

// Limits of what a learner writes.
const (
	MostReasons = 5
	MostWords   = 500
)

// Start gives the viewer a turn at a task: the one that is not handed in yet, or a new one.
// It needs identity.Learn. Errors: fault.NotFound for a task that the unit does not have.
func (s *Exercises) Start(ctx context.Context, key string, level Level) (Run, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return Run{}, err
	}
	o, err := s.offer(ctx, v.Unit.ID, key)
	if err != nil {
		return Run{}, err
	}
	if !slices.Contains(Levels, level) {
		return Run{}, wrong("level", "choose how hard the exercise is to be")
	}
	var id int64
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		open, world, state, err := selectOpenRun(ctx, tx, v.Officer.ID, v.Unit.ID, key, level)
		if err != nil {
			return err
		}
		if id = open; open != 0 {
			if state == failed {
				return s.orderAgain(ctx, tx, world)
			}
			return nil
		}
		if world, err = s.worldOf(ctx, tx, v.Unit.ID, o, level, []int64{v.Officer.ID}); err != nil {
			return err
		}
		id, err = s.addRun(ctx, tx, v.Officer.ID, v.Unit.ID, world, 0, map[string]any{"task": key, "level": level})
		return err
	})
	if err != nil {
		return Run{}, err
	}
	return selectRun(ctx, s.DB.Write, id)
}

// addRun adds a run with its entry in the trail.
func (s *Exercises) addRun(ctx context.Context, tx *sql.Tx, officer, unit, world, cohort int64, detail map[string]any) (int64, error) {
	id := store.NewID()
	if err := insertRun(ctx, tx, id, officer, unit, world, cohort, s.Now()); err != nil {
		return 0, err
	}
	return id, s.Audit.Record(ctx, tx, runEntry("exercise.started", id, detail))
}

func runEntry(act string, run int64, detail map[string]any) identity.Entry {
	return identity.Entry{Act: act, ObjectKind: "exercise", ObjectID: strconv.FormatInt(run, 10), Detail: detail}
}

// Runs returns the viewer's own runs, the newest first.
func (s *Exercises) Runs(ctx context.Context) ([]Run, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	return selectRuns(ctx, s.DB.Read, `r.officer_id = $1`, v.Officer.ID)
}

// Run returns a run of the viewer's own, or, to who teaches, of an officer of the unit;
// else fault.NotFound.
func (s *Exercises) Run(ctx context.Context, id int64) (Run, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return Run{}, err
	}
	r, err := selectRun(ctx, s.DB.Read, id)
	if err == nil && r.Officer != v.Officer.ID && !(v.Can(identity.Teach) && r.Unit == v.Unit.ID) {
		return Run{}, errNone
	}
	return r, err
}

// Own returns a run of the viewer's own in the unit that she works for, or fault.NotFound.
func (s *Exercises) Own(ctx context.Context, id int64) (Run, error) {
	r, err := s.Run(ctx, id)
	if v, _ := identity.From(ctx); err == nil && (r.Officer != v.Officer.ID || r.Unit != v.Unit.ID) {
		return Run{}, errNone
	}
	return r, err
}

// Enter begins the viewer's run, when it has not begun yet. Errors: fault.NotFound;
// fault.Conflict while there is no traffic.
func (s *Exercises) Enter(ctx context.Context, id int64) (Run, error) {
	r, err := s.Own(ctx, id)
	if err != nil {
		return r, err
	}
	switch r.State {
	case Preparing:
		return r, errPreparing
	case Failed:
		return r, errFailed
	case Ready:
		err = s.DB.InTx(ctx, func(tx *sql.Tx) error { return updateBegun(ctx, tx, id, s.Now()) })
		if err == nil {
			r, err = selectRun(ctx, s.DB.Write, id)
		}
	}
	return r, err
}

var (
	errPreparing = fault.New(fault.Conflict, "the traffic of the exercise is still being made").WithHint("load the page again in a moment")
	errFailed    = fault.New(fault.Conflict, "the traffic of the exercise could not be made").WithHint("start it again, or tell who gave it to you")
	errHandedIn  = fault.New(fault.Conflict, "the exercise has been handed in")
)

// Picks returns what was selected in a run that the viewer may see, the first one first.
func (s *Exercises) Picks(ctx context.Context, id int64) ([]Pick, error) {
	if _, err := s.Run(ctx, id); err != nil {
		return nil, err
	}
	return selectPicks(ctx, s.DB.Read, id)
}

// Select selects a consignment in the viewer's run, or adds a reason to one that is
// selected. Errors: fault.NotFound; fault.Conflict for a run that is not begun or handed in;
// fault.Invalid, with the field where there is one, for a consignment that is not of the
// month, for one too many, and for a reason that says nothing.
func (s *Exercises) Select(ctx context.Context, id, consignment int64, reason Reason) error {
	reason, err := reason.clean()
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *sql.Tx, r Run) error {
		is, err := hasTruth(ctx, tx, r.World, consignment)
		if err != nil {
			return err
		}
		if !is {
			return fault.New(fault.Invalid, "only consignments of the month to come can be selected")
		}
		picks, err := selectPicks(ctx, tx, id)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(picks, func(p Pick) bool { return p.Consignment == consignment })
		if at < 0 && len(picks) >= r.Task.Select {
			return fault.New(fault.Invalid, "%d consignments are selected, and more may not be", len(picks)).WithHint("take one back first")
		}
		p := Pick{Consignment: consignment, At: s.Now()}
		if at >= 0 {
			p = picks[at]
		}
		if len(p.Reasons) >= MostReasons {
			return wrong("words", "a consignment is selected for at most %d reasons", MostReasons)
		}
		if !slices.Contains(p.Reasons, reason) {
			p.Reasons = append(p.Reasons, reason)
		}
		return upsertPick(ctx, tx, id, p)
	})
}

// clean returns the reason without the space around it.
func (r Reason) clean() (Reason, error) {
	r.Words = store.Text(strings.TrimSpace(r.Words))
	r.Indicator = strings.TrimSpace(r.Indicator)
	switch {
	case r == Reason{}:
		return r, wrong("words", "say why: by an indicator, a field, or in words")
	case utf8.RuneCountInString(r.Words) > MostWords:
		return r, wrong("words", "a reason has at most %d characters", MostWords)
	case r.Field != "" && !slices.Contains(Fields, r.Field):
		return r, wrong("field", "there is no field %q", r.Field)
	case len(r.Indicator) > 20:
		return r, wrong("indicator", "there is no indicator %q", r.Indicator)
	}
	return r, nil
}

// Unselect takes a consignment back. One that is not selected stays so.
func (s *Exercises) Unselect(ctx context.Context, id, consignment int64) error {
	return s.change(ctx, id, func(tx *sql.Tx, _ Run) error { return deletePick(ctx, tx, id, consignment) })
}

// change does something to the viewer's run that is being worked, one at a time.
func (s *Exercises) change(ctx context.Context, id int64, do func(tx *sql.Tx, r Run) error) error {
	r, err := s.Own(ctx, id)
	if err != nil {
		return err
	}
	switch r.State {
	case Preparing, Ready:
		return fault.New(fault.Conflict, "the exercise has not begun").WithHint("enter it first")
	case Failed:
		return errFailed
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		open, err := lockRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if !open {
			return errHandedIn
		}
		return do(tx, r)
	})
}
