package caseweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// does is a use-case on a case, fed by a form.
type does func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error)

// acts are the forms of a case's page, by their path below the case.
func (p *Pages) acts() map[string]does {
	s := p.Cases
	return map[string]does{
		"select": func(ctx context.Context, ref casework.Ref, _ input) (casework.Done, error) { return s.Select(ctx, ref) },
		"scan": func(ctx context.Context, ref casework.Ref, _ input) (casework.Done, error) {
			return s.OrderScan(ctx, ref)
		},
		"examine": func(ctx context.Context, ref casework.Ref, _ input) (casework.Done, error) {
			return s.OrderExamination(ctx, ref)
		},
		"watch": func(ctx context.Context, ref casework.Ref, _ input) (casework.Done, error) { return s.Watch(ctx, ref) },
		"unwatch": func(ctx context.Context, ref casework.Ref, _ input) (casework.Done, error) {
			return s.Unwatch(ctx, ref)
		},
		"hold": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Hold(ctx, ref, in.reason())
		},
		"lift": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.LiftHold(ctx, ref, in.reason())
		},
		"reopen": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Reopen(ctx, ref, in.reason())
		},
		"conclude/{ending}": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Conclude(ctx, ref, casework.Conclusion{
				Ending: casework.Ending(in.PathValue("ending")), Reason: in.reason(), ReferredTo: in.get("referred_to")})
		},
		"assign": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Assign(ctx, ref, in.number("owner"), in.get("words"))
		},
		"deadline": p.setDeadline,
		"notes": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Note(ctx, ref, in.get("text"))
		},
		"addenda": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.Addendum(ctx, ref, in.get("text"))
		},
		"tasks": p.addTask,
		"tasks/{seq}/close": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.CloseTask(ctx, ref, in.seq())
		},
		"tasks/{seq}/reopen": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.ReopenTask(ctx, ref, in.seq())
		},
		"asides/{seq}/apply": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.ApplyAside(ctx, ref, in.seq())
		},
		"asides/{seq}/dismiss": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			return s.DismissAside(ctx, ref, in.seq(), in.get("words"))
		},
		"consignments": p.addConsignments,
		"consignments/{seq}/remove": func(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
			n, err := pathNumber(in.Request, "seq")
			if err != nil {
				return casework.Done{}, err
			}
			return s.RemoveConsignment(ctx, ref, n, in.get("words"))
		},
	}
}

func (p *Pages) setDeadline(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
	at, err := in.moment("deadline")
	if err != nil {
		return casework.Done{}, err
	}
	return p.Cases.SetDeadline(ctx, ref, at)
}

func (p *Pages) addTask(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
	due, err := in.moment("due")
	if err != nil {
		return casework.Done{}, err
	}
	return p.Cases.AddTask(ctx, ref, casework.NewTask{Text: in.get("text"), For: in.number("for"), Due: due})
}

// addConsignments takes consignments into the case that are named by their document or
// container number.
func (p *Pages) addConsignments(ctx context.Context, ref casework.Ref, in input) (casework.Done, error) {
	id, err := p.byNumber(ctx, ref.Scope, in.get("number"), "number")
	if err != nil {
		return casework.Done{}, err
	}
	return p.Cases.AddConsignments(ctx, ref, []int64{id})
}

// seq is the number of a task or of an act in the address; 0 is none.
func (in input) seq() int {
	n, err := pathNumber(in.Request, "seq")
	if err != nil {
		return 0
	}
	return int(n)
}

// formName names the form of an act by its address, as in "tasks-12-close".
func formName(path string, r *http.Request) string {
	path = strings.NewReplacer("{seq}", r.PathValue("seq"), "{ending}", r.PathValue("ending")).Replace(path)
	return strings.NewReplacer("conclude/", "", "/", "-").Replace(path)
}

// act answers the form of an act: the case again, where something is to be said about it.
func (p *Pages) act(path string, do does) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		viewer, k, err := p.caseOf(r)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", web.T(r.Context(), "case.wrong.form"))
		}
		in := input{r, formName(path, r)}
		done, err := do(r.Context(), refOf(r, k), in)
		if err != nil {
			return p.refused(w, r, viewer, k, form{Name: in.Name, Typed: r.PostForm}, done, err)
		}
		web.AddFlash(w, r, web.Good, web.T(r.Context(), "case.done."+doneWord(path, r)))
		return web.Redirect(w, r, caseHref(k.ID)+anchors[path])
	}
}

// anchors are where the page goes on after an act on a part of it.
var anchors = map[string]string{
	"notes": "#notes", "addenda": "#notes", "tasks": "#tasks", "tasks/{seq}/close": "#tasks", "tasks/{seq}/reopen": "#tasks",
	"consignments": "#consignments", "consignments/{seq}/remove": "#consignments",
}

func refOf(r *http.Request, k *casework.Case) casework.Ref {
	saw, _ := strconv.Atoi(r.PostFormValue("version"))
	return casework.Ref{Scope: k.Scope, Case: k.ID, Saw: saw, Key: r.PostFormValue("key")}
}

// doneWord names the message of what was done.
func doneWord(path string, r *http.Request) string {
	if ending := r.PathValue("ending"); ending != "" {
		return ending
	}
	return strings.ReplaceAll(strings.ReplaceAll(path, "{seq}/", ""), "/", "-")
}

// refused shows the case again: with what is wrong in the form, or with what others did
// meanwhile.
func (p *Pages) refused(w http.ResponseWriter, r *http.Request, viewer identity.Viewer, k *casework.Case, f form, done casework.Done, err error) error {
	ctx := r.Context()
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return orNotFound(ctx, err)
	}
	k, loadErr := p.Cases.Case(ctx, k.Scope, k.ID)
	if loadErr != nil {
		return loadErr
	}
	late := done.Seq != 0
	if !late {
		f.Errors = fieldErrors(ctx, f.Name, err)
	} else {
		f = form{} // what was typed stands in the case
	}
	v, viewErr := p.caseView(ctx, viewer, k, f)
	if viewErr != nil {
		return viewErr
	}
	if late {
		v.Late = done.Seq
	}
	return web.RenderStatus(w, r, fault.Status(err), casePage(v))
}
