package intakeweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

// mappingView is the page on which a person says which column is what.
type mappingView struct {
	Import   *intake.Import
	Proposal intake.Proposal
	Columns  []columnView
	Sender   string
	Senders  []string
	Wrong    []components.FieldError
}

// columnView is one column of the table with what it is taken for.
type columnView struct {
	table.Column
	Samples []sample
	Kind    table.Kind // of the chosen field
}

// sample is a value of a column and what it is read as.
type sample struct {
	Text  string
	Read  string
	Wrong string // why it cannot be read
}

const shownSamples = 3

func (p *Pages) mapping(w http.ResponseWriter, r *http.Request) error {
	_, im, err := p.importOf(r, identity.Import)
	if err != nil {
		return err
	}
	if im.State != intake.Mapping {
		return web.Redirect(w, r, importHref(im.ID, ""))
	}
	proposal, err := p.Imports.Proposal(r.Context(), im.Scope, im.ID)
	if err != nil {
		return err
	}
	return p.showMapping(w, r, im, proposal, im.Sender, nil)
}

func (p *Pages) showMapping(w http.ResponseWriter, r *http.Request, im *intake.Import, proposal intake.Proposal, sender string, wrong []components.FieldError) error {
	senders, err := p.Imports.Senders(r.Context(), im.Scope)
	if err != nil {
		return err
	}
	v := mappingView{Import: im, Proposal: proposal, Sender: sender, Senders: senders, Wrong: wrong}
	byIndex := map[int]table.Column{}
	for _, c := range proposal.Mapping.Columns {
		byIndex[c.Index] = c
	}
	for i, heading := range proposal.Heading {
		c, ok := byIndex[i]
		if !ok {
			c = table.Column{Index: i}
		}
		c.Heading = heading
		v.Columns = append(v.Columns, columnView{Column: c, Samples: samples(r.Context(), proposal.Sample, c), Kind: kindOf(c.Target)})
	}
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.RenderStatus(w, r, status, mappingPage(v))
}

func kindOf(target string) table.Kind {
	t, ok := table.TargetOf(target)
	if !ok {
		return ""
	}
	return t.Kind
}

// samples returns the first different texts of a column and what they are read as.
func samples(ctx context.Context, rows [][]string, c table.Column) (out []sample) {
	seen := map[string]bool{}
	one := table.Mapping{Columns: []table.Column{c}}
	for _, texts := range rows {
		if c.Index >= len(texts) || texts[c.Index] == "" || seen[texts[c.Index]] || len(out) == shownSamples {
			continue
		}
		seen[texts[c.Index]] = true
		row := table.Row{Cells: make([]table.Cell, len(texts))}
		row.Cells[c.Index].Text = texts[c.Index]
		s := sample{Text: clip(texts[c.Index], 60)}
		rec, problems := one.Read(row)
		if len(problems) > 0 {
			s.Wrong = problems[0].Reason
		}
		if len(rec.Values) > 0 {
			s.Read = valueText(ctx, kindOf(c.Target), &rec.Values[0])
		}
		out = append(out, s)
	}
	return out
}

// valueText writes a value as it will be kept.
func valueText(ctx context.Context, kind table.Kind, v *table.Value) string {
	switch kind {
	case table.Mass:
		return web.Mass(ctx, v.Number)
	case table.Volume:
		return web.Number(ctx, v.Number) + " m³"
	case table.Count, table.Number, table.Amount:
		return web.Number(ctx, v.Number)
	case table.Date:
		if v.Date.Hour() == 0 && v.Date.Minute() == 0 {
			return web.Date(web.SetZone(ctx, time.UTC), v.Date)
		}
		return web.DateTime(web.SetZone(ctx, time.UTC), v.Date)
	case table.List:
		return clip(strings.Join(v.List, " · "), 80)
	case table.Flag:
		if v.Flag {
			return web.T(ctx, "intake.yes")
		}
		return web.T(ctx, "intake.no")
	}
	return clip(v.Text, 80)
}

