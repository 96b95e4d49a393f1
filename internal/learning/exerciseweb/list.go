package exerciseweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/store"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// listView is what an officer can take, and has taken.
type listView struct {
	Offers  []exercise.Offer
	Runs    []exercise.Run
	Ratings []exercise.Rating
	Teaches bool
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := listView{Teaches: teaches(ctx)}
	var err error
	if v.Offers, err = p.Exercises.Offers(ctx); err != nil {
		return err
	}
	if v.Runs, err = p.Exercises.Runs(ctx); err != nil {
		return err
	}
	if v.Ratings, err = p.Exercises.Ratings(ctx); err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

// taskView is one task, to be taken alone or given to several.
type taskView struct {
	exercise.Offer
	Level   exercise.Level
	Teaches bool
	Members []member
	Errors  []c.FieldError
}

// member is an officer who can be given an exercise.
type member struct {
	ID     int64
	Name   string
	Chosen bool
}

func (p *Pages) task(w http.ResponseWriter, r *http.Request) error {
	v, err := p.taskView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, taskPage(v))
}

func (p *Pages) taskView(r *http.Request) (taskView, error) {
	ctx := r.Context()
	o, err := p.Exercises.Offer(ctx, r.PathValue("key"))
	if err != nil {
		return taskView{}, orNotFound(ctx, err)
	}
	v := taskView{Offer: o, Level: o.Proposed, Teaches: teaches(ctx)}
	if v.Teaches {
		v.Members, err = p.members(ctx, nil)
	}
	return v, err
}

func (p *Pages) start(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	run, err := p.Exercises.Start(ctx, r.PathValue("key"), exercise.Level(r.PostFormValue("level")))
	if fault.Is(err, fault.Invalid) {
		v, viewErr := p.taskView(r)
		if viewErr != nil {
			return viewErr
		}
		v.Errors = fieldErrors(ctx, err)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, taskPage(v))
	}
	if err != nil {
		return orNotFound(ctx, err)
	}
	return web.Redirect(w, r, runHref(run.ID))
}

// formView is the form of a coordinator's own task.
type formView struct {
	Title, Text, Seed    string
	Consignments, Select string
	Skill                string
	Schemes              []string // chosen
	All                  []c.Option
	Errors               []c.FieldError
}

// Sizes that the form proposes: an hour's work.
const (
	usualConsignments = "120"
	usualSelect       = "8"
)

func (p *Pages) form(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, formPage(formView{
		Consignments: usualConsignments, Select: usualSelect, Skill: exercise.Skills[0], All: schemeOptions(r.Context(), p.Schemes),
	}))
}

func (p *Pages) make(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "exercise.wrong.form"))
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	v := formView{
		Title: get("title"), Text: get("text"), Seed: get("seed"), Consignments: get("consignments"), Select: get("select"), Skill: get("skill"),
		Schemes: r.PostForm["schemes"], All: schemeOptions(ctx, p.Schemes),
	}
	task, err := v.read(ctx)
	var key string
	if err == nil {
		key, err = p.Exercises.Make(ctx, task)
	}
	if fault.Is(err, fault.Invalid) {
		v.Errors = fieldErrors(ctx, err)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, formPage(v))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "exercise.made"))
	return web.Redirect(w, r, taskHref(key))
}

// read returns the task as typed. What its author writes stands for all languages.
func (v formView) read(ctx context.Context) (exercise.Task, error) {
	t := exercise.Task{
		Title: map[string]string{"en": store.Text(v.Title)}, Text: map[string]string{"en": store.Text(v.Text)}, Schemes: v.Schemes,
	}
	if v.Skill != "" {
		t.Skill = []string{v.Skill}
	}
	for _, n := range []struct {
		field, text string
		to          *int
	}{{"consignments", v.Consignments, &t.Consignments}, {"select", v.Select, &t.Select}} {
		var err error
		if *n.to, err = strconv.Atoi(n.text); err != nil {
			return t, notNumber(ctx, n.field)
		}
	}
	if v.Seed != "" {
		var err error
		if t.Seed, err = strconv.ParseUint(v.Seed, 10, 32); err != nil {
			return t, notNumber(ctx, "seed")
		}
	}
	return t, nil
}

func notNumber(ctx context.Context, field string) error {
	return &exercise.FieldError{Field: field, Fault: fault.New(fault.Invalid, "%s", web.T(ctx, "exercise.wrong.number"))}
}

func (v formView) field(name, label, value string) c.FieldInfo {
	return c.FieldInfo{Name: name, Label: label, Value: value}.With(v.Errors)
}

// errorOf is what is wrong with a field that is no component.
func errorOf(errors []c.FieldError, field string) string {
	return c.FieldInfo{Name: field}.With(errors).Error
}

// optional marks a field that may be left empty, and says what happens then.
func optional(f c.FieldInfo, hint string) c.FieldInfo {
	f.Optional, f.Hint = true, hint
	return f
}

// short makes a field one for a number.
func short(f c.FieldInfo) c.FieldInfo {
	f.Width, f.Attrs = "short", map[string]any{"inputmode": "numeric"}
	return f
}

func skillOptions(ctx context.Context) (out []c.Option) {
	for _, s := range exercise.Skills {
		out = append(out, c.Option{Value: s, Label: skillName(ctx, s)})
	}
	return out
}
