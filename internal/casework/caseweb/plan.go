package caseweb

import (
	"net/http"
	"slices"
	"strconv"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

// planForm is the name of the form of the plan.
const planForm = "plan"

// plan shows the form of where, when and by whom the goods are examined.
func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	v, err := p.caseView(r.Context(), viewer, k, form{})
	if err != nil {
		return err
	}
	if err := p.saw(r.Context(), k.ID); err != nil {
		return err
	}
	return web.Render(w, r, planPage(v))
}

func (p *Pages) savePlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	in := input{r, planForm}
	plan, err := in.plan()
	var done casework.Done
	if err == nil {
		done, err = p.Cases.PlanExamination(ctx, refOf(r, k), plan)
	}
	f := form{Name: planForm, Typed: r.PostForm}
	switch {
	case err == nil:
		web.AddFlash(w, r, web.Good, web.T(ctx, "case.done.plan"))
		return web.Redirect(w, r, caseHref(k.ID)+"#examination")
	case done.Seq == 0 && fault.Is(err, fault.Invalid):
		f.Errors = fieldErrors(ctx, planForm, err)
		v, err := p.caseView(ctx, viewer, k, f)
		if err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, planPage(v))
	}
	return p.refused(w, r, viewer, k, f, done, err)
}

func (in input) plan() (plan casework.Plan, err error) {
	plan = casework.Plan{Place: in.get("place"), Words: in.get("words")}
	for _, id := range in.PostForm[fieldName(in.Name, "team")] {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 && !slices.Contains(plan.Team, n) {
			plan.Team = append(plan.Team, n)
		}
	}
	if plan.At, err = in.moment("at"); err != nil {
		return plan, err
	}
	plan.Until, err = in.moment("until")
	return plan, err
}

// planned is the plan that the form begins with: the last one, else the officer alone.
func (v caseView) planned() casework.Plan {
	if v.Examination.Plan != nil {
		return *v.Examination.Plan
	}
	return casework.Plan{Team: []int64{v.Viewer.Officer.ID}}
}

// onTeam reports whether the form shows an officer as of the team.
func (v caseView) onTeam(officer int64) bool {
	if v.sent(planForm) {
		return slices.Contains(v.Typed[fieldName(planForm, "team")], idText(officer))
	}
	return slices.Contains(v.planned().Team, officer)
}
