package caseweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// pageSize is how many cases one page of the list shows.
const pageSize = 50

// query is what a list of cases is asked for, as it stands in the address.
type query struct {
	States  []casework.State // empty: the open ones
	All     bool             // concluded ones, too
	Origin  casework.Origin
	Owner   string // "me", "nobody", "mine" or an officer's id; empty: anybody's
	Overdue bool
	Waiting bool
	Random  bool
	Text    string
	Order   casework.Order
	Page    int
}

func parseQuery(v url.Values) query {
	q := query{Text: strings.TrimSpace(v.Get("q")), Owner: v.Get("owner"), Overdue: v.Get("overdue") != "", Waiting: v.Get("aside") != "",
		Random: v.Get("random") != "", All: v.Get("state") == "all", Page: 1}
	for _, s := range v["state"] {
		if slices.Contains(casework.States, casework.State(s)) && !slices.Contains(q.States, casework.State(s)) {
			q.States = append(q.States, casework.State(s))
		}
	}
	if o := casework.Origin(v.Get("origin")); slices.Contains(casework.Origins, o) {
		q.Origin = o
	}
	if o := casework.Order(v.Get("order")); slices.Contains(casework.Orders, o) {
		q.Order = o
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		q.Page = n
	}
	return q
}

func (q query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, s := range q.States {
		v.Add("state", string(s))
	}
	if q.All {
		v.Set("state", "all")
	}
	set("origin", string(q.Origin))
	set("owner", q.Owner)
	set("q", q.Text)
	set("order", string(q.Order))
	for name, on := range map[string]bool{"overdue": q.Overdue, "aside": q.Waiting, "random": q.Random} {
		if on {
			v.Set(name, "1")
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	return v
}

func (q query) address(path string) string {
	if v := q.values(); len(v) > 0 {
		return path + "?" + v.Encode()
	}
	return path
}

// with is the address of the list asked otherwise, from its first page.
func (q query) with(change func(*query)) string {
	q.States = slices.Clone(q.States)
	q.Page = 1
	change(&q)
	return q.address("/cases")
}

// filtered reports whether something is asked for beside the state.
func (q query) filtered() bool {
	return q.Origin != "" || q.Owner != "" || q.Overdue || q.Waiting || q.Random || q.Text != ""
}

var openStates = slices.DeleteFunc(slices.Clone(casework.States), func(s casework.State) bool { return !s.Open() })

func (q query) filter(viewer identity.Viewer, now time.Time) casework.Filter {
	f := casework.Filter{States: q.States, Origin: q.Origin, Text: q.Text, Waiting: q.Waiting, Random: q.Random, Order: q.Order}
	if len(q.States) == 0 && !q.All {
		f.States = openStates
	}
	switch q.Owner {
	case "":
	case "me":
		f.Owner = viewer.Officer.ID
	case "nobody":
		f.Nobody = true
	case "mine":
		f.Mine = true
	default:
		f.Owner, _ = strconv.ParseInt(q.Owner, 10, 64)
	}
	if q.Overdue {
		f.DueBefore = now
	}
	return f
}

// listView is a page of the list as it is shown.
type listView struct {
	Query  query
	Cases  []casework.Summary
	Total  int
	Counts map[casework.State]int // of what else the filter picks
	People people
	Now    time.Time
	May    bool
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.listView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

func (p *Pages) listView(r *http.Request) (listView, error) {
	ctx := r.Context()
	v := listView{Query: parseQuery(r.URL.Query()), Now: p.Cases.Now(), Counts: map[casework.State]int{}}
	viewer, scope, err := enter(ctx)
	if err != nil {
		return v, err
	}
	v.May = viewer.Can(identity.Decide)
	f := v.Query.filter(viewer, v.Now)
	page, err := p.Cases.List(ctx, scope, f, (v.Query.Page-1)*pageSize, pageSize)
	if err != nil {
		return v, err
	}
	v.Cases, v.Total = page.Cases, page.Total
	f.States = nil
	board, err := p.Cases.Board(ctx, scope, f, 1)
	if err != nil {
		return v, err
	}
	for _, column := range board {
		v.Counts[column.State] = column.Count
	}
	var owners []int64
	for _, s := range v.Cases {
		owners = append(owners, s.Owner)
	}
	v.People, err = p.people(ctx, viewer, owners...)
	return v, err
}

// tabs are the states with their counts, after the open ones together.
func (v listView) tabs(ctx context.Context) []web.Tab {
	open := 0
	for _, s := range openStates {
		open += v.Counts[s]
	}
	tabs := []web.Tab{{Label: web.T(ctx, "case.list.open"), Count: open, Current: len(v.Query.States) == 0 && !v.Query.All,
		Href: v.Query.with(func(q *query) { q.States, q.All = nil, false })}}
	for _, s := range casework.States {
		tabs = append(tabs, web.Tab{Label: stateName(ctx, s), Count: v.Counts[s], Current: slices.Equal(v.Query.States, []casework.State{s}),
			Href: v.Query.with(func(q *query) { q.States, q.All = []casework.State{s}, false })})
	}
	return append(tabs, web.Tab{Label: web.T(ctx, "case.list.all"), Count: open + v.Counts[casework.Closed], Current: v.Query.All,
		Href: v.Query.with(func(q *query) { q.States, q.All = nil, true })})
}

func (v listView) pager(ctx context.Context) c.PagerInfo {
	at := func(n int) string { q := v.Query; q.Page = n; return q.address("/cases") }
	first := (v.Query.Page-1)*pageSize + 1
	last := min(first+pageSize-1, v.Total)
	info := c.PagerInfo{Text: web.T(ctx, "case.list.span", "First", first, "Last", last, "Total", v.Total)}
	if v.Query.Page > 2 {
		info.First = at(1)
	}
	if v.Query.Page > 1 {
		info.Previous = at(v.Query.Page - 1)
	}
	if last < v.Total {
		info.Next = at(v.Query.Page + 1)
	}
	return info
}

// empty says why nothing is listed, and what to do.
func (v listView) empty(ctx context.Context) c.EmptyInfo {
	switch {
	case v.Total > 0:
		return c.EmptyInfo{Icon: "folder", Title: web.T(ctx, "case.list.beyond"), Action: web.Link{Label: web.T(ctx, "case.list.first"), Href: v.Query.with(func(*query) {})}}
	case v.Query.filtered() || len(v.Query.States) > 0:
		return c.EmptyInfo{Icon: "filter-off", Title: web.T(ctx, "case.list.none"), Text: web.T(ctx, "case.list.none.text"),
			Action: web.Link{Label: web.T(ctx, "case.filter.clear"), Href: "/cases"}}
	}
	return c.EmptyInfo{Icon: "folder", Title: web.T(ctx, "case.list.empty"), Text: web.T(ctx, "case.list.empty.text"),
		Action: web.Link{Label: web.T(ctx, "case.list.queue"), Href: "/queue"}}
}

func (v listView) ownerOptions(ctx context.Context) []c.Option {
	out := []c.Option{
		{Label: web.T(ctx, "case.owner.any")}, {Value: "me", Label: web.T(ctx, "case.owner.me")}, {Value: "mine", Label: web.T(ctx, "case.owner.mine")},
		{Value: "nobody", Label: web.T(ctx, "case.nobody")},
	}
	for _, m := range v.People.members {
		out = append(out, c.Option{Value: idText(m.ID), Label: m.Name})
	}
	return out
}

func (v listView) orderOptions(ctx context.Context) []c.Option {
	out := []c.Option{}
	for _, o := range casework.Orders {
		id := "opening"
		if o != "" {
			id = string(o)
		}
		out = append(out, c.Option{Value: string(o), Label: web.T(ctx, "case.order."+id)})
	}
	return out
}

// boardCards is how many cases a column of the board shows.
const boardCards = 12

// boardView is the board as it is shown.
type boardView struct {
	listView
	Columns []casework.Column
}

func (p *Pages) board(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	v := boardView{listView: listView{Query: parseQuery(r.URL.Query()), Now: p.Cases.Now(), May: viewer.Can(identity.Decide)}}
	f := v.Query.filter(viewer, v.Now)
	f.States = nil
	if v.Columns, err = p.Cases.Board(ctx, scope, f, boardCards); err != nil {
		return err
	}
	var owners []int64
	for _, column := range v.Columns {
		for _, s := range column.Cases {
			owners = append(owners, s.Owner)
		}
	}
	if v.People, err = p.people(ctx, viewer, owners...); err != nil {
		return err
	}
	return web.Render(w, r, boardPage(v))
}

// facet is a filter that is set or not.
type facet struct {
	Name, Label, Icon, Href string
	Set                     bool
}

// facets are the filters that a link sets, on the list or the board.
func (v listView) facets(ctx context.Context, path string) []facet {
	one := func(name, icon string, set bool, toggle func(*query)) facet {
		q := v.Query
		q.Page = 1
		toggle(&q)
		return facet{Name: name, Label: web.T(ctx, "case.filter."+name), Icon: icon, Set: set, Href: q.address(path)}
	}
	return []facet{
		one("overdue", iconOverdue, v.Query.Overdue, func(q *query) { q.Overdue = !q.Overdue }),
		one("aside", iconAside, v.Query.Waiting, func(q *query) { q.Waiting = !q.Waiting }),
		one("random", iconRandom, v.Query.Random, func(q *query) { q.Random = !q.Random }),
	}
}

// age is how long a case has been open, or was.
func age(s casework.Summary, now time.Time) time.Duration {
	if !s.ConcludedAt.IsZero() {
		now = s.ConcludedAt
	}
	return now.Sub(s.OpenedAt)
}

// ageText says an age in days, in hours on the first two, in minutes in the first hour.
func ageText(ctx context.Context, d time.Duration) string {
	if d < time.Hour {
		return web.T(ctx, "case.age.minutes", "Count", int(d.Minutes()))
	}
	if d < 48*time.Hour {
		return web.T(ctx, "case.age.hours", "Count", int(d.Hours()))
	}
	return web.T(ctx, "case.age.days", "Count", int(d.Hours()/24))
}
