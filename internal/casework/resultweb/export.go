package resultweb

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// examinationsCSV answers with a row for each examined consignment.
func (p *Pages) examinationsCSV(w http.ResponseWriter, r *http.Request) error {
	return p.exportCSV(w, r, "examinations", examinationColumns, func(part []line) []line { return part })
}

// goodsCSV answers with a row for each line of goods found.
func (p *Pages) goodsCSV(w http.ResponseWriter, r *http.Request) error {
	return p.exportCSV(w, r, "goods-found", goodsColumns, goodsLines)
}

// exported is an export that was asked for and is on the trail.
type exported struct {
	ctx   context.Context
	scope cargo.ScopeID
	query query
	unit  identity.Unit
	rows  int // examinations
}

// begin reads what is asked for and puts it on the trail.
func (p *Pages) begin(r *http.Request, what string) (exported, error) {
	e := exported{ctx: r.Context()}
	viewer, scope, err := enter(e.ctx)
	if err != nil {
		return e, err
	}
	e.scope, e.unit = scope, viewer.Unit
	e.query = parseQuery(e.ctx, r.URL.Query(), p.Cases.Now())
	t, err := p.Cases.Results(e.ctx, scope, e.query.filter())
	if err != nil {
		return e, err
	}
	e.rows = t.All.Examined
	return e, p.record(e.ctx, identity.Entry{
		Act: "results.exported", ObjectKind: "results", ObjectID: strconv.FormatInt(int64(scope), 10),
		Detail: map[string]any{"file": what, "query": e.query.values().Encode(), "examinations": e.rows},
	})
}

// fileName names a file by what it holds and its period.
func (e exported) fileName(what, extension string) string {
	name := what
	for _, day := range []time.Time{e.query.From, e.query.To} {
		if !day.IsZero() {
			name += "-" + day.Format(time.DateOnly)
		}
	}
	return name + extension
}

func (p *Pages) exportCSV(w http.ResponseWriter, r *http.Request, what string, columns []column, lines func([]line) []line) error {
	e, err := p.begin(r, what+".csv")
	if err != nil {
		return err
	}
	return hand(w, r, e.fileName(what, ".csv"), "text/csv; charset=utf-8", func(out io.Writer) error {
		return p.writeCSV(e, out, columns, lines)
	})
}

func (p *Pages) writeCSV(e exported, out io.Writer, columns []column, lines func([]line) []line) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil { // a spreadsheet then knows that it is UTF-8
		return err
	}
	cw := csv.NewWriter(out)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.name
	}
	if err := cw.Write(cells); err != nil {
		return err
	}
	err := p.eachPart(e.ctx, e.scope, e.query, func(part []line) error {
		for _, l := range lines(part) {
			for i, c := range columns {
				cells[i] = table.Defuse(cellText(c.code(l)))
			}
			if err := cw.Write(cells); err != nil {
				return err
			}
		}
		cw.Flush()
		return cw.Error()
	})
	if err != nil {
		return err
	}
	cw.Flush()
	return cw.Error()
}

// cellText writes a code for a program: numbers with a point, times in UTC.
func cellText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// filterWords say what an export was narrowed to, in the person's language.
func (p *Pages) filterWords(ctx context.Context, q query) (out [][2]string) {
	add := func(label, value string) {
		if value != "" {
			out = append(out, [2]string{web.T(ctx, label), value})
		}
	}
	if q.Selection != "" {
		add("result.selection", selectionName(ctx, q.Selection))
	}
	add("result.channel", channelName(ctx, q.Channel))
	if q.Category != "" {
		add("case.category", categoryName(ctx, q.Category))
	}
	if q.Indicator != "" {
		add("result.indicator", q.Indicator+" "+riskweb.IndicatorTitle(ctx, q.Indicator))
	}
	add("result.loading", q.Loading)
	add("result.unloading", q.Unloading)
	return out
}
