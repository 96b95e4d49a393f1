package certificateweb

import (
	"context"
	"net/url"

	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// columns are the heads of a list of certificates.
func columns(ctx context.Context, unit bool) []c.Column {
	t := func(id string) string { return web.T(ctx, "certificate."+id) }
	list := []c.Column{{Label: t("course")}}
	if unit {
		list = append(list, c.Column{Label: t("holder")})
	}
	return append(list, c.Column{Label: t("number")}, c.Column{Label: t("completed")}, c.Column{Label: t("score"), Numeric: true}, c.Column{Label: t("state")})
}

// empty is what a list says that has nothing.
func (l unitList) empty(ctx context.Context) string {
	if l.Words != "" {
		return web.T(ctx, "certificate.unit.not-found")
	}
	return web.T(ctx, "certificate.unit.none")
}

func (l unitList) pager() c.PagerInfo {
	var p c.PagerInfo
	at := url.Values{}
	if l.Words != "" {
		at.Set("q", l.Words)
	}
	if l.Later {
		p.First = "/certificates/unit?" + at.Encode()
	}
	if l.Next != 0 {
		at.Set("before", idText(l.Next))
		p.Next = "/certificates/unit?" + at.Encode()
	}
	return p
}

// verdictOf is the sentence that a stranger came for.
func verdictOf(ctx context.Context, one certificate.Certificate) string {
	return web.T(ctx, "certificate.verdict."+string(one.State()), "Date", web.Date(ctx, one.Revoked))
}
