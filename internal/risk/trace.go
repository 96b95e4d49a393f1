package risk

import (
	"math"
	"time"
)

// Trace is what the unit remembers of one Key: how often, since when, and the last
// few consignments it was seen with. It is small and bounded.
type Trace struct {
	N        int       // documents, each counted once however often it was amended
	First    time.Time // earliest arrival, zero where no date was known
	Last     time.Time // latest arrival
	Stats    [2]Stat   // by kind: log unit price and log mass per package, or days on the way
	Refs     []Ref     // the last references, oldest first
	Versions []Version // of a transport document only: its last versions, oldest first
	Touched  []Touch   // of a transport document only: what it has been counted for
	Fires    []Fire    // of the whole traffic: what indicators found; of a document: what they found in it
}

// Ref is one consignment that a Trace was seen with.
type Ref struct {
	Document string    // its number, shortened
	Doc      Key       // its document's key
	At       time.Time // its arrival
	Who      Key       // the party that matters for the kind
	Name     string    // that party's name, shortened
	What     Key       // goods, container or agent
	Where    Key       // place of loading
	Mass     float64   // gross mass, kg
	Full     bool      // travelled as a full container
}

// Version is a snapshot of one version of a transport document, to see what an
// amendment changed.
type Version struct {
	Number      int // of the version
	Content     Key // hash of what is compared
	Received    time.Time
	At          time.Time
	Consignor   Key
	Consignee   Key
	Notify      Key
	Destination Key
	Containers  Key
	Seals       Key
	Voyage      Key
	Mass        float64
	SealText    string
	PlaceText   string
	PartyText   string
}

// Touch is a key for which a document has been counted, with the values it added.
type Touch struct {
	Key    Key
	Values [2]int32 // in 1/1024; noValue where none was added
}

const noValue = math.MinInt32

// Stat sums a quantity and its square in fixed point (1/1024), so that taking one
// value out again leaves exactly what was there before.
type Stat struct {
	N     int
	Sum   int64
	SumSq int64
}

// fixed converts to the fixed point of a Stat; values out of reason are dropped.
func fixed(x float64) int32 {
	if math.IsNaN(x) || math.Abs(x) > 1000 {
		return noValue
	}
	return int32(math.Round(x * 1024))
}

func (s *Stat) add(v int32, sign int64) {
	if v == noValue {
		return
	}
	s.N += int(sign)
	s.Sum += sign * int64(v)
	s.SumSq += sign * int64(v) * int64(v)
}

// Mean returns the mean of the values.
func (s Stat) Mean() float64 {
	if s.N <= 0 {
		return 0
	}
	return float64(s.Sum) / float64(s.N) / 1024
}

// Deviation returns the standard deviation, at least floor, so that a handful of
// equal values does not make every other value absurd.
func (s Stat) Deviation(floor float64) float64 {
	if s.N < 2 {
		return floor
	}
	m := float64(s.Sum) / float64(s.N)
	v := (float64(s.SumSq) - m*float64(s.Sum)) / float64(s.N-1)
	return max(floor, math.Sqrt(max(0, v))/1024)
}

// seen is a Trace as if one document had never been observed.
type seen struct {
	n     int
	first time.Time
	stats [2]Stat
	trace *Trace // nil when there is none
	own   Key    // the document that is left out
	most  int    // references that are read, one less than are kept
}

// without returns the trace without the document's own observation.
func (t *Trace) without(doc Key, touch *Touch, k keep) seen {
	if t == nil {
		return seen{}
	}
	s := seen{n: t.N, first: t.First, stats: t.Stats, trace: t, own: doc, most: k.refs - 1}
	if touch == nil {
		return s
	}
	s.n--
	for i, v := range touch.Values {
		s.stats[i].add(v, -1)
	}
	if s.n <= 0 {
		return seen{trace: t, own: doc, most: k.refs - 1}
	}
	return s
}

// refs calls f for the references that are not the document's own, newest first,
// until f returns false. An own one may have pushed out the oldest: as many are read
// as would be left then.
func (s *seen) refs(f func(*Ref) bool) {
	if s.trace == nil {
		return
	}
	for i, n := len(s.trace.Refs)-1, 0; i >= 0 && n < s.most; i-- {
		if r := &s.trace.Refs[i]; r.Doc != s.own {
			n++
			if !f(r) {
				return
			}
		}
	}
}

// before returns the latest reference that arrived before the day of at, or nil.
func (s *seen) before(at time.Time) (found *Ref) {
	s.refs(func(r *Ref) bool {
		if !r.At.IsZero() && r.At.Before(at) && (found == nil || r.At.After(found.At)) {
			found = r
		}
		return true
	})
	return found
}

// count notes one more document in the trace.
func (t *Trace) count(at time.Time, values [2]int32) {
	t.N++
	if !at.IsZero() {
		if t.First.IsZero() || at.Before(t.First) {
			t.First = at
		}
		if at.After(t.Last) {
			t.Last = at
		}
	}
	for i, v := range values {
		t.Stats[i].add(v, 1)
	}
}

// refer adds or renews a reference and forgets the oldest beyond the limit.
func (t *Trace) refer(r Ref, k keep) {
	for i := range t.Refs {
		same := t.Refs[i].Doc == r.Doc
		if k.byWho {
			same = t.Refs[i].Who == r.Who && (same || r.Who != 0)
		}
		if same {
			if k.byWho && t.Refs[i].Doc != r.Doc {
				return // this party is known here, by the document that came first
			}
			t.Refs[i] = r
			return
		}
	}
	t.Refs = append(t.Refs, r)
	if n := len(t.Refs) - k.refs; n > 0 {
		t.Refs = append(t.Refs[:0], t.Refs[n:]...)
	}
}
