package riskweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
)

// consignmentView is one consignment as it is shown.
type consignmentView struct {
	cargoweb.Sheet
	Row       risk.Row
	Assessed  bool
	Inclusion float64 // probability of the random draw
	Kept      risk.Kept
	Findings  []findingView
	Settings  risk.UnitSettings
	Versions  []*cargo.Consignment // oldest first
	History   map[int]risk.Kept    // by version
	Raw       rawView
	Related   []related
	Now       time.Time
	Mark      *Mark           // what is being done about it; may be nil
	Work      templ.Component // what the unit did about it; may be nil
}

// findingView is one reason in words.
type findingView struct {
	risk.Finding
	Title    string
	Meaning  string
	Source   string
	Group    string
	Evidence []evidenceView
}

// evidenceView is one field that a finding cites.
type evidenceView struct {
	Label   string
	Value   string
	Against string
	Fact    string // address of the field among the facts
	Message string // address of the field in the raw message; may be empty
}

// related is other traffic that shares something with the consignment.
type related struct {
	Label string
	Name  string
	Href  string
	Count int
}

func (p *Pages) consignment(w http.ResponseWriter, r *http.Request) error {
	v, err := p.consignmentView(r, true)
	if err != nil {
		return err
	}
	return web.Render(w, r, consignmentPage(v))
}

func (p *Pages) print(w http.ResponseWriter, r *http.Request) error {
	v, err := p.consignmentView(r, false)
	if err != nil {
		return err
	}
	return web.Render(w, r, printPage(v))
}

// consignmentView loads a consignment of the scope, or returns fault.NotFound; whole
// brings the raw message and related traffic, too.
func (p *Pages) consignmentView(r *http.Request, whole bool) (consignmentView, error) {
	ctx := r.Context()
	var v consignmentView
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return v, err
	}
	id, err := pathID(r)
	if err != nil {
		return v, err
	}
	if v.Versions, err = p.Cargo.Versions(ctx, scope.ID, id); err != nil {
		return v, orNotFound(ctx, err, "risk.none.consignment")
	}
	v.Now = p.Now()
	newest := v.Versions[len(v.Versions)-1]
	v.Sheet = cargoweb.Sheet{Consignment: newest, Codes: p.Reference}
	if err := p.explain(ctx, scope.ID, &v); err != nil {
		return v, err
	}
	v.Sheet.PartyHref = v.partyHref
	if whole {
		v.Sheet.ContainerHref = containerHref
		if v.Raw, err = p.raw(ctx, scope.ID, newest, v.Marks); err != nil {
			return v, err
		}
		if v.Related, err = p.related(ctx, scope.ID, v); err != nil {
			return v, err
		}
		if err = p.work(ctx, scope.ID, &v); err != nil {
			return v, err
		}
	}
	v.Findings = findings(ctx, v.Kept, newest, v.Raw.Marked)
	return v, p.Audit.Saw(ctx, "consignment", idText(id))
}

// explain loads the assessments and which fields they cite.
func (p *Pages) explain(ctx context.Context, scope cargo.ScopeID, v *consignmentView) error {
	history, err := p.Assessments.History(ctx, v.ID)
	if err != nil {
		return err
	}
	v.History = map[int]risk.Kept{}
	for _, k := range history {
		v.History[k.Version] = k
	}
	if v.Settings, err = p.Assessments.Settings(ctx, scope); err != nil {
		return err
	}
	queued, err := p.Assessments.Rows(ctx, scope, []int64{v.ID})
	if err != nil {
		return err
	}
	row, assessed := queued[v.ID]
	v.Row, v.Inclusion, v.Assessed = row.Row, row.Inclusion, assessed
	if v.Assessed {
		v.Kept = v.History[v.Row.Version]
	}
	v.Marks = marks(ctx, v.Kept)
	return nil
}

// marks are the fields that findings cite, each finding once.
func marks(ctx context.Context, k risk.Kept) map[string][]cargoweb.Cite {
	out := map[string][]cargoweb.Cite{}
	for _, f := range k.Findings {
		for _, e := range f.Evidence {
			cite := cargoweb.Cite{Short: f.Indicator, Title: IndicatorTitle(ctx, f.Indicator), Href: "#" + findingID(f.Indicator)}
			if !slices.Contains(out[e.Field], cite) {
				out[e.Field] = append(out[e.Field], cite)
			}
		}
	}
	return out
}

// findingID is the id of the element that explains a finding.
func findingID(indicator string) string { return "why-" + indicator }

func findings(ctx context.Context, k risk.Kept, cons *cargo.Consignment, marked map[string]bool) []findingView {
	out := make([]findingView, len(k.Findings))
	for i, f := range k.Findings {
		in := indicatorByID[f.Indicator]
		out[i] = findingView{
			Finding: f, Title: IndicatorTitle(ctx, f.Indicator), Meaning: indicatorMeaning(ctx, f.Indicator), Source: in.Source,
		}
		if in.Group != "" {
			out[i].Group = groupName(ctx, in.Group)
		}
		for _, e := range f.Evidence {
			ev := evidenceView{
				Label: cargoweb.FieldLabelOf(ctx, e.Field, cons), Value: evidenceValue(ctx, e), Against: against(ctx, e),
				Fact: "#" + cargoweb.FieldID(e.Field),
			}
			if marked[e.Field] {
				ev.Message = "#" + rawID(e.Field)
			}
			out[i].Evidence = append(out[i].Evidence, ev)
		}
	}
	return out
}

