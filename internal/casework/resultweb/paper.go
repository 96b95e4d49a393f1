package resultweb

import (
	"context"
	"io"
	"net/http"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/web"
)

// filePDF answers with the case as a paper.
func (p *Pages) filePDF(w http.ResponseWriter, r *http.Request) error {
	f, err := p.file(r, "pdf")
	if err != nil {
		return err
	}
	return hand(w, r, "case-"+f.safeNumber()+".pdf", "application/pdf", func(out io.Writer) error { return p.writePaper(r.Context(), f, out) })
}

// paper is a case file that is being written.
type paper struct {
	*caseFile
	*pdf.Doc
	ctx  context.Context
	site *Pages
}

// t says a message.
func (d *paper) t(id string, args ...any) string { return web.T(d.ctx, id, args...) }

// moment writes a time; the zero time is nothing.
func (d *paper) moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return web.DateTime(d.ctx, at)
}

// writePaper writes the whole case: what it is about, what was done, and what is kept.
func (p *Pages) writePaper(ctx context.Context, f *caseFile, out io.Writer) error {
	title := web.T(ctx, "result.file.title", "Number", f.Number)
	d := &paper{caseFile: f, ctx: ctx, site: p, Doc: pdf.New(pdf.Options{
		Title: title, Author: f.Viewer.Unit.Name, Lang: string(web.LanguageOf(ctx)), Made: f.At,
		RunningHead: caseword.Joined(" · ", title, f.Viewer.Unit.Name, web.DateTime(ctx, f.At)),
	})}
	d.headOf()
	for _, m := range f.Consignments {
		d.member(m)
	}
	d.outcomes()
	d.examination()
	d.notes()
	d.tasks()
	d.acts()
	if err := d.attachments(); err != nil {
		return err
	}
	return d.Write(out)
}

// headOf says what the case is and where it stands.
func (d *paper) headOf() {
	if d.Title != "" {
		d.Text(d.Title)
	}
	state := d.t("case.state." + string(d.State))
	if d.State == casework.Closed {
		state = caseword.Joined(" · ", state, d.t("case.ending."+string(d.Conclusion.Ending)))
	}
	pairs := []pdf.Pair{
		{Name: d.t("case.number"), Value: d.Number}, {Name: d.t("result.sheet.unit"), Value: caseword.Joined(" · ", d.Viewer.Unit.Name, d.Viewer.Unit.Code)},
		{Name: d.t("case.state"), Value: state},
		{Name: d.t("case.origin"), Value: caseword.Joined(" · ", d.t("case.origin."+string(d.Origin)), d.Because)},
		{Name: d.t("case.opened"), Value: caseword.Joined(" · ", d.moment(d.OpenedAt), d.tell().Name(d.ctx, d.OpenedBy))},
		{Name: d.t("case.owner"), Value: d.tell().Owner(d.ctx, d.Owner)},
	}
	more := func(name, value string) {
		if value != "" {
			pairs = append(pairs, pdf.Pair{Name: name, Value: value})
		}
	}
	if d.State == casework.Held {
		more(d.t("case.held-because"), caseword.Reason(d.ctx, casework.ReasonHold, d.Hold))
	}
	more(d.t("case.deadline"), d.moment(d.Deadline))
	if d.Conclusion.Ending != "" {
		more(d.t("case.concluded"), d.moment(d.ConcludedAt))
		more(d.t("case.reason"), caseword.Reason(d.ctx, caseword.EndingReasons[d.Conclusion.Ending], d.Conclusion.Reason))
		more(d.t("case.referred-to"), d.Conclusion.ReferredTo)
	}
	if d.Reopenings > 0 {
		more(d.t("case.reopenings"), web.Number(d.ctx, d.Reopenings))
	}
	more(d.t("case.watchers"), d.tell().Team(d.ctx, d.Watchers))
	more(d.t("result.sheet.made"), caseword.Joined(" · ", d.moment(d.At), d.Viewer.Officer.Name))
	d.Pairs(pairs)
}
