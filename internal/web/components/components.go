package components

import (
	"math"
	"strconv"

	"tidewaiter/internal/web"
)

func toneOr(t web.Tone) web.Tone {
	if t == "" {
		return web.Neutral
	}
	return t
}

// svgNumber writes a coordinate with two decimals at most.
func svgNumber(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}
