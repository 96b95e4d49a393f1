package riskweb

import (
	"context"
	"slices"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// line is one consignment in a ranked table.
type line struct {
	risk.Row
	*cargo.Consignment
	Kept  risk.Kept
	Scale float64
	Names places
	Mark  *Mark // what is being done about it; may be nil
}

// places gives names to place codes; a page asks for the same few again and again.
type places func(code string) string

func (p *Pages) places() places {
	known := map[string]string{}
	return func(code string) string {
		name, ok := known[code]
		if !ok {
			name = cargoweb.CodeName(p.Reference, code)
			known[code] = name
		}
		return name
	}
}

// lines loads what the rows of one page show, in a few statements however many they are.
func (p *Pages) lines(ctx context.Context, scope cargo.ScopeID, rows []risk.Row) ([]line, error) {
	out, err := p.stated(ctx, scope, rows)
	if err != nil {
		return nil, err
	}
	return out, p.mark(ctx, scope, out)
}

// stated loads what was stated and found of the rows.
func (p *Pages) stated(ctx context.Context, scope cargo.ScopeID, rows []risk.Row) ([]line, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.Consignment
	}
	consignments, err := p.Cargo.Current(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	kept, err := p.Assessments.Newest(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := p.places()
	out := make([]line, 0, len(rows))
	for _, r := range rows {
		cons := consignments[r.Consignment]
		if cons == nil {
			continue
		}
		out = append(out, line{Row: r, Consignment: cons, Kept: kept[r.Consignment], Names: names})
	}
	scale := 1.0
	for i := range out {
		scale = max(scale, out[i].score(ctx).Extent())
	}
	for i := range out {
		out[i].Scale = scale
	}
	return out, nil
}

func (l line) href() string { return "/consignments/" + idText(l.Row.Consignment) }

// score is the line's score as a bar of its contributions. An amendment that has not
// been assessed yet shows the score of the version before.
func (l line) score(ctx context.Context) c.ScoreInfo {
	s := c.ScoreInfo{Base: float64(l.Row.Score), Scale: l.Scale, Tone: channelTone(l.Channel)}
	if l.Kept.Score != l.Row.Score {
		return s
	}
	s.Base = float64(l.Kept.Base)
	for _, f := range l.Kept.Findings {
		s.Parts = append(s.Parts, c.ScorePart{Label: IndicatorTitle(ctx, f.Indicator), Value: float64(f.Contribution)})
	}
	return s
}

// reasons are the findings that speak most for a look.
func (l line) reasons(most int) (shown []risk.Finding, more int) {
	for _, f := range l.Kept.Findings {
		if f.Contribution > 0 {
			shown = append(shown, f)
		}
	}
	if len(shown) > most {
		return shown[:most], len(shown) - most
	}
	return shown, 0
}

// from and to are the places of loading and unloading by their names.
func (l line) from() string { return l.placeName(cargo.PlaceLoading, cargo.PlaceOrigin) }
func (l line) to() string {
	return l.placeName(cargo.PlaceUnloading, cargo.PlaceDelivery, cargo.PlaceDestination)
}

func (l line) placeName(roles ...cargo.PlaceRole) string {
	for _, role := range roles {
		at := l.Journey.At(role)
		if at.Code != "" {
			if name := l.Names(at.Code); name != at.Code || at.Name == "" {
				return name
			}
		}
		if at.Name != "" {
			return at.Name
		}
	}
	return ""
}

func (l line) partyName(role cargo.PartyRole) string {
	if p := l.Party(role); p != nil {
		return p.Name
	}
	return ""
}

// boxes are the numbers of the containers, few of them and how many more there are.
func (l line) boxes(most int) (numbers []string, more int) {
	for i := range l.Equipment {
		if n := l.Equipment[i].Number; n != "" && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) > most {
		return numbers[:most], len(numbers) - most
	}
	return numbers, 0
}

// mass is the stated gross mass: the sum of the items, else the document's total.
func (l line) mass(ctx context.Context) string {
	kg := l.GrossMass()
	if kg == 0 {
		kg = l.Totals.GrossMass
	}
	if kg == 0 {
		return ""
	}
	return web.Mass(ctx, kg)
}
