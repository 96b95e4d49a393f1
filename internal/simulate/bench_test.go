package simulate

import "testing"

// BenchmarkMonth makes consignments without writing them; one operation is one of them.
func BenchmarkMonth(b *testing.B) {
	s, err := NewStream(Defaults(7, max(b.N, 1000)))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for m := range s.Month() {
		if n += len(m.Consignments); n >= b.N {
			break
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "consignments/s")
}
