package main

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
)

// What a search is measured by.
const (
	byContainer = "search by container number"
	byPrefix    = "search by the beginning of a container number"
	byDocument  = "search by document number"
	byName      = "search by a party's name"
	byAddress   = "a consignment's page"
)

// finds makes the searches for the consignments.
func finds(ids []int64, known map[int64]*cargo.Consignment) []*findCase {
	container := &findCase{name: byContainer, target: 20}
	prefix := &findCase{name: byPrefix, target: 20}
	document := &findCase{name: byDocument}
	name := &findCase{name: byName}
	page := &findCase{name: byAddress}
	for _, id := range ids {
		c := known[id]
		page.paths = append(page.paths, "/consignments/"+strconv.FormatInt(id, 10))
		document.paths = append(document.paths, searchPath(c.Document.Number))
		if n := containerOf(c); n != "" {
			container.paths = append(container.paths, searchPath(n))
			prefix.paths = append(prefix.paths, searchPath(n[:min(len(n), 6)]))
		}
		if p := c.Party(cargo.Consignee); p != nil && p.Name != "" {
			name.paths = append(name.paths, searchPath(p.Name))
		}
	}
	return []*findCase{container, prefix, document, name, page}
}

func searchPath(text string) string { return "/search?" + url.Values{"q": {text}}.Encode() }

func containerOf(c *cargo.Consignment) string {
	if len(c.Equipment) == 0 {
		return ""
	}
	return c.Equipment[0].Number
}

// measureFinds takes the time of the bare lookups that the baselines are.
func (c *cases) measureFinds(ctx context.Context, a *app.App, scope cargo.ScopeID, ids []int64, known map[int64]*cargo.Consignment) error {
	lookups := map[string]func(*cargo.Consignment) error{
		byContainer: func(x *cargo.Consignment) error { return lookUpKey(ctx, a.DB, scope, containerOf(x)) },
		byPrefix: func(x *cargo.Consignment) error {
			n := containerOf(x)
			return lookUpKeys(ctx, a.DB, scope, n[:min(len(n), 6)])
		},
		byDocument: func(x *cargo.Consignment) error { return lookUpKey(ctx, a.DB, scope, x.Document.Number) },
		byName:     func(x *cargo.Consignment) error { return lookUpWord(ctx, a.DB, scope, x.Party(cargo.Consignee).Name) },
		byAddress:  func(x *cargo.Consignment) error { return lookUpBody(ctx, a.DB, x.ID) },
	}
	for _, f := range c.finds {
		f.base = "plain SQL lookup"
		var took []time.Duration
		for _, id := range ids {
			x := known[id]
			if p := x.Party(cargo.Consignee); containerOf(x) == "" || p == nil {
				continue
			}
			start := time.Now()
			if err := lookups[f.name](x); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		f.baseline = median(took)
	}
	return nil
}

// median returns the median in milliseconds, 0 of nothing.
func median(took []time.Duration) float64 {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)/2].Seconds() * 1000
}

var linkPattern = regexp.MustCompile(`href="/consignments/([0-9]+)["#?]`)

// consignmentLinks returns the consignments that a page leads to, in their order.
func consignmentLinks(a answer) []int64 {
	text, err := a.unpacked()
	if err != nil {
		return nil
	}
	var out []int64
	for _, m := range linkPattern.FindAllStringSubmatch(strings.ToValidUTF8(string(text), ""), -1) {
		id, _ := strconv.ParseInt(m[1], 10, 64)
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
