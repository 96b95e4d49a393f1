package exercise

import (
	"context"
	"database/sql"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

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
		world, err := s.worldOf(ctx, tx, v.Unit.ID, o, level, officers)
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
