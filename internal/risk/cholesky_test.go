package risk

import (
	"testing"

	"pgregory.net/rapid"
)

// Of a random positive definite matrix: what solves the system gives the right side back,
// and the inverse's diagonal is that of the solutions of unit vectors.
func TestCholesky(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		root := make([]float64, n*n)
		for i := range root {
			root[i] = rapid.Float64Range(-2, 2).Draw(t, "root")
		}
		m, whole := newSymmetric(n), newSymmetric(n)
		for i := range n {
			for j := range n {
				for k := range n {
					whole.a[i*n+j] += root[i*n+k] * root[j*n+k]
				}
				if i == j {
					whole.a[i*n+j]++
				}
			}
		}
		copy(m.a, whole.a)
		b := make([]float64, n)
		for i := range b {
			b[i] = rapid.Float64Range(-9, 9).Draw(t, "b")
		}
		if !m.factor() {
			t.Fatal("not positive definite")
		}
		x := append([]float64(nil), b...)
		m.solve(x)
		for i := range n {
			sum := 0.0
			for k := range n {
				sum += whole.a[i*n+k] * x[k]
			}
			if !within(sum, b[i], 1e-8) {
				t.Fatalf("row %d gives %v, want %v", i, sum, b[i])
			}
		}
		for i, d := range m.inverseDiagonal() {
			e := make([]float64, n)
			e[i] = 1
			m.solve(e)
			if d != e[i] || d <= 0 {
				t.Fatalf("diagonal %d: %v, want %v", i, d, e[i])
			}
		}
	})
	if (&symmetric{2, []float64{1, 2, 2, 1}}).factor() {
		t.Error("a matrix that is not positive definite was factored")
	}
}
