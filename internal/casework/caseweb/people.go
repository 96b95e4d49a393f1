package caseweb

import (
	"context"

	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// people are the officers that a page speaks of.
type people struct {
	members []identity.Member
	names   map[int64]string
}

// people loads the colleagues of the unit, and those others whose acts are shown: a case
// outlives the membership of who worked on it.
func (p *Pages) people(ctx context.Context, viewer identity.Viewer, others ...int64) (people, error) {
	out := people{names: map[int64]string{}}
	var err error
	if out.members, err = p.Cases.Officers.OfUnit(ctx, viewer.Unit.ID); err != nil {
		return out, err
	}
	for _, m := range out.members {
		out.names[m.ID] = m.Name
	}
	for _, id := range others {
		if _, known := out.names[id]; known || id == 0 {
			continue
		}
		officer, err := p.Cases.Officers.Get(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return out, err
		}
		out.names[id] = officer.Name
	}
	return out, nil
}

// name is an officer's name; 0 is the program.
func (p people) name(ctx context.Context, id int64) string {
	return caseword.OfficerName(ctx, p.names, id)
}

// owner is the name of who has a case; nobody is a word of its own.
func (p people) owner(ctx context.Context, id int64) string {
	if id == 0 {
		return web.T(ctx, "case.nobody")
	}
	return p.name(ctx, id)
}

// options offer the colleagues that may act, after a choice for none of them.
func (p people) options(none string) []c.Option {
	out := []c.Option{{Value: "0", Label: none}}
	for _, m := range p.members {
		if m.Active {
			out = append(out, c.Option{Value: idText(m.ID), Label: m.Name})
		}
	}
	return out
}
