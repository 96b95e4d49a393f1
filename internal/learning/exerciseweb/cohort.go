package exerciseweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/web"
)

// members are the officers of the unit, of whom some may be chosen.
func (p *Pages) members(ctx context.Context, chosen []int64) ([]member, error) {
	v, _ := identity.From(ctx)
	list, err := p.Officers.OfUnit(ctx, v.Unit.ID)
	if err != nil {
		return nil, err
	}
	var out []member
	for _, m := range list {
		if !m.Active {
			continue
		}
		one := member{ID: m.ID, Name: m.Name}
		for _, id := range chosen {
			one.Chosen = one.Chosen || id == m.ID
		}
		out = append(out, one)
	}
	return out, nil
}

// assign gives a task to several officers.
func (p *Pages) assign(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "exercise.wrong.form"))
	}
	var officers []int64
	for _, text := range r.PostForm["officer"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			officers = append(officers, id)
		}
	}
	level := exercise.Level(r.PostForm.Get("level"))
	id, err := p.Exercises.Assign(ctx, r.PathValue("key"), level, officers)
	if fault.Is(err, fault.Invalid) {
		v, viewErr := p.taskView(r)
		if viewErr != nil {
			return viewErr
		}
		v.Errors = fieldErrors(ctx, err)
		if v.Members, err = p.members(ctx, officers); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, taskPage(v))
	}
	if err != nil {
		return orNotFound(ctx, err)
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "exercise.assigned"))
	return web.Redirect(w, r, cohortHref(id))
}

func (p *Pages) cohorts(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Exercises.Cohorts(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, cohortsPage(list))
}

// cohortView is a cohort at work.
type cohortView struct {
	exercise.Cohort
	Names map[int64]string
	Now   time.Time
}

func (p *Pages) cohort(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathID(r)
	if err != nil {
		return err
	}
	k, err := p.Exercises.Cohort(ctx, id)
	if err != nil {
		return orNotFound(ctx, err)
	}
	v := cohortView{Cohort: k, Names: map[int64]string{}, Now: p.Exercises.Now()}
	for _, m := range k.Members {
		v.Names[m.Officer] = p.officerName(ctx, m.Officer)
	}
	if web.IsHTMX(r) {
		return web.Render(w, r, cohortTable(v))
	}
	return web.Render(w, r, cohortPage(v))
}

// Busy reports whether somebody is still at work.
func (v cohortView) Busy() bool { return v.HandedInCount() < len(v.Members) }
