package caseweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// caseView is one case as it is shown, with the form that was sent and not accepted.
type caseView struct {
	*casework.Case
	form
	Viewer    identity.Viewer
	People    people
	Members   []memberView
	Late      int    // number of the viewer's act that came too late just now, and was set aside; 0 for none
	Step      string // the form of a step that stands open, such as "hold"
	Exports   []web.Link
	Now       time.Time
	MayDecide bool
}

// memberView is a consignment of a case.
type memberView struct {
	casework.Member
	Cargo    *cargo.Consignment // as it is stated now; nil when it has gone
	Kept     risk.Kept
	Findings []findingView
	More     int // findings that are not shown
	From, To string
	Outcome  *casework.OutcomeVersion
}

// findingView is one reason to look, with what it saw.
type findingView struct {
	ID       string
	Title    string
	Points   risk.LogOdds
	Evidence []evidenceView
}

// evidenceView is a field that a finding cites.
type evidenceView struct{ Label, Value string }

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	v, err := p.caseView(r.Context(), viewer, k, form{})
	if err != nil {
		return err
	}
	v.Step = r.URL.Query().Get("do")
	if err := p.saw(r.Context(), k.ID); err != nil {
		return err
	}
	return web.Render(w, r, casePage(v))
}

func (p *Pages) caseView(ctx context.Context, viewer identity.Viewer, k *casework.Case, f form) (caseView, error) {
	v := caseView{Case: k, form: f, Viewer: viewer, Now: p.Cases.Now(), MayDecide: viewer.Can(identity.Decide)}
	var err error
	if v.People, err = p.people(ctx, viewer, caseword.Officers(k)...); err != nil {
		return v, err
	}
	if v.Members, err = p.memberViews(ctx, k); err != nil {
		return v, err
	}
	if p.Exports != nil {
		v.Exports = p.Exports(ctx, k)
	}
	return v, nil
}

// mostFindings and mostEvidence are how many reasons of a consignment a case names, and
// how many fields of each.
const (
	mostFindings = 3
	mostEvidence = 2
)

// memberViews loads the consignments of a case in a few statements, however many they are.
func (p *Pages) memberViews(ctx context.Context, k *casework.Case) ([]memberView, error) {
	var ids []int64
	for _, m := range k.Consignments {
		ids = append(ids, m.Consignment)
	}
	current, err := p.Cases.Cargo.Current(ctx, k.Scope, ids)
	if err != nil {
		return nil, err
	}
	kept, err := p.Cases.Risk.Newest(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []memberView
	for _, m := range k.Consignments {
		v := memberView{Member: m, Cargo: current[m.Consignment], Kept: kept[m.Consignment], From: p.placeName(m.Loading), To: p.placeName(m.Unloading)}
		v.find(ctx)
		if o, has := k.Outcome(m.Consignment); has {
			v.Outcome = &o
		}
		out = append(out, v)
	}
	return out, nil
}

// find picks the findings that speak most for a look.
func (v *memberView) find(ctx context.Context) {
	for _, f := range v.Kept.Findings {
		if f.Contribution <= 0 {
			continue
		}
		if len(v.Findings) == mostFindings {
			v.More++
			continue
		}
		fv := findingView{ID: f.Indicator, Title: riskweb.IndicatorTitle(ctx, f.Indicator), Points: f.Contribution}
		for _, e := range f.Evidence {
			ev := evidenceView{cargoweb.FieldLabelOf(ctx, e.Field, v.Cargo), cargoweb.Short(cargoweb.FieldValue(ctx, e.Field, e.Value), 60)}
			if stated := strings.Trim(e.Value, " —–") != ""; stated && len(fv.Evidence) < mostEvidence && !slices.Contains(fv.Evidence, ev) {
				fv.Evidence = append(fv.Evidence, ev)
			}
		}
		v.Findings = append(v.Findings, fv)
	}
}

func (p *Pages) placeName(code string) string {
	if code == "" {
		return ""
	}
	if p.Reference != nil {
		if at, ok := p.Reference.Place(reference.Locode(code)); ok {
			return at.Name
		}
	}
	return code
}

func (v memberView) href() string { return "/consignments/" + idText(v.Consignment) }

// goods says in few words what a consignment holds: its heaviest item.
func (v memberView) goods() string {
	best := -1
	if v.Cargo == nil {
		return ""
	}
	for i, g := range v.Cargo.Goods {
		if g.Description != "" && (best < 0 || g.GrossMass > v.Cargo.Goods[best].GrossMass) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return cargoweb.Short(v.Cargo.Goods[best].Description, 80)
}

func (v memberView) score() c.ScoreInfo {
	s := c.ScoreInfo{Base: float64(v.Score), Tone: channelTone(v.Channel)}
	if len(v.Kept.Findings) == 0 {
		return s
	}
	s.Base = float64(v.Kept.Base)
	for _, f := range v.Kept.Findings {
		s.Parts = append(s.Parts, c.ScorePart{Label: f.Indicator, Value: float64(f.Contribution)})
	}
	return s
}

// was says the score at which the case got the consignment, when it is another one now.
func (v memberView) was(ctx context.Context) string {
	if !v.Assessed || v.Kept.Version == 0 || v.Kept.Score == v.Score {
		return ""
	}
	return web.T(ctx, "case.score.was", "Score", web.Signed(ctx, float64(v.Score), 1))
}

// present are the consignments that are in the case now.
func (v caseView) present() []memberView {
	return slices.DeleteFunc(slices.Clone(v.Members), func(m memberView) bool { return m.Removed })
}

// member returns a consignment of the case, now or before.
func (v caseView) member(id int64) memberView {
	for _, m := range v.Members {
		if m.Consignment == id {
			return m
		}
	}
	return memberView{}
}

// unexamined are the consignments that are to be examined and were not: who releases them
// says why in words.
func (v caseView) unexamined() (out []memberView) {
	for _, m := range v.present() {
		if m.High && !(m.Outcome != nil && m.Outcome.Method.Physical()) {
			out = append(out, m)
		}
	}
	return out
}

// found reports whether the newest outcome of any consignment is one of the results.
func (v caseView) found(results ...casework.Result) bool {
	return slices.ContainsFunc(v.present(), func(m memberView) bool {
		return m.Outcome != nil && slices.Contains(results, m.Outcome.Result)
	})
}

func (v caseView) overdue() bool { return overdue(v.Case.Summary(), v.Now) }

// overdue reports whether an open case has passed its deadline.
func overdue(s casework.Summary, now time.Time) bool {
	return s.State.Open() && !s.Deadline.IsZero() && s.Deadline.Before(now)
}

func (v caseView) watched() bool { return slices.Contains(v.Watchers, v.Viewer.Officer.ID) }

func (v caseView) href(anchor string) string {
	if anchor == "" {
		return caseHref(v.ID)
	}
	return caseHref(v.ID) + "#" + anchor
}
