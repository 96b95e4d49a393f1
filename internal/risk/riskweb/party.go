package riskweb

import (
	"context"
	"net/http"
	"strconv"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// partyView is a party with its consignments in the order of the queue.
type partyView struct {
	Party  cargo.PartyHit
	Lines  []line
	Counts risk.Counts
	Fired  []fired
	Page   int
}

func (p *Pages) party(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	id, err := pathID(r)
	if err != nil {
		return err
	}
	v := partyView{Page: parseQuery(r.URL.Query()).Page}
	if v.Party, err = p.Cargo.Party(ctx, scope.ID, id); err != nil {
		return orNotFound(ctx, err, "risk.none.party")
	}
	board := p.Assessments.Board(scope.ID)
	page, err := board.Page(ctx, risk.Filter{Party: id}, (v.Page-1)*pageSize, pageSize)
	if err != nil {
		return err
	}
	v.Counts = page.Counts
	if v.Lines, err = p.lines(ctx, scope.ID, page.Rows); err != nil {
		return err
	}
	counts, err := board.IndicatorCounts(ctx, risk.Filter{Party: id})
	if err != nil {
		return err
	}
	v.Fired = homeView{}.mostFired(counts)
	for i := range v.Fired {
		v.Fired[i].Href = query{Party: id, Indicators: []string{v.Fired[i].ID}}.href()
	}
	if err := p.Audit.Saw(ctx, "party", idText(id)); err != nil {
		return err
	}
	return web.Render(w, r, partyPage(v))
}

func (v partyView) href(page int) string {
	at := "/parties/" + idText(v.Party.ID)
	if page > 1 {
		at += "?page=" + strconv.Itoa(page)
	}
	return at
}

func (v partyView) pager(ctx context.Context) c.PagerInfo {
	first := (v.Page-1)*pageSize + 1
	last := min(first+pageSize-1, v.Counts.Total)
	info := c.PagerInfo{Text: web.T(ctx, "risk.queue.span", "First", first, "Last", last, "Total", v.Counts.Total)}
	if v.Page > 1 {
		info.Previous = v.href(v.Page - 1)
	}
	if last < v.Counts.Total {
		info.Next = v.href(v.Page + 1)
	}
	return info
}

// lead says where the party is.
func (v partyView) lead(ctx context.Context) string {
	return joined([]string{v.Party.City, countryName(ctx, v.Party.Country)})
}
