package riskweb

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// maxExport bounds the rows of an export; who needs more uses the command line.
const maxExport = 10_000

// exportPart is how many consignments are loaded at once, so that an export holds little
// memory.
const exportPart = 500

var exportColumns = []string{
	"document", "score", "channel", "random", "mode", "arrival", "loading", "unloading", "consignor", "consignee",
	"goods", "containers", "gross_mass_kg", "indicators", "reasons",
}

// export answers with the filtered queue as CSV, in the order of the queue.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	q := parseQuery(r.URL.Query())
	page, err := p.Assessments.Board(scope.ID).Page(ctx, q.filter(p.today(ctx)), 0, maxExport)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("\ufeff") // a spreadsheet then knows that it is UTF-8
	cw := csv.NewWriter(&out)
	cw.Write(exportColumns)
	for rows := page.Rows; len(rows) > 0; {
		n := min(exportPart, len(rows))
		lines, err := p.stated(ctx, scope.ID, rows[:n])
		if err != nil {
			return err
		}
		for _, l := range lines {
			cw.Write(exportRow(ctx, l))
		}
		rows = rows[n:]
	}
	if cw.Flush(); cw.Error() != nil {
		return cw.Error()
	}
	err = p.Audit.Record(ctx, identity.Entry{Act: "queue.exported", ObjectKind: "queue", ObjectID: idText(int64(scope.ID)),
		Detail: map[string]any{"query": q.values().Encode(), "rows": len(page.Rows), "of": page.Counts.Total}})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="queue-`+p.today(ctx).Format(time.DateOnly)+`.csv"`)
	if page.Counts.Total > len(page.Rows) {
		w.Header().Set("X-Truncated-From", strconv.Itoa(page.Counts.Total))
	}
	_, err = w.Write(out.Bytes())
	return err
}

func exportRow(ctx context.Context, l line) []string {
	arrival := ""
	if !l.Journey.Arrival.IsZero() {
		arrival = l.Journey.Arrival.UTC().Format(time.RFC3339)
	}
	var ids, titles []string
	for _, f := range l.Kept.Findings {
		ids = append(ids, f.Indicator)
		titles = append(titles, IndicatorTitle(ctx, f.Indicator)+" "+web.Signed(ctx, float64(f.Contribution), 3))
	}
	boxes, _ := l.boxes(len(l.Equipment))
	goods := make([]string, 0, len(l.Goods))
	for i := range l.Goods {
		goods = append(goods, l.Goods[i].Description)
	}
	row := []string{
		l.Document.Number, number(float64(l.Row.Score)), string(l.Channel), strconv.FormatBool(l.Random), l.Row.Mode.String(), arrival,
		l.Loading, l.Unloading, l.partyName(cargo.Consignor), l.partyName(cargo.Consignee),
		strings.Join(goods, "; "), strings.Join(boxes, " "), number(l.GrossMass()), strings.Join(ids, " "), strings.Join(titles, "; "),
	}
	for i := range row {
		row[i] = table.Defuse(row[i])
	}
	return row
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
