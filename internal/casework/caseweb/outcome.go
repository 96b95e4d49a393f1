package caseweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// outcomeForm is the name of the form of an outcome. Its goods are "outcome-goods.0.unit".
const outcomeForm = "outcome"

// mostLines bounds the lines of goods that a form shows: the core takes no more.
const mostLines = 100

// outcomeView is the form of what was found in one consignment.
type outcomeView struct {
	caseView
	Member   memberView
	Outcome  casework.Outcome // what the form shows
	Lines    []goodsLine
	Versions []casework.OutcomeVersion // of the consignment, the newest first
	Findings []findingView             // all that fired, for the verdicts
}

// goodsLine is a line of the form, as typed.
type goodsLine struct {
	N                                                                        int
	Category, Description, Quantity, Unit, Value, Currency, Hidden, Position string
}

// empty reports a line in which nothing was typed.
func (l goodsLine) empty() bool {
	return l.Category == "" && l.Description == "" && l.Quantity == "" && l.Value == "" && l.Hidden == "" && l.Position == ""
}

func (p *Pages) outcome(w http.ResponseWriter, r *http.Request) error {
	v, err := p.outcomeView(r, form{})
	if err != nil {
		return err
	}
	if err := p.saw(r.Context(), v.ID); err != nil {
		return err
	}
	return web.Render(w, r, outcomePage(v))
}

// outcomeView loads the form of a consignment of the case, as typed or as last recorded.
func (p *Pages) outcomeView(r *http.Request, f form) (outcomeView, error) {
	ctx := r.Context()
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return outcomeView{}, err
	}
	id, err := pathNumber(r, "consignment")
	if err != nil {
		return outcomeView{}, err
	}
	if _, in := k.Member(id); !in {
		return outcomeView{}, notFound(ctx)
	}
	v := outcomeView{}
	if v.caseView, err = p.caseView(ctx, viewer, k, f); err != nil {
		return v, err
	}
	v.Member = v.member(id)
	v.Outcome = casework.Outcome{Consignment: id}
	if o := v.Member.Outcome; o != nil {
		v.Outcome = o.Outcome
		v.Outcome.Correction = ""
	}
	for _, o := range slices.Backward(k.Outcomes) {
		if o.Consignment == id {
			v.Versions = append(v.Versions, o)
		}
	}
	v.findings(ctx)
	v.lines(f)
	return v, nil
}

// findings are the indicators of which the outcome says whether they were right: those
// that fire now, which the core will hold the verdicts against.
func (v *outcomeView) findings(ctx context.Context) {
	points := v.Member.Kept.Findings
	for _, f := range points {
		v.Findings = append(v.Findings, findingView{ID: f.Indicator, Title: riskweb.IndicatorTitle(ctx, f.Indicator), Points: f.Contribution})
	}
}

