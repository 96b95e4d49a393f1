package resultweb

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// outcomes are all versions of what was found, in the order of recording.
func (d *paper) outcomes() {
	d.Heading(1, d.t("case.outcomes"))
	if len(d.Outcomes) == 0 {
		d.Text(d.t("result.file.outcomes.none"))
		return
	}
	for _, o := range d.Outcomes {
		title := caseword.Joined(" · ", d.tell().Document(o.Consignment), d.t("case.outcome.version", "Version", o.Version))
		if newest, _ := d.Outcome(o.Consignment); newest.Version != o.Version {
			title = caseword.Joined(" · ", title, d.t("result.file.replaced"))
		}
		d.Heading(2, title)
		d.outcome(o)
	}
}

func (d *paper) outcome(o casework.OutcomeVersion) {
	pairs := []pdf.Pair{
		{Name: d.t("case.result"), Value: d.t("case.result." + string(o.Result))},
		{Name: d.t("case.method"), Value: d.t("case.method." + string(o.Method))},
		{Name: d.t("result.file.recorded"), Value: caseword.Joined(" · ", d.moment(o.At), d.tell().Name(d.ctx, o.Officer))},
	}
	more := func(id, value string) {
		if value != "" {
			pairs = append(pairs, pdf.Pair{Name: d.t(id), Value: value})
		}
	}
	more("case.arrests", cargoweb.Count(d.ctx, o.Arrests))
	more("case.verdicts", d.verdicts(o))
	more("case.outcome.words", o.Words)
	more("case.outcome.correction", o.Correction)
	more("case.photos", d.photos(o.Photos))
	d.Pairs(pairs)
	if len(o.Goods) == 0 {
		return
	}
	t := pdf.Table{Columns: []pdf.Column{
		{Title: d.t("case.category")}, {Title: d.t("case.description")}, {Title: d.t("case.quantity"), Numeric: true},
		{Title: d.t("case.value"), Numeric: true}, {Title: d.t("case.concealment")}, {Title: d.t("case.position")},
	}}
	for _, g := range o.Goods {
		t.Rows = append(t.Rows, []string{
			categoryName(d.ctx, g.Category), g.Description, caseword.Quantity(d.ctx, g), cargoweb.Amount(d.ctx, g.Value),
			d.listed("case.concealment.", string(g.Concealment)), d.listed("case.position.", string(g.Position)),
		})
	}
	d.Table(t)
}

// listed says a value of a list; "" stays empty.
func (d *paper) listed(prefix, value string) string {
	if value == "" {
		return ""
	}
	return d.t(prefix + value)
}

func (d *paper) verdicts(o casework.OutcomeVersion) string {
	var out []string
	for _, id := range o.Basis.Indicators {
		v := o.Verdicts[id]
		if v == "" {
			v = casework.NotChecked
		}
		out = append(out, id+" "+riskweb.IndicatorTitle(d.ctx, id)+": "+d.t("case.verdict."+string(v)))
	}
	return strings.Join(out, "\n")
}

// photos names attachments by their numbers.
func (d *paper) photos(seqs []int) string {
	var out []string
	for _, a := range d.Attachments {
		if slices.Contains(seqs, a.Seq) {
			out = append(out, attachmentName(a))
		}
	}
	return strings.Join(out, "\n")
}

// examination is the plan, and the checklist with every entry.
func (d *paper) examination() {
	plan := d.Examination.Plan
	if plan == nil && len(d.Examination.Items) == 0 {
		return
	}
	d.Heading(1, d.t("case.examination"))
	if plan != nil {
		d.Pairs([]pdf.Pair{
			{Name: d.t("case.plan.place"), Value: plan.Place}, {Name: d.t("result.file.time"), Value: caseword.PlanTime(d.ctx, *plan)},
			{Name: d.t("case.plan.team"), Value: d.tell().Team(d.ctx, plan.Team)}, {Name: d.t("case.plan.words"), Value: plan.Words},
		})
	}
	done, all := d.Examination.Progress()
	d.Note(d.t("case.examination.progress", "Done", done, "All", all))
	for items := d.Examination.Items; len(items) > 0; {
		n := 1
		for n < len(items) && items[n].Consignment == items[0].Consignment && items[n].Equipment == items[0].Equipment {
			n++
		}
		d.checklist(items[:n])
		items = items[n:]
	}
}

// checklist are the items of one container, or of the goods of a consignment.
func (d *paper) checklist(items []casework.Item) {
	title := items[0].Equipment
	if title == "" {
		title = d.t("case.box.goods", "Document", d.tell().Document(items[0].Consignment))
	}
	d.Heading(2, title)
	t := pdf.Table{Columns: []pdf.Column{{Title: d.t("result.file.part")}, {Title: d.t("result.file.check")}, {Title: d.t("case.item.state")}, {Title: d.t("result.file.who")}}}
	for n, i := range items {
		part, name := "", caseword.ItemTitle(d.ctx, i)
		if n == 0 || items[n-1].Part != i.Part {
			part = d.t("case.part." + string(i.Part))
		}
		if len(i.Entries) == 0 {
			t.Rows = append(t.Rows, []string{part, name, d.t("case.item-state.open"), ""})
		}
		for _, e := range i.Entries {
			at := e.At
			if !e.ClientAt.IsZero() && e.ClientAt.Before(e.At) {
				at = e.ClientAt // filled in without a network
			}
			t.Rows = append(t.Rows, []string{part, name, caseword.Entry(d.ctx, i, e), caseword.Joined(" · ", d.tell().Name(d.ctx, e.Officer), d.moment(at))})
			part, name = "", ""
		}
	}
	d.Table(t)
}

