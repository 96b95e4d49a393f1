package risk

import "math"

// symmetric is a symmetric positive definite matrix, row by row, of which the lower
// triangle is read.
type symmetric struct {
	n int
	a []float64
}

func newSymmetric(n int) *symmetric { return &symmetric{n, make([]float64, n*n)} }

func (m *symmetric) row(i int) []float64 { return m.a[i*m.n : (i+1)*m.n] }

// factor replaces the matrix by its Cholesky factor L, and reports whether it was
// positive definite.
func (m *symmetric) factor() bool {
	for i := range m.n {
		ri := m.row(i)
		for j := 0; j <= i; j++ {
			rj := m.row(j)
			s := ri[j]
			for k := range j {
				s -= ri[k] * rj[k]
			}
			if j < i {
				ri[j] = s / rj[j]
				continue
			}
			if !(s > 0) {
				return false
			}
			ri[i] = math.Sqrt(s)
		}
	}
	return true
}

// solve replaces b by the solution of L L' x = b.
func (m *symmetric) solve(b []float64) {
	for i := range m.n {
		r := m.row(i)
		for k := range i {
			b[i] -= r[k] * b[k]
		}
		b[i] /= r[i]
	}
	for i := m.n - 1; i >= 0; i-- {
		for k := i + 1; k < m.n; k++ {
			b[i] -= m.a[k*m.n+i] * b[k]
		}
		b[i] /= m.a[i*m.n+i]
	}
}

// inverseDiagonal returns the diagonal of the inverse of L L'.
func (m *symmetric) inverseDiagonal() []float64 {
	out := make([]float64, m.n)
	e := make([]float64, m.n)
	for i := range m.n {
		clear(e)
		e[i] = 1
		m.solve(e)
		out[i] = e[i]
	}
	return out
}