func (v consignmentView) partyHref(role cargo.PartyRole) string {
	id := map[cargo.PartyRole]int64{cargo.Consignor: v.Row.Consignor, cargo.Consignee: v.Row.Consignee, cargo.NotifyParty: v.Row.Notify}[role]
	if id == 0 {
		return ""
	}
	return "/parties/" + idText(id)
}

// most is how far the bars of the contributions reach.
func (v consignmentView) most() float64 {
	most := 1.0
	for _, f := range v.Kept.Findings {
		most = max(most, float64(f.Contribution), -float64(f.Contribution))
	}
	return most
}

// related counts what else the unit knows of the same parties and containers.
func (p *Pages) related(ctx context.Context, scope cargo.ScopeID, v consignmentView) ([]related, error) {
	var out []related
	var parties []int64
	for _, role := range []cargo.PartyRole{cargo.Consignor, cargo.Consignee, cargo.NotifyParty} {
		id := map[cargo.PartyRole]int64{cargo.Consignor: v.Row.Consignor, cargo.Consignee: v.Row.Consignee, cargo.NotifyParty: v.Row.Notify}[role]
		party := v.Party(role)
		if id == 0 || slices.Contains(parties, id) || party == nil {
			continue
		}
		parties = append(parties, id)
		out = append(out, related{Label: cargoweb.PartyRole(ctx, role), Name: party.Name, Href: "/parties/" + idText(id)})
	}
	counts, err := p.Assessments.Board(scope).PartyCounts(ctx, parties)
	if err != nil {
		return nil, err
	}
	for i, n := range counts {
		out[i].Count = max(0, n-1)
	}
	boxes, err := p.sameBoxes(ctx, scope, v.Consignment)
	return append(out, boxes...), err
}

// mostBoxes is how many containers of one consignment are looked for elsewhere.
const mostBoxes = 8

func (p *Pages) sameBoxes(ctx context.Context, scope cargo.ScopeID, cons *cargo.Consignment) ([]related, error) {
	var out []related
	for i := range cons.Equipment[:min(len(cons.Equipment), mostBoxes)] {
		number := cons.Equipment[i].Number
		found, err := p.Cargo.Find(ctx, scope, number, mostHits)
		if err != nil {
			return nil, err
		}
		others := map[int64]bool{}
		for _, h := range found {
			if h.Kind == cargo.KeyContainer && h.Consignment != cons.ID && len(h.Value) == len(number) {
				others[h.Consignment] = true
			}
		}
		if len(others) > 0 {
			out = append(out, related{Label: web.T(ctx, "risk.related.container"), Name: number, Href: containerHref(number), Count: len(others)})
		}
	}
	return out, nil
}

// tabs lead to the parts of the page.
func (v consignmentView) tabs(ctx context.Context) []web.Tab {
	tabs := []web.Tab{
		{Label: web.T(ctx, "risk.why"), Href: "#why", Count: len(v.Findings)},
		{Label: web.T(ctx, "cargo.goods.title"), Href: "#goods", Count: len(v.Consignment.Goods)},
		{Label: web.T(ctx, "cargo.equipment.title"), Href: "#equipment", Count: len(v.Consignment.Equipment)},
		{Label: web.T(ctx, "cargo.parties.title"), Href: "#parties", Count: len(v.Parties)},
		{Label: web.T(ctx, "risk.timeline"), Href: "#timeline"},
	}
	if len(v.Versions) > 1 {
		tabs = append(tabs, web.Tab{Label: web.T(ctx, "risk.versions"), Href: "#versions", Count: len(v.Versions)})
	}
	return append(tabs, web.Tab{Label: web.T(ctx, "risk.raw"), Href: "#message"})
}

func (v consignmentView) kicker(ctx context.Context) string {
	parts := []string{cargoweb.Mode(ctx, v.Transport.Mode)}
	if v.Document.Kind != cargo.DocumentUnknown {
		parts = append(parts, cargoweb.FieldValue(ctx, "document.kind", string(v.Document.Kind)))
	}
	if v.Carrier.Name != "" {
		parts = append(parts, v.Carrier.Name)
	}
	return joined(parts)
}

// channelReason says by what rule the consignment came into its channel.
func channelReason(ctx context.Context, v consignmentView) string {
	day := dayText(ctx, risk.DayTime(v.Row.Day))
	cap := v.Settings.Capacity
	switch {
	case v.Row.Withdrawn:
		return ""
	case v.Row.Random:
		return web.T(ctx, "risk.reason.random", "Share", web.Percent(ctx, v.Inclusion))
	case v.Row.Channel == risk.Examine:
		return web.T(ctx, "risk.reason.examine", "Count", cap.Examine, "Day", day)
	case v.Row.Channel == risk.Look:
		return web.T(ctx, "risk.reason.look", "Count", cap.Look, "Day", day)
	case v.Row.Score < cap.LookFloor:
		return web.T(ctx, "risk.reason.below", "Floor", web.Decimal(ctx, float64(cap.LookFloor), 3))
	}
	return web.T(ctx, "risk.reason.full", "Day", day)
}

// versionScore says what an amendment did to the score.
func versionScore(ctx context.Context, history map[int]risk.Kept, older, newer *cargo.Consignment) string {
	was, before := history[older.Version]
	is, after := history[newer.Version]
	switch {
	case before && after:
		return web.T(ctx, "risk.version.scores", "Was", web.Signed(ctx, float64(was.Score), 3), "Is", web.Signed(ctx, float64(is.Score), 3))
	case after:
		return web.T(ctx, "risk.version.score", "Is", web.Signed(ctx, float64(is.Score), 3))
	}
	return web.T(ctx, "risk.unassessed")
}
