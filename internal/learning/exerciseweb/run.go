package exerciseweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// runView is one run before it is handed in.
type runView struct {
	Run     exercise.Run
	Officer string // whose it is, when that is not the viewer
	Mine    bool
	Inside  bool // the viewer works in its traffic at this moment
	Picks   []pickLine
	Now     time.Time
	Errors  []c.FieldError
}

// pickLine is a selected consignment.
type pickLine struct {
	exercise.Pick
	Document string
	Goods    string
}

func (p *Pages) run(w http.ResponseWriter, r *http.Request) error {
	v, err := p.runView(r)
	if err != nil {
		return err
	}
	if v.Run.State == exercise.HandedIn {
		return web.Redirect(w, r, runHref(v.Run.ID)+"/debrief")
	}
	return web.Render(w, r, runPage(v))
}

func (p *Pages) runView(r *http.Request) (runView, error) {
	ctx := r.Context()
	id, err := pathID(r)
	if err != nil {
		return runView{}, err
	}
	run, err := p.Exercises.Run(ctx, id)
	if err != nil {
		return runView{}, orNotFound(ctx, err)
	}
	viewer, _ := identity.From(ctx)
	v := runView{Run: run, Mine: run.Officer == viewer.Officer.ID, Inside: p.inside(ctx, id), Now: p.Exercises.Now()}
	if !v.Mine {
		v.Officer = p.officerName(ctx, run.Officer)
	}
	v.Picks, err = p.picks(ctx, run)
	return v, err
}

// inside reports whether the request works in the traffic of the run.
func (p *Pages) inside(ctx context.Context, run int64) bool {
	r, ok := entered(ctx)
	return ok && r.ID == run
}

func (p *Pages) picks(ctx context.Context, run exercise.Run) ([]pickLine, error) {
	picks, err := p.Exercises.Picks(ctx, run.ID)
	if err != nil || len(picks) == 0 {
		return nil, err
	}
	ids := make([]int64, len(picks))
	for i, x := range picks {
		ids[i] = x.Consignment
	}
	current, err := p.Cargo.Current(ctx, cargo.ScopeID(run.Scope), ids)
	if err != nil {
		return nil, err
	}
	lines := make([]pickLine, len(picks))
	for i, x := range picks {
		lines[i] = pickLine{Pick: x}
		if cons := current[x.Consignment]; cons != nil {
			lines[i].Document, lines[i].Goods = cons.Document.Number, goodsOf(cons)
		}
	}
	return lines, nil
}

func goodsOf(cons *cargo.Consignment) string {
	if len(cons.Goods) == 0 {
		return ""
	}
	return cons.Goods[0].Description
}

// selectOne selects a consignment, or adds a reason to one.
func (p *Pages) selectOne(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, consignment, err := pathAndConsignment(r)
	if err != nil {
		return err
	}
	form := reasonForm{Reason: exercise.Reason{Indicator: r.PostFormValue("indicator"), Field: r.PostFormValue("field"), Words: r.PostFormValue("words")}}
	err = p.Exercises.Select(ctx, id, consignment, form.Reason)
	if fault.Is(err, fault.Invalid) {
		return p.selectAgain(w, r, id, consignment, form, err)
	}
	if err != nil {
		return orNotFound(ctx, err)
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "exercise.selected.done"))
	return web.Redirect(w, r, "/consignments/"+idText(consignment)+"#work")
}

// selectAgain shows the form of a reason that was not accepted.
func (p *Pages) selectAgain(w http.ResponseWriter, r *http.Request, id, consignment int64, form reasonForm, err error) error {
	ctx := r.Context()
	form.Errors = fieldErrors(ctx, err)
	run, err := p.Exercises.Own(ctx, id)
	if err != nil {
		return orNotFound(ctx, err)
	}
	again, err := p.panel(ctx, run, consignment, form)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, selectPage(run, consignment, again))
}

func (p *Pages) unselect(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, consignment, err := pathAndConsignment(r)
	if err != nil {
		return err
	}
	if err := p.Exercises.Unselect(ctx, id, consignment); err != nil {
		return orNotFound(ctx, err)
	}
	web.AddFlash(w, r, web.Info, web.T(ctx, "exercise.unselected.done"))
	if r.PostFormValue("back") == "run" {
		return web.Redirect(w, r, runHref(id)+"#selected")
	}
	return web.Redirect(w, r, "/consignments/"+idText(consignment)+"#work")
}

// pathAndConsignment reads the run in the address and the consignment in the form.
func pathAndConsignment(r *http.Request) (run, consignment int64, err error) {
	if run, err = pathID(r); err != nil {
		return 0, 0, err
	}
	if consignment, err = strconv.ParseInt(r.PostFormValue("consignment"), 10, 64); err != nil {
		return 0, 0, notFound(r.Context())
	}
	return run, consignment, nil
}

func (p *Pages) handIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathID(r)
	if err != nil {
		return err
	}
	_, err = p.Exercises.HandIn(ctx, id)
	if fault.Is(err, fault.Invalid) {
		v, viewErr := p.runView(r)
		if viewErr != nil {
			return viewErr
		}
		v.Errors = fieldErrors(ctx, err)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, runPage(v))
	}
	if err != nil {
		return orNotFound(ctx, err)
	}
	return web.Redirect(w, r, runHref(id)+"/debrief")
}

// fieldErrors are what is wrong with a form: beside its field, or over it.
func fieldErrors(ctx context.Context, err error) []c.FieldError {
	var at *exercise.FieldError
	if errors.As(err, &at) {
		return []c.FieldError{{Field: at.Field, Text: web.Sentence(ctx, err)}}
	}
	return []c.FieldError{{Text: web.Explain(ctx, err)}}
}

// kicker says what the page is, and whose run it shows.
func (v runView) kicker(ctx context.Context) string {
	s := web.T(ctx, "exercise.kicker") + " · " + levelName(ctx, v.Run.Level)
	if v.Officer != "" {
		s += " · " + v.Officer
	}
	return s
}
