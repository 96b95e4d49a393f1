package caseweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// chosenView is a consignment that somebody wants to do something about.
type chosenView struct {
	ID       int64
	Cargo    *cargo.Consignment
	Row      risk.Row
	Assessed bool
	Mark     casework.Mark
	Decided  bool // Mark says something
	Found    string
}

func (v chosenView) href() string { return "/consignments/" + idText(v.ID) }

// taken reports whether an open case has the consignment.
func (v chosenView) taken() bool { return v.Decided && v.Mark.Case != 0 && v.Mark.State.Open() }

// chosenIDs are the consignments of a form, in its order.
func chosenIDs(form url.Values) (ids []int64) {
	for _, text := range form["consignment"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// mostChosen bounds what one form may choose: a page of the queue has fewer.
const mostChosen = 1000

// chosen loads what is known of the consignments, or a fault.NotFound for one that the
// scope does not have.
func (p *Pages) chosen(ctx context.Context, scope cargo.ScopeID, ids []int64) ([]chosenView, error) {
	if len(ids) > mostChosen {
		return nil, fault.New(fault.Invalid, "%s", web.T(ctx, "case.wrong.chosen", "Most", mostChosen))
	}
	current, err := p.Cases.Cargo.Current(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	marks, err := p.Cases.Marks(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	rows, err := p.Cases.Risk.Rows(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	out := make([]chosenView, len(ids))
	for i, id := range ids {
		if current[id] == nil {
			return nil, notFound(ctx)
		}
		v := chosenView{ID: id, Cargo: current[id]}
		v.Mark, v.Decided = marks[id]
		row, assessed := rows[id]
		v.Row, v.Assessed = row.Row, assessed
		out[i] = v
	}
	return out, nil
}

// openView is the question before a case is opened with only a part of what was chosen.
type openView struct {
	Chosen []chosenView
	Back   string
}

// rest are the consignments that no open case has.
func (v openView) rest() []chosenView {
	return slices.DeleteFunc(slices.Clone(v.Chosen), chosenView.taken)
}

// open opens a case with what was chosen in the queue. Where an open case has some of it
// already, it asks first.
func (p *Pages) open(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	back, ids := backOf(r), chosenIDs(r.PostForm)
	if len(ids) == 0 {
		web.AddFlash(w, r, web.Warning, web.T(ctx, "case.open.none"))
		return web.Redirect(w, r, back)
	}
	chosen, err := p.chosen(ctx, scope, ids)
	if err != nil {
		return err
	}
	v := openView{Chosen: chosen, Back: back}
	if id, same := oneCase(chosen); same {
		web.AddFlash(w, r, web.Info, web.T(ctx, "case.open.same"))
		return web.Redirect(w, r, caseHref(id))
	}
	if len(v.rest()) < len(chosen) {
		return web.RenderStatus(w, r, http.StatusConflict, openPage(v))
	}
	done, err := p.Cases.Open(ctx, scope, casework.Opening{Consignments: ids, Origin: casework.FromQueue, Key: r.PostForm.Get("key")})
	var elsewhere *casework.OpenElsewhere
	switch {
	case err == nil:
		web.AddFlash(w, r, web.Good, web.T(ctx, "case.done.open"))
		return web.Redirect(w, r, caseHref(done.Case)+then(r))
	case errors.As(err, &elsewhere): // at this very moment
		if v.Chosen, err = p.chosen(ctx, scope, ids); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusConflict, openPage(v))
	case fault.Is(err, fault.Invalid):
		web.AddFlash(w, r, web.Bad, web.Explain(ctx, err))
		return web.Redirect(w, r, back)
	}
	return err
}

// then is what the officer wants to do with the case at once: the page opens that step.
func then(r *http.Request) string {
	if r.PostForm.Get("then") == "hold" {
		return "?do=hold#hold"
	}
	return ""
}

// backOf is the page to return to, on this site.
func backOf(r *http.Request) string {
	if back := r.PostForm.Get("back"); strings.HasPrefix(back, "/") {
		return back
	}
	return "/queue"
}

// oneCase returns the open case that has all of the consignments, or false.
func oneCase(chosen []chosenView) (int64, bool) {
	for _, v := range chosen {
		if !v.taken() || v.Mark.Case != chosen[0].Mark.Case {
			return 0, false
		}
	}
	return chosen[0].Mark.Case, true
}

// handForm is the name of the form that opens a case by hand.
const handForm = "new"

// handView is the form of a case that an officer opens for a reason of her own.
type handView struct {
	form
	Text  string // that was searched for
	Found []chosenView
	Chose []int64
}

// mostFound is how many consignments the search of that form shows.
const mostFound = 30

func (p *Pages) byHand(w http.ResponseWriter, r *http.Request) error {
	v, err := p.handView(r.Context(), r.URL.Query().Get("q"), chosenIDs(r.URL.Query()), form{})
	if err != nil {
		return err
	}
	return web.Render(w, r, handPage(v))
}

func (p *Pages) handView(ctx context.Context, text string, chose []int64, f form) (handView, error) {
	v := handView{form: f, Text: strings.TrimSpace(text), Chose: chose}
	_, scope, err := enter(ctx)
	if err != nil {
		return v, err
	}
	hits, err := p.Cases.Cargo.Find(ctx, scope, v.Text, 4*mostFound)
	if err != nil {
		return v, err
	}
	ids, by := slices.Clone(chose), map[int64]string{}
	for _, h := range hits {
		if len(ids) < mostFound && !slices.Contains(ids, h.Consignment) {
			ids = append(ids, h.Consignment)
		}
		if by[h.Consignment] == "" && h.Kind != cargo.KeyDocument {
			by[h.Consignment] = web.T(ctx, "risk.key."+h.Kind) + " " + h.Value
		}
	}
	v.Found, err = p.chosen(ctx, scope, ids)
	for i := range v.Found {
		v.Found[i].Found = by[v.Found[i].ID]
	}
	return v, err
}

func (p *Pages) openByHand(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	in, ids := input{r, handForm}, chosenIDs(r.PostForm)
	done, err := p.Cases.Open(ctx, scope, casework.Opening{
		Consignments: ids, Origin: casework.ByHand, Title: in.get("title"), Because: in.get("because"), Key: r.PostForm.Get("key")})
	if kind := fault.KindOf(err); kind == fault.Invalid || kind == fault.Conflict {
		f := form{Name: handForm, Typed: r.PostForm, Errors: fieldErrors(ctx, handForm, err)}
		v, viewErr := p.handView(ctx, in.get("q"), ids, f)
		if viewErr != nil {
			return viewErr
		}
		return web.RenderStatus(w, r, fault.Status(err), handPage(v))
	}
	if err != nil {
		return orNotFound(ctx, err)
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "case.done.open"))
	return web.Redirect(w, r, caseHref(done.Case))
}

// byNumber returns the one consignment that a document or container number names.
func (p *Pages) byNumber(ctx context.Context, scope cargo.ScopeID, number, field string) (int64, error) {
	hits, err := p.Cases.Cargo.Find(ctx, scope, number, mostFound)
	if err != nil {
		return 0, err
	}
	best := map[int64]bool{}
	for _, whole := range []bool{true, false} { // a number that is typed whole wins
		for _, h := range hits {
			if !whole || len(h.Value) == len(strings.Join(strings.Fields(number), "")) {
				best[h.Consignment] = true
			}
		}
		if len(best) > 0 {
			break
		}
	}
	switch len(best) {
	case 0:
		return 0, wrong(ctx, field, "case.wrong.number.none")
	case 1:
		for id := range best {
			return id, nil
		}
	}
	return 0, wrong(ctx, field, "case.wrong.number.many")
}

// mayDecide reports whether the viewer may do something about consignments.
func mayDecide(ctx context.Context) bool {
	viewer, ok := identity.From(ctx)
	return ok && viewer.Can(identity.Decide)
}

// partyName is the name of the consignor, or of the consignee.
func partyName(c *cargo.Consignment, consignor bool) string {
	role := cargo.Consignee
	if consignor {
		role = cargo.Consignor
	}
	if p := c.Party(role); p != nil {
		return p.Name
	}
	return ""
}
