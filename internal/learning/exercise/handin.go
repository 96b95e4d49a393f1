package exercise

import (
	"context"
	"database/sql"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// HandIn ends the viewer's run: it is marked, ratings move, and Marked is announced.
// Errors: fault.NotFound; fault.Conflict for a run that is not begun or is handed in;
// fault.Invalid while nothing is selected.
func (s *Exercises) HandIn(ctx context.Context, id int64) (Result, error) {
	r, err := s.Own(ctx, id)
	if err != nil {
		return Result{}, err
	}
	truths, looks, err := s.truth(ctx, r)
	if err != nil {
		return Result{}, err
	}
	var result Result
	err = s.change(ctx, id, func(tx *sql.Tx, r Run) error {
		picks, err := selectPicks(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(picks) == 0 {
			return fault.New(fault.Invalid, "nothing is selected yet").WithHint("select at least one consignment before you hand in")
		}
		r.HandedIn = store.Time(s.Now())
		result = Mark(truths, looks, picks, r.Task.Select)
		result.Duration = r.HandedIn.Sub(r.Begun)
		if err := updateHandedIn(ctx, tx, id, r.HandedIn, result); err != nil {
			return err
		}
		if err := s.moveRatings(ctx, tx, r, result.Learner.Score); err != nil {
			return err
		}
		err = s.Audit.Record(ctx, tx, runEntry("exercise.handed-in", id, map[string]any{"selected": len(picks), "score": result.Learner.Score}))
		if err != nil {
			return err
		}
		return s.Bus.Announce(ctx, tx, Marked{Run: id, Officer: r.Officer, Unit: r.Unit, Course: r.Task.Course, Score: result.Learner.Score, At: r.HandedIn})
	})
	return result, err
}

// truth returns what is true of the run's traffic, and what the engine says of it.
func (s *Exercises) truth(ctx context.Context, r Run) ([]Truth, map[int64]Look, error) {
	truths, err := selectTruths(ctx, s.DB.Read, r.World)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(truths))
	for i, t := range truths {
		ids[i] = t.Consignment
	}
	looks, err := s.Traffic.Look(ctx, r.Scope, ids)
	return truths, looks, err
}

// moveRatings moves the officer's rating in each skill of the task, and the task's own.
func (s *Exercises) moveRatings(ctx context.Context, tx *sql.Tx, r Run, score float64) error {
	subject, own := taskSubject(r.Key, r.Level), officerSubject(r.Officer)
	tasks, err := selectRatings(ctx, tx, subject)
	if err != nil {
		return err
	}
	task := tasks[""]
	if task.Runs == 0 {
		task.Rating = shapes[r.Level].rating
	}
	ratings, err := selectRatings(ctx, tx, own)
	if err != nil {
		return err
	}
	var before float64
	skills := r.Task.skills()
	for _, skill := range skills {
		was := ratings[skill]
		before += was.orFirst() / float64(len(skills))
		is := Rating{Skill: skill, Rating: Rate(was.orFirst(), task.Rating, score, was.Runs), Runs: was.Runs + 1}
		if err := upsertRating(ctx, tx, own, is); err != nil {
			return err
		}
	}
	return upsertRating(ctx, tx, subject, Rating{Rating: RateTask(task.Rating, before, score), Runs: task.Runs + 1})
}

// Result returns how a run was marked, with the truth of its traffic: to its officer, and
// to who teaches in the unit. Errors: fault.NotFound; fault.Conflict before it is handed in.
func (s *Exercises) Result(ctx context.Context, id int64) (Run, Result, error) {
	r, err := s.Run(ctx, id)
	if err != nil {
		return r, Result{}, err
	}
	if r.State != HandedIn {
		return r, Result{}, fault.New(fault.Conflict, "the exercise has not been handed in").WithHint("the truth is told at the end")
	}
	result, err := selectResult(ctx, s.DB.Read, id)
	if err != nil {
		return r, result, err
	}
	return r, result, s.Audit.Saw(ctx, "exercise", runEntry("", id, nil).ObjectID)
}

// Cohort is one exercise that was given to several officers at once.
type Cohort struct {
	Run           // of nobody in particular: what all have in common
	Members []Run // in the order in which they were chosen
}

// HandedInCount is how many have handed in.
func (c Cohort) HandedInCount() (n int) {
	for _, r := range c.Members {
		if r.State == HandedIn {
			n++
		}
	}
	return n
}

// Assign gives the same traffic of a task to officers of the unit, and returns the
// cohort's id. It needs identity.Teach. What is wrong is a FieldError.
func (s *Exercises) Assign(ctx context.Context, key string, level Level, officers []int64) (int64, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return 0, err
	}
	o, err := s.offer(ctx, v.Unit.ID, key)
	if err != nil {
		return 0, err
	}
	if err := s.checkOfficers(ctx, v.Unit.ID, officers); err != nil {
		return 0, err
	}
	if _, known := shapes[level]; !known {
		return 0, wrong("level", "choose how hard the exercise is to be")
	}
	cohort := store.NewID()
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		turn := 0 // traffic that none of them has seen
		for _, officer := range officers {
			n, err := countTurns(ctx, tx, officer, key, level)
			if err != nil {
				return err
			}
			turn = max(turn, n)
		}
		world, err := s.worldOf(ctx, tx, v.Unit.ID, o, level, turn)
		if err != nil {
			return err
		}
		if err := insertCohort(ctx, tx, cohort, v.Unit.ID, world, v.Officer.ID, s.Now()); err != nil {
			return err
		}
		for _, officer := range officers {
			if _, err := s.addRun(ctx, tx, officer, v.Unit.ID, world, cohort, map[string]any{"task": key, "level": level, "officer": officer}); err != nil {
				return err
			}
		}
		return nil
	})
	return cohort, err
}

