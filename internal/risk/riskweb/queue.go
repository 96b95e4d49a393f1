package riskweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// pageSize is how many consignments one page of the queue shows.
const pageSize = 50

// queueView is a page of the queue as it is shown.
type queueView struct {
	Query  query
	Lines  []line
	Counts risk.Counts // of all that the query wants
	Facets risk.Facets
	Places []c.Option
	Views  []risk.SavedView
	Party  string // name of the party that is asked for
	Today  time.Time
	Names  places
	Choose bool // rows can be ticked, to act upon them
}

func (p *Pages) queue(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	if place := r.URL.Query().Get("place"); place != "" {
		if code := placeCode(p.Reference, place); code != placeText(place) {
			q := parseQuery(r.URL.Query())
			q.Place = code
			return web.Redirect(w, r, q.href())
		}
	}
	v, err := p.queueView(ctx, scope.ID, parseQuery(r.URL.Query()))
	if err != nil {
		return err
	}
	if viewer, ok := identity.From(ctx); ok {
		if v.Views, err = p.Assessments.Views(ctx, scope.ID, viewer.Officer.ID); err != nil {
			return err
		}
	}
	return web.Render(w, r, queuePage(v))
}

func (p *Pages) queueView(ctx context.Context, scope cargo.ScopeID, q query) (queueView, error) {
	v := queueView{Query: q, Today: p.today(ctx), Names: p.places(), Choose: p.mayChoose(ctx)}
	board := p.Assessments.Board(scope)
	f := q.filter(v.Today)
	page, err := board.Page(ctx, f, (q.Page-1)*pageSize, pageSize)
	if err != nil {
		return v, err
	}
	v.Counts, v.Facets = page.Counts, page.Facets
	if v.Lines, err = p.lines(ctx, scope, page.Rows); err != nil {
		return v, err
	}
	codes, err := board.Places(ctx)
	if err != nil {
		return v, err
	}
	v.Places = placeOptions(codes, v.Names)
	if q.Party != 0 {
		party, err := p.Cargo.Party(ctx, scope, q.Party)
		if err != nil {
			return v, orNotFound(ctx, err, "risk.none.party")
		}
		v.Party = party.Name
	}
	return v, nil
}

// mostPlaces bounds the list of places that a browser offers while one types; any other
// code can be typed.
const mostPlaces = 400

func placeOptions(codes []string, names places) []c.Option {
	out := make([]c.Option, 0, min(len(codes), mostPlaces))
	for _, code := range codes[:min(len(codes), mostPlaces)] {
		out = append(out, c.Option{Value: code, Label: names(code)})
	}
	slices.SortFunc(out, func(a, b c.Option) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// tabs are the channels with their counts.
func (v queueView) tabs(ctx context.Context) []web.Tab {
	tabs := []web.Tab{{
		Label: web.T(ctx, "risk.channel.all"), Count: v.Facets.All, Current: len(v.Query.Channels) == 0,
		Href: v.Query.with(func(q *query) { q.Channels = nil }),
	}}
	for _, ch := range risk.Channels {
		tabs = append(tabs, web.Tab{
			Label: channelName(ctx, ch), Count: v.Facets.Channels[ch], Current: slices.Equal(v.Query.Channels, []risk.Channel{ch}),
			Href: v.Query.with(func(q *query) { q.Channels = []risk.Channel{ch} }),
		})
	}
	return tabs
}

// choice is a link that sets or takes back one value of a filter.
type choice struct {
	Label string
	Icon  string
	Count int
	Href  string
	Set   bool
}

// modes are the modes that occur, or are asked for.
func (v queueView) modes(ctx context.Context) []choice {
	var out []choice
	for _, m := range append(slices.Clone(cargo.Modes), cargo.ModeUnknown) {
		set := slices.Contains(v.Query.Modes, m)
		if v.Facets.Modes[m] == 0 && !set {
			continue
		}
		out = append(out, choice{
			Label: cargoweb.Mode(ctx, m), Icon: cargoweb.ModeIcon(m), Count: v.Facets.Modes[m], Set: set,
			Href: v.Query.with(func(q *query) {
				if set {
					q.Modes = slices.DeleteFunc(q.Modes, func(x cargo.Mode) bool { return x == m })
				} else {
					q.Modes = append(q.Modes, m)
				}
			}),
		})
	}
	return out
}

// taken are the filters that are set, each with the way to take it back.
func (v queueView) taken(ctx context.Context) []choice {
	var out []choice
	add := func(label string, change func(*query)) {
		out = append(out, choice{Label: label, Href: v.Query.with(change), Set: true})
	}
	q := v.Query
	if q.Arrival != "" {
		add(arrivalText(ctx, q), func(q *query) { q.Arrival, q.From, q.To = "", "", "" })
	}
	if q.Place != "" {
		add(web.T(ctx, "risk.filter.place")+": "+v.Names(q.Place), func(q *query) { q.Place = "" })
	}
	for _, id := range q.Indicators {
		add(IndicatorTitle(ctx, id), func(q *query) {
			q.Indicators = slices.DeleteFunc(q.Indicators, func(x string) bool { return x == id })
		})
	}
	if q.Party != 0 {
		add(web.T(ctx, "risk.filter.party")+": "+v.Party, func(q *query) { q.Party = 0 })
	}
	if q.Random {
		add(web.T(ctx, "risk.filter.random"), func(q *query) { q.Random = false })
	}
	return out
}

func arrivalText(ctx context.Context, q query) string {
	if q.Arrival != arrivesBetween {
		return web.T(ctx, "risk.arrival."+q.Arrival)
	}
	day := func(s string) string {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return "…"
		}
		return dayText(ctx, t)
	}
	return web.T(ctx, "risk.arrival.span", "From", day(q.From), "To", day(q.To))
}

func arrivalOptions(ctx context.Context) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "risk.arrival.any")}}
	for _, a := range arrivals {
		out = append(out, c.Option{Value: a, Label: web.T(ctx, "risk.arrival."+a)})
	}
	return out
}

