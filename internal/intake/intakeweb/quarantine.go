package intakeweb

import (
	"net/http"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

// heldListed is how many problems one page lists.
const heldListed = 100

// quarantineView is the list of problems, of one import or of all.
type quarantineView struct {
	Import *intake.Import // nil: of all
	Items  []intake.Quarantined
	Names  map[int64]string // of the imports
	All    bool             // those that are dealt with, too
	Open   int
	Next   string
	Path   string
}

func (p *Pages) quarantine(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, scope, err := enter(ctx, identity.SeeQueue)
	if err != nil {
		return err
	}
	v := quarantineView{Path: "/quarantine", All: r.URL.Query().Get("show") == "all", Names: map[int64]string{}}
	var importID int64
	if r.PathValue("id") != "" {
		if _, v.Import, err = p.importOf(r, identity.SeeQueue); err != nil {
			return err
		}
		importID, v.Path = v.Import.ID, importHref(v.Import.ID, "/quarantine")
	}
	after, err := afterOf(r)
	if err != nil {
		return err
	}
	if v.Items, err = p.Imports.Quarantine(ctx, scope, importID, !v.All, after, heldListed+1); err != nil {
		return err
	}
	if len(v.Items) > heldListed {
		v.Items = v.Items[:heldListed]
		v.Next = v.Path + "?after=" + strconv.FormatInt(v.Items[heldListed-1].ID, 10)
		if v.All {
			v.Next += "&show=all"
		}
	}
	for _, it := range v.Items {
		if _, known := v.Names[it.Import]; !known {
			im, err := p.Imports.Get(ctx, scope, it.Import)
			if err != nil {
				return err
			}
			v.Names[it.Import] = nameOf(ctx, im)
		}
	}
	if v.Open, err = p.Imports.OpenProblems(ctx, scope); err != nil {
		return err
	}
	return web.Render(w, r, quarantinePage(v))
}

func afterOf(r *http.Request) (int64, error) {
	s := r.URL.Query().Get("after")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "%.40q is no place in the list", s)
	}
	return n, nil
}

// heldView is the page of one problem, on which its record is mended.
type heldView struct {
	Item    intake.Quarantined
	Import  *intake.Import
	Others  []intake.Quarantined // further problems of the same record
	Lines   []components.RawLine // around the offending place
	Text    string               // of the record, as it is or as it was sent
	NoText  string               // why there is no text to mend
	Reason  string               // as it was sent
	Wrong   []components.FieldError
	MayMend bool
}

func (p *Pages) held(w http.ResponseWriter, r *http.Request) error {
	v, err := p.heldView(r, identity.SeeQueue)
	if err != nil {
		return err
	}
	if err := p.Audit.Saw(r.Context(), "quarantine", strconv.FormatInt(v.Item.ID, 10)); err != nil {
		return err
	}
	return web.Render(w, r, heldPage(v))
}

// heldView loads a problem with its record and surroundings.
func (p *Pages) heldView(r *http.Request, a identity.Action) (v heldView, err error) {
	ctx := r.Context()
	viewer, scope, err := enter(ctx, a)
	if err != nil {
		return v, err
	}
	id, err := pathID(r)
	if err != nil {
		return v, err
	}
	v.MayMend = viewer.Can(identity.Mend)
	v.Item, v.Text, err = p.Imports.Held(ctx, scope, id)
	if v.Item.ID != 0 && fault.Is(err, fault.Invalid) {
		v.NoText, err = web.Explain(ctx, err), nil // such as a record that is too long for a page
	}
	if err != nil {
		return v, err
	}
	if v.Import, err = p.Imports.Get(ctx, scope, v.Item.Import); err != nil {
		return v, err
	}
	siblings, err := p.Imports.Siblings(ctx, scope, v.Item)
	if err != nil {
		return v, err
	}
	for _, it := range siblings {
		if it.ID != v.Item.ID {
			v.Others = append(v.Others, it)
		}
	}
	return v, p.surroundings(r, &v)
}

// around is how much of the file stands before and behind the offending place.
const around = 200

func (p *Pages) surroundings(r *http.Request, v *heldView) error {
	at := v.Item.At
	if v.Import.Format == intake.XLSX || at.Length == 0 && at.Offset == 0 {
		return nil
	}
	from := max(0, at.Offset-around)
	x, err := p.Imports.Show(r.Context(), v.Import.Scope, v.Import.ID, from, min(at.Length, 4096)+2*around)
	if err != nil {
		return err
	}
	lines, err := p.Imports.Lines(r.Context(), x)
	if err != nil {
		return err
	}
	v.Lines = rawLines(lines, x.Encoding, span{at.Offset, int64(at.Length)}, reasonText(r.Context(), v.Item.Reason))
	return nil
}

func (p *Pages) mend(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, scope, err := enter(ctx, identity.Mend)
	if err != nil {
		return err
	}
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	// A browser sends every line end of a text field as CR LF (HTML Living Standard §4.10.22).
	text := strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	c, err := p.Imports.Mend(ctx, scope, id, text, viewer.Officer.ID)
	if fault.Is(err, fault.Invalid) {
		return p.heldAgain(w, r, identity.Mend, func(v *heldView) {
			v.Text = text
			v.Wrong = []components.FieldError{{Field: "text", Text: mendText(ctx, err)}}
		})
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "intake.mended", "Document", c.Document.Number))
	return web.Redirect(w, r, consignmentHref(c))
}

func (p *Pages) dismiss(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, scope, err := enter(ctx, identity.Mend)
	if err != nil {
		return err
	}
	id, err := pathID(r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	err = p.Imports.Dismiss(ctx, scope, id, reason, viewer.Officer.ID)
	if fault.Is(err, fault.Invalid) {
		return p.heldAgain(w, r, identity.Mend, func(v *heldView) {
			v.Wrong = []components.FieldError{{Field: "reason", Text: web.T(ctx, "intake.dismiss.none")}}
		})
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Info, web.T(ctx, "intake.dismissed"))
	return web.Redirect(w, r, "/quarantine")
}

// heldAgain shows the page again with what was sent and what is wrong with it.
func (p *Pages) heldAgain(w http.ResponseWriter, r *http.Request, a identity.Action, change func(*heldView)) error {
	v, err := p.heldView(r, a)
	if err != nil {
		return err
	}
	change(&v)
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, heldPage(v))
}
