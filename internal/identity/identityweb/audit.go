package identityweb

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// auditView is a page of the trail as it is shown.
type auditView struct {
	Query    url.Values // the filter as it stands in the address
	Filtered bool
	Page     identity.AuditPage
	Acts     []string
	Officers []identity.Member
	Units    []identity.Unit // for the system's administrator
	Href     func(kind, id string) string
}

func (p *Pages) showAudit(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, _ := identity.From(ctx)
	q := r.URL.Query()
	view := auditView{Query: q, Href: p.objectHref}
	f := auditFilter(q, web.Zone(ctx))
	view.Filtered = f != (identity.AuditFilter{})
	var err error
	if view.Page, err = p.registry.Audit.List(ctx, f); err != nil {
		return err
	}
	if view.Acts, err = p.registry.Audit.Acts(ctx); err != nil {
		return err
	}
	if view.Officers, err = p.registry.Officers.OfUnit(ctx, v.Unit.ID); err != nil {
		return err
	}
	if v.System {
		view.Units = v.Units
	}
	return web.Render(w, r, auditPage(view))
}

// auditFilter reads the filter; what is not understood filters nothing. Days are the
// unit's days.
func auditFilter(q url.Values, zone *time.Location) identity.AuditFilter {
	number := func(key string) int64 {
		n, _ := strconv.ParseInt(q.Get(key), 10, 64)
		return n
	}
	day := func(key string, plus int) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, q.Get(key), zone)
		if err != nil {
			return time.Time{}
		}
		return t.AddDate(0, 0, plus)
	}
	return identity.AuditFilter{
		Unit: number("unit"), Officer: number("officer"), Act: q.Get("act"),
		ObjectKind: q.Get("kind"), ObjectID: q.Get("object"),
		From: day("from", 0), To: day("to", 1), Before: number("before"),
	}
}

// with returns the address of the same list with one thing changed; from its beginning
// unless that thing is where to go on.
func (v auditView) with(key, value string) string {
	q := url.Values{}
	for k, values := range v.Query {
		if k != "before" {
			q[k] = values
		}
	}
	q.Set(key, value)
	if value == "" {
		q.Del(key)
	}
	if len(q) == 0 {
		return "/audit"
	}
	return "/audit?" + q.Encode()
}

// objectTrail returns the address of the list of everything done to the object.
func objectTrail(e identity.Recorded) string {
	return "/audit?" + url.Values{"kind": {e.ObjectKind}, "object": {e.ObjectID}}.Encode()
}

func (p *Pages) objectHref(kind, id string) string {
	switch {
	case id == "" || id == "0":
		return ""
	case p.options.ObjectHref != nil:
		return p.options.ObjectHref(kind, id)
	}
	return ""
}

// actName says an act in the person's language; a domain that has not named it in
// "identity.act.<act>" gets it as it is.
func actName(ctx context.Context, act string) string {
	if id := "identity.act." + act; web.Known(id) {
		return web.T(ctx, id)
	}
	return act
}

func actOptions(ctx context.Context, acts []string) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "identity.audit.all")}}
	for _, a := range acts {
		out = append(out, c.Option{Value: a, Label: actName(ctx, a)})
	}
	return out
}

func memberOptions(ctx context.Context, members []identity.Member) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "identity.audit.all")}}
	for _, m := range members {
		out = append(out, c.Option{Value: idText(m.ID), Label: m.Name})
	}
	return out
}

func unitOptions(ctx context.Context, units []identity.Unit) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "identity.audit.all")}}
	for _, u := range units {
		out = append(out, c.Option{Value: idText(u.ID), Label: u.Code})
	}
	return out
}

// detailPart is one member of an entry's detail.
type detailPart struct{ Name, Value string }

// detailOf lists the members of an entry's detail in the order of their names.
func detailOf(raw json.RawMessage) []detailPart {
	var m map[string]any
	if json.Unmarshal(raw, &m) != nil {
		return []detailPart{{"", string(raw)}}
	}
	var out []detailPart
	for k, v := range m {
		text := fmt.Sprint(v)
		if _, nested := v.(map[string]any); nested {
			b, _ := json.Marshal(v) // it came from JSON
			text = string(b)
		}
		out = append(out, detailPart{k, text})
	}
	slices.SortFunc(out, func(a, b detailPart) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

func (p *Pages) showChain(w http.ResponseWriter, r *http.Request) error {
	chain, err := p.registry.Audit.Verify(r.Context())
	if err != nil {
		return err
	}
	noStore(w)
	return web.Render(w, r, chainPage(chain))
}

func (v auditView) pager() c.PagerInfo {
	var p c.PagerInfo
	if v.Query.Get("before") != "" {
		p.First = v.with("before", "")
	}
	if v.Page.Next != 0 {
		p.Next = v.with("before", idText(v.Page.Next))
	}
	return p
}

func emptyTrail(ctx context.Context, filtered bool) c.EmptyInfo {
	e := c.EmptyInfo{Icon: "history", Title: web.T(ctx, "identity.audit.none")}
	if filtered {
		e.Text = web.T(ctx, "identity.audit.none.filtered")
		e.Action = web.Link{Label: web.T(ctx, "identity.audit.clear"), Href: "/audit"}
	}
	return e
}

func numberOrMissing(ctx context.Context, n int64) string {
	if n == 0 {
		return web.Missing
	}
	return web.Number(ctx, n)
}

func textOrMissing(id int64) string {
	if id == 0 {
		return web.Missing
	}
	return idText(id)
}