func (v queueView) pager(ctx context.Context) c.PagerInfo {
	q := v.Query
	at := func(n int) string { q.Page = n; return q.href() }
	first := (v.Query.Page-1)*pageSize + 1
	last := min(first+pageSize-1, v.Counts.Total)
	info := c.PagerInfo{Text: web.T(ctx, "risk.queue.span", "First", first, "Last", last, "Total", v.Counts.Total)}
	if v.Query.Page > 2 {
		info.First = at(1)
	}
	if v.Query.Page > 1 {
		info.Previous = at(v.Query.Page - 1)
	}
	if last < v.Counts.Total {
		info.Next = at(v.Query.Page + 1)
	}
	return info
}

// empty says why nothing is listed, and what to do.
func (v queueView) empty(ctx context.Context) c.EmptyInfo {
	switch {
	case v.Counts.Total > 0:
		q := v.Query
		q.Page = (v.Counts.Total-1)/pageSize + 1
		return c.EmptyInfo{Icon: "list-search", Title: web.T(ctx, "risk.queue.beyond"), Action: web.Link{Label: web.T(ctx, "risk.queue.last"), Href: q.href()}}
	case v.Query.filtered():
		return c.EmptyInfo{Icon: "filter-off", Title: web.T(ctx, "risk.queue.none"), Text: web.T(ctx, "risk.queue.none.text"),
			Action: web.Link{Label: web.T(ctx, "risk.filter.clear"), Href: "/queue"}}
	}
	return c.EmptyInfo{Icon: "inbox", Title: web.T(ctx, "risk.queue.empty"), Text: web.T(ctx, "risk.queue.empty.text"),
		Action: web.Link{Label: web.T(ctx, "risk.import"), Href: "/imports"}}
}

func (p *Pages) saveView(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	viewer, err := identity.May(ctx, identity.SeeQueue)
	if err != nil {
		return err
	}
	asked, _ := url.ParseQuery(r.PostFormValue("query"))
	q := parseQuery(asked)
	q.Page = 1
	title := strings.TrimSpace(r.PostFormValue("title"))
	if title == "" || len(title) > 100 {
		web.AddFlash(w, r, web.Bad, web.T(ctx, "risk.view.bad-title"))
		return web.Redirect(w, r, q.href())
	}
	if err := p.Assessments.SaveView(ctx, scope.ID, viewer.Officer.ID, title, q.values().Encode()); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "risk.view.saved", "Title", title))
	return web.Redirect(w, r, q.href())
}

func (p *Pages) dropView(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	viewer, err := identity.May(ctx, identity.SeeQueue)
	if err != nil {
		return err
	}
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := p.Assessments.DropView(ctx, scope.ID, viewer.Officer.ID, id); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Info, web.T(ctx, "risk.view.dropped"))
	return web.Redirect(w, r, "/queue")
}

// viewHref is the address of a saved view.
func viewHref(v risk.SavedView) string {
	asked, _ := url.ParseQuery(v.Query)
	return parseQuery(asked).href()
}
