package components

import (
	"math"
	"strings"

	"tidewaiter/internal/web"
)

// ChartInfo is a figure for each day, stacked by series.
type ChartInfo struct {
	Title  string
	Series []Series
	Days   []ChartDay
}

// Series is one part of each bar.
type Series struct {
	Label string
	Tone  web.Tone
}

// ChartDay is one bar: a value for each series, in their order.
type ChartDay struct {
	Label  string // short, under the bar
	Title  string // the whole date
	Values []float64
	Href   string // where its consignments are; may be empty
}

// Size of a chart in its own units; it scales to the room that it has.
const (
	chartWidth  = 720.0
	chartHeight = 200.0
	chartLeft   = 44.0
	chartBottom = 22.0
	chartTop    = 8.0
)

// Total is the height of the day's bar.
func (d ChartDay) Total() float64 {
	var sum float64
	for _, v := range d.Values {
		sum += v
	}
	return sum
}

// top is a round number not below the highest bar, so that its quarter lines are round.
func (c ChartInfo) top() float64 {
	most := 0.0
	for _, d := range c.Days {
		most = math.Max(most, d.Total())
	}
	if most <= 4 {
		return 4
	}
	magnitude := math.Pow(10, math.Floor(math.Log10(most)))
	for _, m := range []float64{1, 2, 4, 6, 8, 10} {
		if m*magnitude >= most {
			return m * magnitude
		}
	}
	return most
}

func (c ChartInfo) y(v float64) float64 {
	return chartHeight - chartBottom - v/c.top()*(chartHeight-chartBottom-chartTop)
}

func (c ChartInfo) step() float64 {
	return (chartWidth - chartLeft) / math.Max(1, float64(len(c.Days)))
}

// every says how many days share one label, so that labels do not touch.
func (c ChartInfo) every() int { return max(1, int(math.Ceil(48/c.step()))) }

// block is one series of one day.
type block struct {
	x, y, width, height float64
	tone                web.Tone
}

func (c ChartInfo) blocks(day int) []block {
	width := math.Min(c.step()*0.72, 40)
	x := chartLeft + c.step()*(float64(day)+0.5) - width/2
	sum := 0.0
	var out []block
	for i, v := range c.Days[day].Values {
		if v <= 0 || i >= len(c.Series) {
			continue
		}
		high := c.y(sum) - c.y(sum+v)
		out = append(out, block{x: x, y: c.y(sum + v), width: width, height: high, tone: c.Series[i].Tone})
		sum += v
	}
	return out
}

// sparkPoints lays values over 100 x 24 units.
func sparkPoints(values []float64) string {
	if len(values) == 0 {
		return ""
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	span := math.Max(high-low, 1e-9)
	points := make([]string, len(values))
	for i, v := range values {
		x := 100 * float64(i) / math.Max(1, float64(len(values)-1))
		points[i] = svgNumber(x) + "," + svgNumber(22-20*(v-low)/span)
	}
	return strings.Join(points, " ")
}