// lines are the goods as typed, else as recorded, and one line more to fill in.
func (v *outcomeView) lines(f form) {
	if f.Typed != nil {
		v.Lines = typedLines(f.Typed)
	} else {
		for _, g := range v.Outcome.Goods {
			line := goodsLine{Category: string(g.Category), Description: g.Description, Quantity: plain(g.Quantity), Unit: string(g.Unit),
				Currency: g.Value.Currency, Hidden: string(g.Concealment), Position: string(g.Position)}
			if g.Value.Amount > 0 {
				line.Value = plain(g.Value.Amount)
			}
			v.Lines = append(v.Lines, line)
		}
	}
	if n := len(v.Lines); n < mostLines && (n == 0 || f.Typed.Has("add")) {
		v.Lines = append(v.Lines, goodsLine{})
	}
	for i := range v.Lines {
		v.Lines[i].N = i
	}
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func lineField(n int, field string) string {
	return fieldName(outcomeForm, "goods."+strconv.Itoa(n)+"."+field)
}

// typedLines reads the lines of the form up to the last one that was sent.
func typedLines(typed url.Values) (out []goodsLine) {
	for n := range mostLines {
		if !typed.Has(lineField(n, "category")) {
			break
		}
		get := func(field string) string { return strings.TrimSpace(typed.Get(lineField(n, field))) }
		out = append(out, goodsLine{N: n, Category: get("category"), Description: get("description"), Quantity: get("quantity"), Unit: get("unit"),
			Value: get("value"), Currency: strings.ToUpper(get("currency")), Hidden: get("concealment"), Position: get("position")})
	}
	return out
}

func (p *Pages) saveOutcome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	f := form{Name: outcomeForm, Typed: r.PostForm}
	v, err := p.outcomeView(r, f)
	if err != nil {
		return err
	}
	if r.PostForm.Has("add") { // one more line, nothing to be saved yet
		return web.Render(w, r, outcomePage(v))
	}
	in := input{r, outcomeForm}
	o, lines, err := in.outcome(v)
	var done casework.Done
	if err == nil {
		done, err = p.Cases.RecordOutcome(ctx, refOf(r, v.Case), o)
		err = atLine(err, lines)
	}
	switch {
	case err == nil:
		web.AddFlash(w, r, web.Good, web.T(ctx, "case.done.outcome"))
		return web.Redirect(w, r, caseHref(v.ID)+"#outcomes")
	case done.Seq == 0 && fault.Is(err, fault.Invalid):
		v.Errors = fieldErrors(ctx, outcomeForm, err)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, outcomePage(v))
	}
	return p.refused(w, r, v.Viewer, v.Case, f, done, err)
}

// outcome reads the form. lines says which line of the form each of the goods is: those
// that were left empty are left out.
func (in input) outcome(v outcomeView) (o casework.Outcome, lines []int, err error) {
	o = casework.Outcome{Consignment: v.Member.Consignment, Method: casework.Method(in.get("method")), Result: casework.Result(in.get("result")),
		Words: in.get("words"), Correction: in.get("correction"), Verdicts: map[string]casework.Verdict{}}
	if text := in.get("arrests"); text != "" {
		if o.Arrests, err = strconv.Atoi(text); err != nil {
			return o, nil, wrong(in.Context(), "arrests", "case.wrong.arrests")
		}
	}
	for _, line := range typedLines(in.PostForm) {
		if line.empty() {
			continue
		}
		g, err := line.goods(in.Context())
		if err != nil {
			return o, nil, err
		}
		o.Goods, lines = append(o.Goods, g), append(lines, line.N)
	}
	for _, f := range v.Findings {
		if verdict := casework.Verdict(in.get("verdict." + f.ID)); verdict != "" && verdict != casework.NotChecked {
			o.Verdicts[f.ID] = verdict
		}
	}
	for _, text := range in.PostForm[fieldName(in.Name, "photos")] {
		if seq, err := strconv.Atoi(text); err == nil {
			o.Photos = append(o.Photos, seq)
		}
	}
	return o, lines, nil
}

// goods reads a line. Fields of its errors are of the form's line already.
func (l goodsLine) goods(ctx context.Context) (casework.FoundGoods, error) {
	g := casework.FoundGoods{Category: casework.Category(l.Category), Description: l.Description, Unit: casework.Unit(l.Unit),
		Concealment: casework.Concealment(l.Hidden), Position: casework.Position(l.Position)}
	var ok bool
	if g.Quantity, ok = decimal(l.Quantity); !ok {
		return g, wrong(ctx, "goods."+strconv.Itoa(l.N)+".quantity", "case.wrong.goods.quantity")
	}
	if l.Value != "" {
		if g.Value.Amount, ok = decimal(l.Value); !ok {
			return g, wrong(ctx, "goods."+strconv.Itoa(l.N)+".value", "case.wrong.goods.value")
		}
		g.Value.Currency = l.Currency
	}
	return g, nil
}

