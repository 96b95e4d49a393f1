package exerciseweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
)

// debriefView walks through what was hidden in the traffic of a run.
type debriefView struct {
	Run     exercise.Run
	Result  exercise.Result
	Officer string // whose it is, when that is not the viewer
	Mine    bool
	Inside  bool
	Schemes []schemeView
	Others  []itemView // selected, and neither planted nor alike
	Ratings []exercise.Rating
}

// schemeView is one scheme: its cases and its look-alikes.
type schemeView struct {
	exercise.SchemeTally
	Cases []itemView
	Twins []itemView
}

// itemView is one consignment of the debrief.
type itemView struct {
	exercise.Item
	Inside   bool
	Traces   []traceView
	Findings []findingView
}

// traceView is a sign, and where it stands.
type traceView struct {
	Text   string
	Fields []placeView
}

// findingView is what the engine said.
type findingView struct {
	Title  string
	Points float64
	Fields []placeView
}

// placeView is a field, as a link where the viewer works in the traffic.
type placeView struct {
	Label string
	Href  string
}

func (p *Pages) debrief(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := pathID(r)
	if err != nil {
		return err
	}
	run, result, err := p.Exercises.Result(ctx, id)
	if err != nil {
		return orNotFound(ctx, err)
	}
	viewer, _ := identity.From(ctx)
	v := debriefView{Run: run, Result: result, Mine: run.Officer == viewer.Officer.ID, Inside: p.inside(ctx, id)}
	if v.Mine {
		if v.Ratings, err = p.Exercises.Ratings(ctx); err != nil {
			return err
		}
	} else {
		v.Officer = p.officerName(ctx, run.Officer)
	}
	v.walk(ctx)
	return web.Render(w, r, debriefPage(v))
}

// walk puts the items of the result below their schemes.
func (v *debriefView) walk(ctx context.Context) {
	at := map[string]int{}
	tallies := slices.Clone(v.Result.Schemes)
	slices.SortStableFunc(tallies, func(a, b exercise.SchemeTally) int { return min(b.Cases, 1) - min(a.Cases, 1) }) // what was hidden first
	for i, s := range tallies {
		at[s.Scheme] = i
		v.Schemes = append(v.Schemes, schemeView{SchemeTally: s})
	}
	for _, x := range v.Result.Items {
		item := view(ctx, x, v.Inside)
		i, known := at[x.Scheme]
		switch {
		case !known:
			v.Others = append(v.Others, item)
		case x.Planted:
			v.Schemes[i].Cases = append(v.Schemes[i].Cases, item)
		default:
			v.Schemes[i].Twins = append(v.Schemes[i].Twins, item)
		}
	}
}

func view(ctx context.Context, x exercise.Item, inside bool) itemView {
	out := itemView{Item: x, Inside: inside}
	for _, t := range exercise.Traces(x.Note) {
		tv := traceView{Text: traceText(ctx, t)}
		for _, f := range t.Fields {
			tv.Fields = append(tv.Fields, placeView{fieldName(ctx, f), out.place(sectionOf(f))})
		}
		out.Traces = append(out.Traces, tv)
	}
	for _, f := range x.Findings {
		fv := findingView{Title: riskweb.IndicatorTitle(ctx, f.Indicator), Points: f.Points}
		for _, path := range f.Fields {
			fv.Fields = append(fv.Fields, placeView{cargoweb.FieldLabel(ctx, path), out.place(cargoweb.FieldID(path))})
		}
		out.Findings = append(out.Findings, fv)
	}
	return out
}

// sectionOf is the part of a consignment's page that a field without indexes stands in.
func sectionOf(field string) string {
	owner, _, _ := strings.Cut(field, ".")
	return sections[owner]
}

// place is the address of a part of the consignment's page; empty where the viewer does
// not work in its traffic.
func (x itemView) place(part string) string {
	if !x.Inside {
		return ""
	}
	return "/consignments/" + idText(x.Consignment) + "#" + part
}

// verdictTones are the colours of verdicts.
var verdictTones = map[exercise.Verdict]web.Tone{exercise.Right: web.Good, exercise.Wrong: web.Bad, exercise.Unjudged: web.Neutral}

// kicker says how hard it was, and whose run it shows.
func (v debriefView) kicker(ctx context.Context) string {
	return runView{Run: v.Run, Officer: v.Officer}.kicker(ctx)
}

// who names the learner.
func (v debriefView) who(ctx context.Context) string {
	if v.Officer != "" {
		return v.Officer
	}
	return web.T(ctx, "exercise.you")
}
