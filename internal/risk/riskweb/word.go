package riskweb

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

var indicatorByID = func() map[string]risk.Indicator {
	m := map[string]risk.Indicator{}
	for _, in := range risk.Indicators() {
		m[in.ID] = in
	}
	return m
}()

// phrase says a message; the unit's own lists and old assessments name what has none.
func phrase(ctx context.Context, id, otherwise string) string {
	if web.Known(id) {
		return web.T(ctx, id)
	}
	return otherwise
}

// IndicatorTitle says the title of an indicator; one that the program no longer has is
// named by its id.
func IndicatorTitle(ctx context.Context, id string) string {
	return phrase(ctx, "indicator."+id+".title", id)
}

func indicatorMeaning(ctx context.Context, id string) string {
	return phrase(ctx, "indicator."+id+".meaning", "")
}

// against says what a value was held against, in the person's language.
func against(ctx context.Context, e risk.Evidence) string {
	if msg := "note." + e.Note.ID; web.Known(msg) {
		args := make([]string, len(e.Note.Args))
		for i, a := range e.Note.Args {
			args[i] = cargoweb.DayOrMoment(ctx, a)
		}
		if e.Note.ID == "damped" && len(args) > 0 {
			args[0] = "“" + IndicatorTitle(ctx, args[0]) + "”"
		}
		return web.TArgs(ctx, msg, args)
	}
	return e.Reference
}

// evidenceValue writes the value that a finding saw; a value that the sender left out
// is nothing.
func evidenceValue(ctx context.Context, e risk.Evidence) string {
	if v := strings.TrimSpace(e.Value); v != "" && v != "—" {
		return cargoweb.FieldValue(ctx, e.Field, v)
	}
	return ""
}

func channelName(ctx context.Context, ch risk.Channel) string {
	return web.T(ctx, "risk.channel."+string(ch))
}

// channelTone is the colour of a channel beside its word.
func channelTone(ch risk.Channel) web.Tone {
	switch ch {
	case risk.Examine:
		return web.Bad
	case risk.Look:
		return web.Warning
	}
	return web.Neutral
}

// channelIcon is the name of the icon of a channel.
func channelIcon(ch risk.Channel) string {
	switch ch {
	case risk.Examine:
		return iconExamine
	case risk.Look:
		return iconLook
	}
	return iconRelease
}

// Icons of the channels; the bundler finds them here.
const (
	iconExamine = "scan"
	iconLook    = "eye"
	iconRelease = "check"
)

func groupName(ctx context.Context, g risk.Group) string {
	return web.T(ctx, "risk.group."+string(g))
}

// firstGoods says in few words what a consignment holds.
func firstGoods(c *cargo.Consignment) string {
	best := -1
	for i := range c.Goods {
		if c.Goods[i].Description != "" && (best < 0 || c.Goods[i].GrossMass > c.Goods[best].GrossMass) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return cargoweb.Short(c.Goods[best].Description, 64)
}

// columnName says what the cells of a list's column hold.
func columnName(ctx context.Context, name string) string {
	return phrase(ctx, "risk.column."+name, name)
}

func listTitle(ctx context.Context, l risk.List) string {
	return phrase(ctx, "list."+l.ID+".title", l.Title)
}

func listLead(ctx context.Context, l risk.List) string {
	return phrase(ctx, "list."+l.ID+".description", l.Description)
}

// leftOutReason says why an indicator of the field's list is not tested.
func leftOutReason(ctx context.Context, id string) string {
	return phrase(ctx, "risk.left-out."+id, risk.LeftOut[id])
}

func countryName(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	return cargoweb.Country(ctx, code)
}

// containerHref finds everything that a container was stated in.
func containerHref(number string) string { return "/search?" + url.Values{"q": {number}}.Encode() }

// bar is one contribution beside the others: its place in a bar of barWidth units.
type bar struct {
	X, Width string
	Class    string
}

const (
	barWidth = 160.0
	barZero  = 40.0
)

// contribution lays out a contribution; most is the greatest of those shown together.
func contribution(points, most float64) bar {
	unit := (barWidth - barZero) / most
	width := math.Abs(points) * unit
	if points < 0 {
		width = math.Min(width, barZero)
		return bar{svg(barZero - width), svg(width), "part-less"}
	}
	return bar{svg(barZero), svg(width), "part-a"}
}

func svg(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// times says by how much a weight multiplies the odds.
func times(ctx context.Context, w risk.LogOdds) string {
	return web.Decimal(ctx, math.Exp(float64(w)), 1)
}

func massOrMissing(ctx context.Context, kg float64) string {
	if kg == 0 {
		return web.Missing
	}
	return web.Mass(ctx, kg)
}

func cellText(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// cellName says what a code in a cell stands for; nothing for what speaks for itself.
func cellName(ctx context.Context, col risk.Column, cell string) string {
	if col.Kind == risk.CountryCode && cell != "" {
		return cargoweb.Country(ctx, cell)
	}
	return ""
}

// kindName says what a column wants to be filled with.
func kindName(ctx context.Context, k risk.ColumnKind) string {
	return web.T(ctx, "risk.kind."+strings.ReplaceAll(string(k), " ", "-"))
}