// unitOptions are the units of a category, the usual one first; without a category, all.
// What does not fit the category can still be chosen without scripts, and is refused.
func unitOptions(ctx context.Context, category casework.Category, chosen string) []c.Option {
	units := casework.CategoryUnits[category]
	if len(units) == 0 {
		units = casework.Units
	}
	if !slices.Contains(units, casework.Unit(chosen)) && slices.Contains(casework.Units, casework.Unit(chosen)) {
		units = append(slices.Clone(units), casework.Unit(chosen))
	}
	return words(ctx, "case.unit.", units)
}

// units answers a script that asks for the units of the category that was chosen.
func (p *Pages) units(w http.ResponseWriter, r *http.Request) error {
	var category casework.Category
	for name, values := range r.URL.Query() {
		if strings.HasSuffix(name, "category") && len(values) > 0 {
			category = casework.Category(values[0])
		}
	}
	return web.Render(w, r, options(unitOptions(r.Context(), category, "")))
}

// verdict is what the form shows of a finding.
func (v outcomeView) verdict(id string) string {
	if verdict := v.value(outcomeForm, "verdict."+id, string(v.Outcome.Verdicts[id])); verdict != "" {
		return verdict
	}
	return string(casework.NotChecked)
}

// picked reports whether a photo is chosen for the outcome.
func (v outcomeView) picked(seq int) bool {
	if v.sent(outcomeForm) {
		return slices.Contains(v.Typed[fieldName(outcomeForm, "photos")], strconv.Itoa(seq))
	}
	return slices.Contains(v.Outcome.Photos, seq)
}

// pictures are the photos that an outcome can name: of this consignment, or of the case.
func (v outcomeView) pictures() (out []casework.Attachment) {
	for _, a := range v.Attachments {
		if isPicture(a) && (a.Consignment == 0 || a.Consignment == v.Member.Consignment) {
			out = append(out, a)
		}
	}
	return out
}

func (v outcomeView) arrests() string {
	if v.Outcome.Arrests == 0 {
		return ""
	}
	return strconv.Itoa(v.Outcome.Arrests)
}

// changes are what a version says otherwise than the version before it.
func (v outcomeView) changes(ctx context.Context, n int) []c.Change {
	if n+1 >= len(v.Versions) {
		return nil
	}
	is, was := outcomeFacts(ctx, v.Versions[n].Outcome), outcomeFacts(ctx, v.Versions[n+1].Outcome)
	var out []c.Change
	for i := range is {
		if is[i].Is != was[i].Is {
			out = append(out, c.Change{Field: is[i].Field, Was: was[i].Is, Is: is[i].Is})
		}
	}
	return out
}

// outcomeFacts are what an outcome says, field by field.
func outcomeFacts(ctx context.Context, o casework.Outcome) []c.Change {
	var goods []string
	for _, g := range o.Goods {
		goods = append(goods, goodsText(ctx, g))
	}
	right, wrong := verdicts(o.Verdicts)
	return []c.Change{
		{Field: web.T(ctx, "case.method"), Is: web.T(ctx, "case.method."+string(o.Method))},
		{Field: web.T(ctx, "case.result"), Is: web.T(ctx, "case.result."+string(o.Result))},
		{Field: web.T(ctx, "case.goods"), Is: strings.Join(goods, "; ")},
		{Field: web.T(ctx, "case.arrests"), Is: web.Number(ctx, o.Arrests)},
		{Field: web.T(ctx, "case.verdicts"), Is: caseword.Joined(" · ", verdictText(ctx, "case.verdict.right", right), verdictText(ctx, "case.verdict.wrong", wrong))},
		{Field: web.T(ctx, "case.photos"), Is: web.Number(ctx, len(o.Photos))},
		{Field: web.T(ctx, "case.outcome.words"), Is: o.Words},
	}
}

// line is a field of a line of goods; only what is needed is marked as such by the core.
func (v outcomeView) line(l goodsLine, field, label, value string, attrs map[string]any) c.FieldInfo {
	info := v.field(outcomeForm, "goods."+strconv.Itoa(l.N)+"."+field, label, value)
	info.Value, info.Attrs = value, attrs
	return info
}

// reading is the case without what could be done with it.
func (v caseView) reading() caseView {
	v.MayDecide = false
	return v
}
