package caseweb

import (
	"context"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// The pages are what riskweb shows of the unit's work.
var _ riskweb.Work = (*Pages)(nil)

// Marks returns what is being done about consignments of the scope.
func (p *Pages) Marks(ctx context.Context, scope cargo.ScopeID, ids []int64) (map[int64]riskweb.Mark, error) {
	marks, err := p.Cases.Marks(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]riskweb.Mark, len(marks))
	for id, m := range marks {
		if m.Released {
			out[id] = riskweb.Mark{Label: web.T(ctx, "case.ending.released"), Tone: web.Good}
			continue
		}
		out[id] = riskweb.Mark{Label: standing(ctx, m.State, m.Ending), Tone: standingTone(m.State, m.Ending), Href: caseHref(m.Case)}
	}
	return out, nil
}

// panelView is what the unit did about a consignment.
type panelView struct {
	Cargo   *cargo.Consignment
	Cases   []casework.Summary
	Open    bool // one of them is open
	Release *casework.ReleaseNote
	People  people
	May     bool
}

// Panel returns what the unit did about the consignment, and what it may do next.
func (p *Pages) Panel(ctx context.Context, cons *cargo.Consignment) (templ.Component, error) {
	viewer, scope, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	v := panelView{Cargo: cons, May: viewer.Can(identity.Decide)}
	if v.Cases, err = p.Cases.CasesOf(ctx, scope, cons.ID); err != nil {
		return nil, err
	}
	var others []int64
	for _, s := range v.Cases {
		v.Open = v.Open || s.State.Open()
		others = append(others, s.Owner)
	}
	note, err := p.Cases.ReleaseOf(ctx, scope, cons.ID)
	switch {
	case err == nil:
		v.Release = &note
		others = append(others, note.Officer)
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	if v.People, err = p.people(ctx, viewer, others...); err != nil {
		return nil, err
	}
	return workPanel(v), nil
}

// summaryView is the unit's work at a glance.
type summaryView struct {
	Columns []casework.Column // the open states
	Mine    int
	Overdue int
	Waiting int
	Tasks   []casework.CaseTask
}

// mostTasks is how many tasks the summary names.
const mostTasks = 5

// Summary returns the open cases by state, and what of them wants the viewer.
func (p *Pages) Summary(ctx context.Context, scope cargo.ScopeID) (templ.Component, error) {
	viewer, _, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	var v summaryView
	if v.Columns, err = p.Cases.Board(ctx, scope, casework.Filter{States: openStates}, 1); err != nil {
		return nil, err
	}
	for _, one := range []struct {
		count  *int
		filter casework.Filter
	}{
		{&v.Mine, casework.Filter{States: openStates, Mine: true}},
		{&v.Overdue, casework.Filter{States: openStates, DueBefore: p.Cases.Now()}},
		{&v.Waiting, casework.Filter{Waiting: true}},
	} {
		page, err := p.Cases.List(ctx, scope, one.filter, 0, 1)
		if err != nil {
			return nil, err
		}
		*one.count = page.Total
	}
	if v.Tasks, err = p.Cases.Tasks(ctx, scope, viewer.Officer.ID, mostTasks); err != nil {
		return nil, err
	}
	return workSummary(v), nil
}

// stat is a figure of the summary and where it leads.
type stat struct {
	Label, Href string
	Count       int
	Tone        web.Tone
}

func (v summaryView) stats(ctx context.Context) []stat {
	at := func(change func(*query)) string { return query{}.with(change) }
	out := []stat{
		{web.T(ctx, "case.summary.mine"), at(func(q *query) { q.Owner = "mine" }), v.Mine, ""},
		{web.T(ctx, "case.summary.overdue"), at(func(q *query) { q.Overdue = true }), v.Overdue, web.Bad},
		{web.T(ctx, "case.summary.aside"), at(func(q *query) { q.Waiting, q.All = true, true }), v.Waiting, web.Warning},
	}
	for _, column := range v.Columns {
		out = append(out, stat{stateName(ctx, column.State), at(func(q *query) { q.States = []casework.State{column.State} }), column.Count, ""})
	}
	return out
}

// Nav returns the menu items of these pages, in the language of ctx; nothing for someone
// who may not see the queue. The count is of the viewer's open cases, and is left out
// when it cannot be had: a menu is no place for an error.
func (p *Pages) Nav(ctx context.Context) []web.NavItem {
	_, scope, err := enter(ctx)
	if err != nil {
		return nil
	}
	item := web.NavItem{ID: "cases", Icon: "folder", Label: web.T(ctx, "case.nav.cases"), Href: "/cases"}
	if page, err := p.Cases.List(ctx, scope, casework.Filter{States: openStates, Mine: true}, 0, 1); err == nil {
		item.Badge = page.Total
	}
	return []web.NavItem{item}
}

// SettingsNav returns the menu item of the rules that propose cases.
func SettingsNav(ctx context.Context) []web.NavItem {
	if viewer, ok := identity.From(ctx); !ok || !viewer.Can(identity.SeeQueue) {
		return nil
	}
	return []web.NavItem{{ID: "case-rules", Icon: "bulb", Label: web.T(ctx, "case.nav.rules"), Href: "/settings/case-rules"}}
}
