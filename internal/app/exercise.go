package app

import (
	"context"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/learning/exerciseweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/simulate"
	"tidewaiter/internal/web"
)

// openExercises plugs exercises into the synthetic traffic that they are worked on, and
// courses into the exercises that belong to them.
func (a *App) openExercises() *exercise.Exercises {
	bus.Subscribe(a.Bus, "learning", "study.exercised", a.exercised)
	return exercise.New(exercise.Needs{
		DB: a.DB, Bus: a.Bus, Traffic: traffic{a}, Audit: a.Identity.Audit, Officers: a.Identity.Officers,
		Courses: a.courseTasks, Schemes: simulate.Schemes(), Now: a.DB.Now,
	})
}

// courseTasks are the exercises of the courses.
func (a *App) courseTasks() (tasks []exercise.Task) {
	for _, c := range a.Studies.Shelf() {
		if x := c.Exercise; x.Consignments > 0 {
			tasks = append(tasks, exercise.Task{
				Course: c.ID, Title: c.Title, Text: x.Task, Seed: x.Seed, Consignments: x.Consignments, Select: x.Select,
				Schemes: x.Schemes, Skill: c.Skills,
			})
		}
	}
	return tasks
}

// exercised tells courses that an exercise of theirs was handed in.
func (a *App) exercised(ctx context.Context, m exercise.Marked) error {
	if m.Course == "" {
		return nil
	}
	return a.Studies.Exercised(ctx, m.Officer, m.Course, m.Score, m.At)
}

// openExercisePages returns the pages of exercises.
func (a *App) openExercisePages(secure bool) *exerciseweb.Pages {
	return exerciseweb.New(exerciseweb.Options{
		Exercises: a.Exercises, Cargo: a.Cargo, Officers: a.Identity.Officers, Schemes: simulate.Schemes(), Secure: secure,
	})
}

// exerciseFrame is what stands around a page while an exercise is worked: its band, and of
// the menu what leads to its traffic.
func (a *App) exerciseFrame(ctx context.Context, f web.Frame) web.Frame {
	f.Nav = append(riskweb.Nav(ctx), exerciseweb.Nav(ctx)...)
	for i := range f.Nav {
		if f.Nav[i].ID == "queue" {
			f.Nav[i].Href = exerciseweb.QueueHref(ctx)
		}
	}
	for _, item := range riskweb.SettingsNav(ctx) {
		if item.ID == "indicators" || item.ID == "lists" {
			f.Nav = append(f.Nav, item)
		}
	}
	f.Search, f.Band = riskweb.Search(ctx), a.exercisePages.Band(ctx)
	return f
}

// proposeLive has cases proposed for live traffic only: what is exercised is nobody's work.
func (a *App) proposeLive(cases *casework.Cases) func(context.Context, risk.Assessed) error {
	return func(ctx context.Context, e risk.Assessed) error {
		scope, err := a.Cargo.Scope(ctx, e.Scope)
		if err != nil || scope.Kind != cargo.Live {
			return err
		}
		return cases.Propose(ctx, e)
	}
}
