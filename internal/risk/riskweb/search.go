package riskweb

import (
	"context"
	"net/http"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/web"
)

// mostHits bounds what a search lists of each kind.
const mostHits = 30

// searchView is what a search found.
type searchView struct {
	Text    string
	Hits    []hit
	Parties []cargo.PartyHit
	Cut     bool // there may be more
}

// hit is a consignment with the numbers by which it was found.
type hit struct {
	line
	Found []cargo.Hit
}

// search looks for numbers and names. A single consignment is opened at once.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "")
	}
	v := searchView{Text: text}
	found, err := p.Cargo.Find(ctx, scope.ID, text, mostHits)
	if err != nil {
		return err
	}
	if v.Parties, err = p.Cargo.FindParties(ctx, scope.ID, text, mostHits); err != nil {
		return err
	}
	if id, one := only(found); one && len(v.Parties) == 0 {
		return web.Redirect(w, r, "/consignments/"+idText(id))
	}
	if len(found) == 0 && len(v.Parties) == 1 {
		return web.Redirect(w, r, "/parties/"+idText(v.Parties[0].ID))
	}
	v.Cut = len(found) == mostHits || len(v.Parties) == mostHits
	if v.Hits, err = p.hits(ctx, scope.ID, found); err != nil {
		return err
	}
	return web.Render(w, r, searchPage(v))
}

// only returns the one consignment that all hits are of.
func only(found []cargo.Hit) (int64, bool) {
	for _, h := range found {
		if h.Consignment != found[0].Consignment {
			return 0, false
		}
	}
	if len(found) == 0 {
		return 0, false
	}
	return found[0].Consignment, true
}

// hits loads the consignments that were found, in the order in which they were.
func (p *Pages) hits(ctx context.Context, scope cargo.ScopeID, found []cargo.Hit) ([]hit, error) {
	var ids []int64
	by := map[int64][]cargo.Hit{}
	for _, f := range found {
		if by[f.Consignment] == nil {
			ids = append(ids, f.Consignment)
		}
		by[f.Consignment] = append(by[f.Consignment], f)
	}
	current, err := p.Cargo.Current(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	kept, err := p.Assessments.Newest(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := p.places()
	out := make([]hit, 0, len(ids))
	for _, id := range ids {
		if c := current[id]; c != nil {
			l := line{Consignment: c, Kept: kept[id], Names: names}
			l.Row.Consignment, l.Row.Score, l.Row.Mode = id, kept[id].Score, c.Transport.Mode
			out = append(out, hit{line: l, Found: by[id]})
		}
	}
	return out, nil
}
