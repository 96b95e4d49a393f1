package casework

import "math"

// Rate is how often something was found.
type Rate struct {
	Examined int
	Found    int
	Share    float64 // Found of Examined, 0 to 1; 0 when nothing was examined
	Low      float64 // Wilson's 95 % interval, 0 to 1
	High     float64
}

func rateOf(found, examined int) Rate {
	r := Rate{Examined: examined, Found: found}
	r.Low, r.High = wilson(found, examined)
	if examined > 0 {
		r.Share = float64(found) / float64(examined)
	}
	return r
}

// wilson returns the 95 % score interval of a share of k in n. It is honest for small n
// and for k of 0 or n, where the usual interval has no width. E. B. Wilson, Journal of
// the American Statistical Association 22 (1927), 209-212.
func wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // 97.5 % point of the normal distribution
	p, m := float64(k)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = (centre-half)/(1+z*z/m), (centre+half)/(1+z*z/m)
	return max(0, low), min(1, high)
}