// confirm takes the form: it shows it again with a new preview, or reads the file by it.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, im, err := p.importOf(r, identity.Import)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form is not well-formed")
	}
	proposal, err := p.Imports.Proposal(ctx, im.Scope, im.ID)
	if err != nil {
		return err
	}
	proposal.Mapping = formMapping(r, proposal)
	sender := senderName(r.PostFormValue("sender"))
	wrong := p.checkMapping(ctx, proposal.Mapping)
	if r.PostFormValue("do") == "preview" || len(wrong) > 0 {
		return p.showMapping(w, r, im, proposal, sender, wrong)
	}
	if err := p.Imports.Confirm(ctx, im.Scope, im.ID, sender, proposal.Mapping, viewer.Officer.ID); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "intake.mapping.confirmed"))
	return web.Redirect(w, r, importHref(im.ID, ""))
}

// formMapping reads the columns of the form. What goes with a field (unit, date, decimal
// mark) is guessed again when the field is another than before.
func formMapping(r *http.Request, p intake.Proposal) table.Mapping {
	m := table.Mapping{Fingerprint: p.Fingerprint}
	before := map[int]table.Column{}
	for _, c := range p.Mapping.Columns {
		before[c.Index] = c
	}
	for i, heading := range p.Heading {
		n := strconv.Itoa(i)
		c := before[i]
		c.Index, c.Heading = i, heading
		target := r.PostFormValue("target-" + n)
		if target != c.Target {
			c = table.Column{Index: i, Heading: heading, Decimal: c.Decimal, DateLayout: c.DateLayout}
		}
		c.Target, c.Path = target, ""
		if t, ok := table.TargetOf(target); ok {
			c.Path = t.Path
		}
		switch kindOf(target) {
		case table.Mass, table.Volume:
			c.Unit = fitting(kindOf(target), firstOf(r.PostFormValue("unit-"+n), c.Unit))
			c.Decimal = firstOf(r.PostFormValue("decimal-"+n), c.Decimal)
		case table.Number, table.Amount:
			c.Decimal = firstOf(r.PostFormValue("decimal-"+n), c.Decimal)
		case table.Date:
			c.DateLayout = firstOf(r.PostFormValue("date-"+n), c.DateLayout)
		default:
			c.Unit = ""
		}
		m.Columns = append(m.Columns, c)
	}
	return m
}

// fitting returns the unit, or the one that is kept where it does not fit the kind.
func fitting(kind table.Kind, unit string) string {
	for _, u := range unitsOf(kind) {
		if u == unit {
			return unit
		}
	}
	return unitsOf(kind)[0]
}

func (p *Pages) checkMapping(ctx context.Context, m table.Mapping) []components.FieldError {
	err := m.Check()
	if err == nil {
		return nil
	}
	for _, c := range m.Columns {
		if c.Target == "document_number" {
			return []components.FieldError{{Text: web.Explain(ctx, err)}}
		}
	}
	return []components.FieldError{{Field: "target-0", Text: web.T(ctx, "intake.mapping.number")}}
}

func unitsOf(kind table.Kind) []string {
	switch kind {
	case table.Mass:
		return []string{"kg", "t", "g", "lb"}
	case table.Volume:
		return []string{"m3", "l", "ft3"}
	}
	return nil
}

// dateLayouts are the orders of a date that a person can choose, by an example each.
var dateLayouts = []struct{ layout, example string }{
	{"2006-01-02", "2026-03-09"}, {"02.01.2006", "09.03.2026"}, {"02/01/2006", "09/03/2026"}, {"01/02/2006", "03/09/2026"},
	{"02-01-2006", "09-03-2026"}, {"2006/01/02", "2026/03/09"}, {"20060102", "20260309"}, {"02.01.06", "09.03.26"},
	{"02.01.2006 15:04", "09.03.2026 14:05"}, {"2006-01-02 15:04", "2026-03-09 14:05"}, {"02 Jan 2006", "09 Mar 2026"},
}

func dateOptions(current string) (out []components.Option) {
	found := false
	for _, l := range dateLayouts {
		out = append(out, components.Option{Value: l.layout, Label: l.example})
		found = found || l.layout == current
	}
	if !found && current != "" {
		example := cargoDay.Format(current)
		out = append([]components.Option{{Value: current, Label: example}}, out...)
	}
	return out
}

func unitOptions(ctx context.Context, kind table.Kind) (out []components.Option) {
	for _, u := range unitsOf(kind) {
		out = append(out, components.Option{Value: u, Label: web.T(ctx, "intake.unit."+u)})
	}
	return out
}

func decimalOptions(ctx context.Context) []components.Option {
	return []components.Option{{Value: ".", Label: web.T(ctx, "intake.decimal.point")}, {Value: ",", Label: web.T(ctx, "intake.decimal.comma")}}
}
