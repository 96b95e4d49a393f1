package resultweb

import (
	"context"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/web"
)

// column is a column of an export. Programs read codes, persons read words.
type column struct {
	name  string // of the CSV column; its words are "result.column.<name>"
	width float64
	code  func(l line) any                      // text, number or time
	words func(ctx context.Context, l line) any // nil: the same as the code
}

func (c column) say(ctx context.Context, l line) any {
	if c.words != nil {
		return c.words(ctx, l)
	}
	return c.code(l)
}

// word says a code by a message; "" stays empty.
func word(prefix string, code func(l line) string) func(context.Context, line) any {
	return func(ctx context.Context, l line) any {
		v := code(l)
		if v == "" {
			return ""
		}
		return web.T(ctx, prefix+v)
	}
}

// coded is a column of codes that have words.
func coded(name, prefix string, code func(l line) string) column {
	return column{name, 20, func(l line) any { return code(l) }, word(prefix, code)}
}

var (
	caseColumn      = column{"case", 22, func(l line) any { return l.Number }, nil}
	concludedColumn = column{"concluded", 17, func(l line) any { return l.ConcludedAt }, nil}
	documentColumn  = column{"document", 20, func(l line) any { return l.Papers.Document.Number }, nil}
	resultColumn    = coded("result", "case.result.", func(l line) string { return string(l.Result) })
	loadingColumn   = column{"loading", 10, func(l line) any { return l.Loading }, nil}
	unloadingColumn = column{"unloading", 10, func(l line) any { return l.Unloading }, nil}
	consignorColumn = column{"consignor", 32, func(l line) any { return party(l, cargo.Consignor) }, nil}
	consigneeColumn = column{"consignee", 32, func(l line) any { return party(l, cargo.Consignee) }, nil}
)

// examinationColumns are a row for each examined consignment.
var examinationColumns = []column{
	caseColumn, concludedColumn, documentColumn,
	coded("selection", "result.selection.", func(l line) string { return string(l.Selection) }),
	{"inclusion", 10, func(l line) any { return l.Inclusion }, nil},
	coded("channel", "risk.channel.", func(l line) string { return string(l.Channel) }),
	{"score", 9, func(l line) any { return float64(l.Score) }, nil},
	coded("method", "case.method.", func(l line) string { return string(l.Method) }),
	resultColumn,
	coded("ending", "case.ending.", func(l line) string { return string(l.Ending) }),
	{"hours", 9, func(l line) any { return float64(int(l.Hours*10+0.5)) / 10 }, nil},
	loadingColumn, unloadingColumn, consignorColumn, consigneeColumn,
	{"containers", 26, func(l line) any { return containers(l) }, nil},
	{"goods_declared", 40, func(l line) any { return declared(l) }, nil},
	{"indicators", 24, func(l line) any { return l.Indicators }, nil},
	{"proved_right", 16, func(l line) any { return l.Right }, nil},
	{"proved_wrong", 16, func(l line) any { return l.Wrong }, nil},
	{"categories", 28, func(l line) any { return l.Categories }, categoriesText},
	{"value_usd", 13, func(l line) any { return l.Value }, nil},
	{"arrests", 9, func(l line) any { return l.Arrests }, nil},
}

// goodsColumns are a row for each line of goods found.
var goodsColumns = []column{
	caseColumn, concludedColumn, documentColumn, resultColumn,
	coded("category", "case.category.", func(l line) string { return string(l.Goods.Category) }),
	{"description", 40, func(l line) any { return l.Goods.Description }, nil},
	{"quantity", 12, func(l line) any { return l.Goods.Quantity }, nil},
	coded("unit", "case.unit.", func(l line) string { return string(l.Goods.Unit) }),
	{"value", 13, func(l line) any { return l.Goods.Value.Amount }, nil},
	{"currency", 9, func(l line) any { return l.Goods.Value.Currency }, nil},
	coded("concealment", "case.concealment.", func(l line) string { return string(l.Goods.Concealment) }),
	coded("position", "case.position.", func(l line) string { return string(l.Goods.Position) }),
	loadingColumn, unloadingColumn, consignorColumn, consigneeColumn,
}

func party(l line, role cargo.PartyRole) string {
	if p := l.Papers.Party(role); p != nil {
		return p.Name
	}
	return ""
}

// mostNamed bounds how many containers or goods one cell names.
const mostNamed = 20

func containers(l line) string {
	var out []string
	for _, e := range l.Papers.Equipment {
		if e.Number != "" && len(out) < mostNamed {
			out = append(out, e.Number)
		}
	}
	return strings.Join(out, " ")
}

func declared(l line) string {
	var out []string
	for _, g := range l.Papers.Goods {
		if g.Description != "" && len(out) < mostNamed {
			out = append(out, cargoweb.Short(g.Description, 200))
		}
	}
	return strings.Join(out, "; ")
}

func categoriesText(ctx context.Context, l line) any {
	var out []string
	for c := range strings.FieldsSeq(l.Categories) {
		out = append(out, web.T(ctx, "case.category."+c))
	}
	return strings.Join(out, "; ")
}
