package exercise

import (
	"context"
	"database/sql"

	"tidewaiter/internal/fault"
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
