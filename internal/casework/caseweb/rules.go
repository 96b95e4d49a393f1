package caseweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// rulesForm is the name of the form of the rules.
const rulesForm = "rules"

// rulesView is the form of the rules that propose cases.
type rulesView struct {
	form
	Set     casework.RuleSet
	History []casework.RuleSet // the newest first
	Lines   []ruleLine
	People  people
	MayEdit bool
	Stale   bool // somebody else has saved a version since the form was loaded
}

// mostVersions is how many versions of the rules the page lists.
const mostVersions = 30

// ruleLine is a rule as typed.
type ruleLine struct {
	N                              int
	Title, Score, Indicator, Party string
	Paused                         bool
}

func (l ruleLine) empty() bool {
	return l.Title == "" && l.Score == "" && l.Indicator == "" && l.Party == ""
}

func ruleField(n int, field string) string {
	return fieldName(rulesForm, "rules."+strconv.Itoa(n)+"."+field)
}

func (p *Pages) rules(w http.ResponseWriter, r *http.Request) error {
	v, err := p.rulesView(r.Context(), form{})
	if err != nil {
		return err
	}
	return web.Render(w, r, rulesPage(v))
}

func (p *Pages) rulesView(ctx context.Context, f form) (rulesView, error) {
	v := rulesView{form: f}
	viewer, scope, err := enter(ctx)
	if err != nil {
		return v, err
	}
	v.MayEdit = viewer.Can(identity.EditLists)
	if v.Set, err = p.Cases.Rules(ctx, scope); err != nil {
		return v, err
	}
	if v.History, err = p.Cases.RulesHistory(ctx, scope, mostVersions); err != nil {
		return v, err
	}
	if v.Lines = typedRules(f.Typed); f.Typed == nil {
		for _, r := range v.Set.Rules {
			line := ruleLine{Title: r.Title, Indicator: r.Indicator, Party: r.Party, Paused: r.Paused}
			if r.MinScore != nil {
				line.Score = plain(float64(*r.MinScore))
			}
			v.Lines = append(v.Lines, line)
		}
	}
	if v.MayEdit && (len(v.Lines) == 0 || !v.Lines[len(v.Lines)-1].empty()) {
		v.Lines = append(v.Lines, ruleLine{})
	}
	for i := range v.Lines {
		v.Lines[i].N = i
	}
	var officers []int64
	for _, set := range v.History {
		officers = append(officers, set.Officer)
	}
	v.People, err = p.people(ctx, viewer, officers...)
	return v, err
}

// typedRules reads the lines of the form.
func typedRules(typed url.Values) (out []ruleLine) {
	for n := 0; typed.Has(ruleField(n, "title")); n++ {
		get := func(field string) string { return strings.TrimSpace(typed.Get(ruleField(n, field))) }
		out = append(out, ruleLine{N: n, Title: get("title"), Score: get("min_score"), Indicator: get("indicator"), Party: get("party"), Paused: get("paused") != ""})
	}
	return out
}

func (p *Pages) saveRules(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.form"))
	}
	f := form{Name: rulesForm, Typed: r.PostForm}
	v, err := p.rulesView(ctx, f)
	if err != nil {
		return err
	}
	_, scope, err := enter(ctx)
	if err != nil {
		return err
	}
	set := casework.RuleSet{Reason: strings.TrimSpace(r.PostForm.Get(fieldName(rulesForm, "reason")))}
	set.Version, _ = strconv.Atoi(r.PostForm.Get("version"))
	lines := []int{}
	for _, line := range typedRules(r.PostForm) {
		if line.empty() {
			continue
		}
		rule, ok := line.rule()
		if !ok {
			v.Errors = []c.FieldError{{Field: ruleField(line.N, "min_score"), Text: web.T(ctx, "case.wrong.rules.min_score")}}
			return web.RenderStatus(w, r, http.StatusUnprocessableEntity, rulesPage(v))
		}
		set.Rules, lines = append(set.Rules, rule), append(lines, line.N)
	}
	_, err = p.Cases.SaveRules(ctx, scope, set)
	switch {
	case fault.Is(err, fault.Conflict):
		v.Stale = true
		return web.RenderStatus(w, r, http.StatusConflict, rulesPage(v))
	case fault.Is(err, fault.Invalid):
		v.Errors = fieldErrors(ctx, rulesForm, atLine(err, lines))
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, rulesPage(v))
	case err != nil:
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "case.rules.saved"))
	return web.Redirect(w, r, "/settings/case-rules")
}

// rule reads a line; false when the score is no number of points.
func (l ruleLine) rule() (casework.Rule, bool) {
	r := casework.Rule{Title: l.Title, Indicator: l.Indicator, Party: l.Party, Paused: l.Paused}
	if l.Score == "" {
		return r, true
	}
	x, ok := decimal(l.Score)
	score := risk.Round(x)
	r.MinScore = &score
	return r, ok && float64(score) == x && x >= -20 && x <= 20
}

func (v rulesView) line(l ruleLine, field, label, value string) c.FieldInfo {
	info := v.field(rulesForm, "rules."+strconv.Itoa(l.N)+"."+field, label, value)
	info.Value = value
	return info
}

func indicatorOptions(ctx context.Context) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "case.rule.any")}}
	for _, in := range risk.Indicators() {
		out = append(out, c.Option{Value: in.ID, Label: in.ID + " · " + riskweb.IndicatorTitle(ctx, in.ID)})
	}
	return out
}