func (s *Exercises) checkOfficers(ctx context.Context, unit int64, officers []int64) error {
	if len(officers) == 0 {
		return wrong("officer", "choose at least one officer")
	}
	members, err := s.Officers.OfUnit(ctx, unit)
	if err != nil {
		return err
	}
	known := map[int64]bool{}
	for _, m := range members {
		known[m.Officer.ID] = m.Officer.Active
	}
	for _, id := range officers {
		if !known[id] {
			return wrong("officer", "choose officers of this unit, each of them once")
		}
		known[id] = false
	}
	return nil
}

// Cohorts returns the cohorts of the viewer's unit, the newest first. It needs
// identity.Teach.
func (s *Exercises) Cohorts(ctx context.Context) ([]Cohort, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return nil, err
	}
	runs, err := selectRuns(ctx, s.DB.Read, `r.unit_id = $1 AND r.cohort_id IS NOT NULL`, v.Unit.ID)
	if err != nil {
		return nil, err
	}
	return cohortsOf(runs), nil
}

// Cohort returns a cohort of the viewer's unit with each member's progress, or
// fault.NotFound. It needs identity.Teach.
func (s *Exercises) Cohort(ctx context.Context, id int64) (Cohort, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return Cohort{}, err
	}
	runs, err := selectRuns(ctx, s.DB.Read, `r.cohort_id = $1 AND r.unit_id = $2`, id, v.Unit.ID)
	if err != nil {
		return Cohort{}, err
	}
	if len(runs) == 0 {
		return Cohort{}, errNone
	}
	return cohortsOf(runs)[0], nil
}

// cohortsOf puts runs, the newest first, into their cohorts.
func cohortsOf(runs []Run) (out []Cohort) {
	at := map[int64]int{}
	for _, r := range runs {
		i, seen := at[r.Cohort]
		if !seen {
			i = len(out)
			at[r.Cohort] = i
			out = append(out, Cohort{Run: Run{Cohort: r.Cohort, Unit: r.Unit, World: r.World, Key: r.Key, Task: r.Task, Level: r.Level, Made: r.Made}})
		}
		out[i].Members = append([]Run{r}, out[i].Members...)
	}
	return out
}
