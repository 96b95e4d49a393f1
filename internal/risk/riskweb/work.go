package riskweb

import (
	"context"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// Work is what the unit does about consignments: the queue ends where it begins, and
// another domain keeps it. Where Options.Work is set,
//
//   - the rows of the queue, of the home page and of a party carry its marks,
//   - a viewer who may identity.Decide can choose rows of the queue, and send them as a
//     POST form to /cases ("Open a case") or /releases ("Release"),
//   - a consignment's page shows its panel under the verdict,
//   - the home page shows its summary under the figures.
//
// The form has the field "consignment" once for each chosen row, the consignment's id in
// decimal, in the order of the queue; and "back", the address of the page of the queue
// (a path, as "/queue?mode=rail&page=2") to return to. It may be sent with no
// consignment at all. The implementer registers both addresses, checks that the ids are
// of the viewer's scope, and says what was done.
type Work interface {
	// Marks returns, in one query for a page of at most some hundred ids, what is being
	// done about consignments of the scope. Those without a mark are left out.
	Marks(ctx context.Context, scope cargo.ScopeID, ids []int64) (map[int64]Mark, error)
	// Panel returns what the unit did about the consignment, of the viewer's scope, and
	// what it may do next, as the content of a section with a heading; nil shows none.
	Panel(ctx context.Context, c *cargo.Consignment) (templ.Component, error)
	// Summary returns the unit's work at a glance, as the content of a section with a
	// heading; nil shows none.
	Summary(ctx context.Context, scope cargo.ScopeID) (templ.Component, error)
}

// Mark says in a word or two what is being done about a consignment.
type Mark struct {
	Label string   // in the person's language, such as "Held"
	Tone  web.Tone // its colour; empty is neutral
	Href  string   // where the work stands; may be empty
}

// work loads what is done about one consignment.
func (p *Pages) work(ctx context.Context, scope cargo.ScopeID, v *consignmentView) error {
	if p.Work == nil {
		return nil
	}
	one := []line{{Row: risk.Row{Consignment: v.ID}}}
	if err := p.mark(ctx, scope, one); err != nil {
		return err
	}
	v.Mark = one[0].Mark
	var err error
	v.Work, err = p.Work.Panel(ctx, v.Consignment)
	return err
}

// mark sets the marks of lines.
func (p *Pages) mark(ctx context.Context, scope cargo.ScopeID, lines []line) error {
	if p.Work == nil || len(lines) == 0 {
		return nil
	}
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = l.Row.Consignment
	}
	marks, err := p.Work.Marks(ctx, scope, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if m, ok := marks[id]; ok {
			if m.Tone == "" {
				m.Tone = web.Neutral
			}
			lines[i].Mark = &m
		}
	}
	return nil
}

// mayChoose reports whether the viewer may choose rows to act upon: never in an exercise,
// whose traffic nobody works on.
func (p *Pages) mayChoose(ctx context.Context) bool {
	viewer, ok := identity.From(ctx)
	scope, err := cargoweb.ScopeOf(ctx)
	return ok && err == nil && scope.Kind != cargo.Exercise && p.Work != nil && viewer.Can(identity.Decide)
}
