package casework

import "tidewaiter/internal/risk"

// Rate is how often something was found.
type Rate struct {
	Examined int
	Found    int
	Share    float64 // Found of Examined, 0 to 1; 0 when nothing was examined
	Low      float64 // Wilson's 95 % interval, 0 to 1
	High     float64
}

func rateOf(found, examined int) Rate {
	within := risk.Wilson(float64(found), float64(examined))
	r := Rate{Examined: examined, Found: found, Low: within.Low, High: within.High}
	if examined > 0 {
		r.Share = float64(found) / float64(examined)
	}
	return r
}
