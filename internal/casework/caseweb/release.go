package caseweb

import (
	"context"
	"net/http"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

// releaseForm is the name of the form of a release in bulk.
const releaseForm = "release"

// releaseView is the question before consignments are released together, and afterwards
// what became of it.
type releaseView struct {
	form
	Chosen  []chosenView
	Refused map[int64]casework.Refusal
	Back    string
	Key     string
	Done    bool
}

// low are the consignments that can be released.
func (v releaseView) low() (out []chosenView) {
	for _, o := range v.Chosen {
		if _, no := v.Refused[o.ID]; !no {
			out = append(out, o)
		}
	}
	return out
}

// release asks for the reason, then releases what may be released in one act. The form's
// second step says so by its field "do".
func (p *Pages) release(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	v := releaseView{Back: backOf(r), Key: newKey()}
	ids := chosenIDs(r.PostForm)
	if len(ids) == 0 {
		web.AddFlash(w, r, web.Warning, web.T(ctx, "case.release.none"))
		return web.Redirect(w, r, v.Back)
	}
	if v.Chosen, err = p.chosen(ctx, scope, ids); err != nil {
		return err
	}
	if r.PostForm.Has("do") {
		return p.releaseNow(w, r, scope, ids, v)
	}
	if v.Refused, err = p.refusals(ctx, scope, ids); err != nil {
		return err
	}
	return web.Render(w, r, releasePage(v))
}

func (p *Pages) releaseNow(w http.ResponseWriter, r *http.Request, scope cargo.ScopeID, ids []int64, v releaseView) error {
	ctx, in := r.Context(), input{r, releaseForm}
	answer, err := p.Cases.Release(ctx, scope, casework.Bulk{Consignments: ids, Reason: in.reason(), Rest: true, Key: r.PostForm.Get("key")})
	switch {
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		v.form = form{Name: releaseForm, Typed: r.PostForm, Errors: fieldErrors(ctx, releaseForm, err)}
		var loadErr error
		if v.Refused, loadErr = p.refusals(ctx, scope, ids); loadErr != nil {
			return loadErr
		}
		return web.RenderStatus(w, r, fault.Status(err), releasePage(v))
	case err != nil:
		return orNotFound(ctx, err)
	}
	v.Done, v.Refused = true, byConsignment(answer.Refused)
	return web.Render(w, r, releasePage(v))
}

// refusals says beforehand what the core will refuse to release in bulk.
func (p *Pages) refusals(ctx context.Context, scope cargo.ScopeID, ids []int64) (map[int64]casework.Refusal, error) {
	refused, err := p.Cases.Refusals(ctx, scope, ids)
	return byConsignment(refused), err
}

func byConsignment(refused []casework.Refusal) map[int64]casework.Refusal {
	out := make(map[int64]casework.Refusal, len(refused))
	for _, no := range refused {
		out[no.Consignment] = no
	}
	return out
}

func (v releaseView) title(ctx context.Context) string {
	if v.Done {
		return web.T(ctx, "case.release.result")
	}
	return web.T(ctx, "case.release.title", "Count", len(v.Chosen))
}
