package components

import (
	"math"

	"tidewaiter/internal/web"
)

// ScoreInfo is a score that is a sum: a base and what each finding adds to it or takes
// away. Scale is the greatest sum of one sign among the scores shown together, so that
// their bars compare; 0 takes this score's own.
type ScoreInfo struct {
	Base  float64
	Parts []ScorePart
	Scale float64
	Tone  web.Tone // of the sum, such as the channel's
}

// ScorePart is what one finding contributes.
type ScorePart struct {
	Label string
	Value float64
	Href  string // where its evidence is; may be empty
}

// Sum is the score.
func (s ScoreInfo) Sum() float64 {
	sum := s.Base
	for _, p := range s.Parts {
		sum += p.Value
	}
	return sum
}

// Extent is the greater of what speaks for and what speaks against, without the base.
func (s ScoreInfo) Extent() float64 {
	var up, down float64
	for _, p := range s.Parts {
		if p.Value > 0 {
			up += p.Value
		} else {
			down -= p.Value
		}
	}
	return math.Max(up, down)
}

func (s ScoreInfo) scale() float64 {
	if s.Scale > 0 {
		return s.Scale
	}
	return math.Max(s.Extent(), 1)
}

// segment is one contribution in a bar.
type segment struct {
	x, width float64
	class    string
	title    string
}

// Size of the small bar, in its own units: contributions that speak for a look go to the
// right of zero, those against to the left, where a quarter of the room suffices.
const (
	barWidth  = 120.0
	barZero   = 24.0
	barHeight = 10.0
)

// segments lays the contributions end to end from zero, clipped to the bar.
func (s ScoreInfo) segments() []segment {
	unit := (barWidth - barZero) / s.scale()
	right, left := barZero, barZero
	out := make([]segment, 0, len(s.Parts))
	shade := 0
	for _, p := range s.Parts {
		w := math.Abs(p.Value) * unit
		seg := segment{title: p.Label}
		if p.Value >= 0 {
			seg.x, seg.width = right, math.Min(w, barWidth-right)
			right += seg.width
			seg.class = [...]string{"part-a", "part-b"}[shade%2]
			shade++
		} else {
			seg.width = math.Min(w, left)
			left -= seg.width
			seg.x, seg.class = left, "part-less"
		}
		if seg.width > 0 {
			out = append(out, seg)
		}
	}
	return out
}

// Size of the wide bars of ScoreSum, one to a row.
const (
	sumWidth = 200.0
	sumZero  = 60.0
)

// bar is the place of one contribution beside the others, every one from zero.
func (s ScoreInfo) bar(value float64) segment {
	most := 1.0
	for _, p := range s.Parts {
		most = math.Max(most, math.Max(p.Value, -p.Value*(sumWidth-sumZero)/sumZero))
	}
	w := math.Abs(value) * (sumWidth - sumZero) / most
	if value < 0 {
		return segment{x: sumZero - w, width: w, class: "part-less"}
	}
	return segment{x: sumZero, width: w, class: "part-a"}
}
