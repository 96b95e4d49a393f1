package simulate

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

// ten documents: the first two planted, the third a twin.
func ten() (truth []Truth) {
	for i := range 10 {
		t := Truth{Document: fmt.Sprint("D", i), Period: ThisMonth}
		switch i {
		case 0, 1:
			t.Planted, t.Scheme = true, "front_company"
		case 2:
			t.Twin, t.Scheme = true, "front_company"
		}
		truth = append(truth, t)
	}
	return append(truth, Truth{Document: "OLD", Period: Past})
}

func TestEvaluate(t *testing.T) {
	rank := func(order ...int) (s []Scored) {
		for i, d := range order {
			s = append(s, Scored{fmt.Sprint("D", d), float64(100 - i)})
		}
		return s
	}
	for _, c := range []struct {
		name    string
		scores  []Scored
		auc     float64
		planted int // in the top 10 %, which is one document
		twins   int
		missing int
		unknown int
	}{
		{"perfect", rank(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 1, 1, 0, 0, 0},
		{"upside down", rank(9, 8, 7, 6, 5, 4, 3, 2, 1, 0), 0, 0, 0, 0, 0},
		{"twin first", rank(2, 0, 1, 3, 4, 5, 6, 7, 8, 9), 14.0 / 16, 0, 1, 0, 0},
		{"missing are last", rank(0), (8 + 4) / 16.0, 1, 0, 9, 0},
		{"the past and strangers do not count", append(rank(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Scored{"OLD", 900}, Scored{"X", 901}), 1, 1, 0, 0, 1},
		{"NaN is no score", append(rank(0, 1, 2, 3, 4, 5, 6, 7, 8), Scored{"D9", math.NaN()}), 1, 1, 0, 1, 0},
	} {
		r := Evaluate(c.scores, ten())
		top := r.Top[len(r.Top)-1]
		if math.Abs(r.AUC-c.auc) > 1e-9 || top.Count != 1 || top.Planted != c.planted || top.Twins != c.twins || r.Missing != c.missing || r.Unknown != c.unknown {
			t.Errorf("%s: AUC %g, %+v, missing %d, unknown %d", c.name, r.AUC, top, r.Missing, r.Unknown)
		}
		if r.Consignments != 10 || r.Planted != 2 || r.Twins != 1 || top.Recall != float64(c.planted)/2 || top.Precision != float64(c.planted) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

func TestReport(t *testing.T) {
	s := Evaluate([]Scored{{"D0", 3}, {"D2", 2}}, ten()).String()
	for _, want := range []string{"10 consignments, 2 planted, 1 innocent twins", "8 without a score", "50.0 %", "front_company"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in\n%s", want, s)
		}
	}
	if !math.IsNaN(Evaluate(nil, nil).AUC) {
		t.Error("an AUC of nothing")
	}
}

func TestTruthRoundTrip(t *testing.T) {
	in := ten()
	in[0].Note, in[0].File = "a \"quoted\", note", "a/b.edi"
	var b bytes.Buffer
	w, err := NewTruthWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range in {
		if err := w.Write(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := ReadTruth(&b)
	if err != nil || len(out) != len(in) {
		t.Fatalf("%d rows, %v", len(out), err)
	}
	for i := range in {
		if in[i] != out[i] {
			t.Errorf("%+v became %+v", in[i], out[i])
		}
	}
}

func TestReadTruthRefuses(t *testing.T) {
	head := strings.Join(truthHeading, ",") + "\n"
	for _, s := range []string{
		"", "a,b\n", "a,b,c,d,e,f,g\n", head + "D,f,2,0,,month,\n", head + ",f,0,0,,month,\n", head + "D,f,0,0,,week,\n",
		head + "D,f,0\n", "\"an open quote", head + "D,f,0,0,,month,\"\n", head + strings.Repeat("D", maxTruthField+1) + ",f,0,0,,month,\n",
	} {
		if _, err := ReadTruth(strings.NewReader(s)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.60q: %v", s, err)
		}
	}
}

func FuzzReadTruth(f *testing.F) {
	f.Add([]byte(strings.Join(truthHeading, ",") + "\nD,f,1,0,x,month,n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := ReadTruth(bytes.NewReader(b))
		if err != nil && !fault.Is(err, fault.Invalid) || err == nil && rows == nil {
			t.Fatalf("%v, %v", rows, err)
		}
		for _, r := range rows {
			if r.Document == "" {
				t.Fatal("a row without a document")
			}
		}
	})
}