func (d *paper) notes() {
	if len(d.Notes) == 0 {
		return
	}
	d.Heading(1, d.t("case.notes"))
	for _, n := range d.Notes {
		addendum := ""
		if n.Addendum {
			addendum = d.t("case.addendum")
		}
		d.Note(caseword.Joined(" · ", d.moment(n.At), d.tell().Name(d.ctx, n.Officer), addendum))
		d.Text(n.Text)
	}
}

func (d *paper) tasks() {
	if len(d.Tasks) == 0 {
		return
	}
	t := pdf.Table{Columns: []pdf.Column{{Title: d.t("case.task.text")}, {Title: d.t("case.task.for")}, {Title: d.t("case.task.due")}, {Title: d.t("result.file.done")}}}
	for _, k := range d.Tasks {
		done := ""
		if k.Done {
			done = caseword.Joined(" · ", d.moment(k.DoneAt), d.tell().Name(d.ctx, k.DoneBy))
		}
		t.Rows = append(t.Rows, []string{k.Text, d.tell().Doer(d.ctx, k.For), d.moment(k.Due), done})
	}
	d.Heading(1, d.t("case.tasks"))
	d.Table(t)
}

// acts are everything that was done, oldest first, with what was set aside.
func (d *paper) acts() {
	d.Heading(1, d.t("case.timeline"))
	t := pdf.Table{Columns: []pdf.Column{{Title: "№"}, {Title: d.t("result.file.at")}, {Title: d.t("result.file.who")}, {Title: d.t("result.file.what")}, {Title: d.t("result.file.text")}}}
	for _, a := range d.Acts {
		title, text := d.tell().Says(d.ctx, a.Kind, a.Body)
		t.Rows = append(t.Rows, []string{strconv.Itoa(a.Seq), d.moment(a.At), d.tell().Name(d.ctx, a.Officer), title, text})
	}
	d.Table(t)
}

// mostPictures bounds how many small pictures a paper shows: a paper is made in memory.
const mostPictures = 120

// attachments are the photos and papers by name, size and hash, and the photos small.
func (d *paper) attachments() error {
	d.Heading(1, d.t("case.attachments"))
	if len(d.Attachments) == 0 {
		d.Text(d.t("case.attachments.none"))
		return nil
	}
	if d.Strip {
		d.Note(d.t("result.file.stripped"))
	}
	for _, a := range d.Attachments {
		d.Heading(3, attachmentName(a))
		d.Pairs(d.attachment(a))
	}
	var pictures []pdf.Picture
	for _, a := range d.Attachments {
		if a.Thumb == "" || len(pictures) == mostPictures {
			continue
		}
		raw, err := d.thumb(a)
		if err != nil {
			return err
		}
		pictures = append(pictures, pdf.Picture{Raw: raw, Caption: caseword.Joined(" · ", attachmentName(a), a.Caption)})
	}
	if len(pictures) > 0 {
		d.Heading(2, d.t("case.photos"))
		d.Images(pictures)
	}
	return nil
}

// attachment says what is known of a file.
func (d *paper) attachment(a casework.Attachment) []pdf.Pair {
	size := web.Bytes(d.ctx, a.Size)
	if a.Width > 0 {
		size = caseword.Joined(" · ", size, strconv.Itoa(a.Width)+" × "+strconv.Itoa(a.Height))
	}
	of := d.t("case.attach.of.case")
	if a.Consignment != 0 {
		of = d.tell().Document(a.Consignment)
	}
	pairs := []pdf.Pair{
		{Name: d.t("result.file.recorded"), Value: caseword.Joined(" · ", d.moment(a.At), d.tell().Name(d.ctx, a.Officer))},
		{Name: d.t("result.file.what"), Value: caseword.Joined(" · ", a.Caption, of, a.MediaType, size)},
		{Name: "SHA-256", Value: a.Hash},
	}
	if d.Strip {
		return pairs
	}
	taken := ""
	if !a.Taken.IsZero() {
		taken = d.moment(a.Taken)
		if !a.ZoneKnown { // the camera's clock, of a zone that it does not say
			taken = a.Taken.UTC().Format("2006-01-02 15:04:05")
		}
	}
	where := ""
	if a.Located {
		where = fmt.Sprintf("%.5f, %.5f", a.Latitude, a.Longitude)
	}
	if made := caseword.Joined(" · ", taken, where, a.Camera); made != "" {
		pairs = append(pairs, pdf.Pair{Name: d.t("result.file.taken"), Value: made})
	}
	return pairs
}

func (d *paper) thumb(a casework.Attachment) (raw []byte, err error) {
	_, body, err := d.site.Cases.OpenAttachment(d.ctx, d.Scope, d.ID, a.Seq, casework.Thumb)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	return io.ReadAll(body)
}

// attachmentName is an attachment by its number in the case and its name.
func attachmentName(a casework.Attachment) string {
	return fmt.Sprintf("%03d %s", a.Seq, a.Name)
}
