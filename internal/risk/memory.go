package risk

import "slices"

// Past answers what the unit remembers. A nil trace means nothing. The trace must
// not be changed while the engine reads it.
type Past interface {
	Trace(Key) *Trace
}

// NoPast remembers nothing.
var NoPast Past = noPast{}

type noPast struct{}

func (noPast) Trace(Key) *Trace { return nil }

// Memory is the unit's past of one scope, or the part of it that a batch needs, in
// memory. Reading is safe from many goroutines, writing is not.
//
// A batch against a database is: Keys of all its consignments; Load each trace that
// the database holds; for all Preview, then for each Assess and Observe; write
// Changed back.
type Memory struct {
	traces  map[Key]*Trace
	changed map[Key]struct{}
}

// NewMemory returns an empty memory.
func NewMemory() *Memory {
	return &Memory{traces: map[Key]*Trace{}, changed: map[Key]struct{}{}}
}

// Trace returns the trace of the key, or nil. It must not be changed.
func (m *Memory) Trace(k Key) *Trace { return m.traces[k] }

// Len returns the number of traces.
func (m *Memory) Len() int { return len(m.traces) }

// Load puts a stored trace in. It is not a change. The memory owns the trace from now on.
func (m *Memory) Load(k Key, t *Trace) { m.traces[k] = t }

// Changed returns the keys whose traces changed since they were loaded, or since the
// last Settle, in ascending order.
func (m *Memory) Changed() []Key {
	keys := make([]Key, 0, len(m.changed))
	for k := range m.changed {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Settle declares all changes written.
func (m *Memory) Settle() { clear(m.changed) }

func (m *Memory) touch(k Key) *Trace {
	t := m.traces[k]
	if t == nil {
		t = &Trace{}
		m.traces[k] = t
	}
	m.changed[k] = struct{}{}
	return t
}

// mention is one key of a consignment with what observing it adds to the trace.
type mention struct {
	key    Key
	kind   kind
	values [2]int32
	ref    Ref
}

// observe counts the mentions for the document, each key once for all its versions,
// and for a version that is new what indicators found in it.
func (m *Memory) observe(doc Key, mentions []mention, version Version, fires []Fire) {
	own := m.touch(doc)
	for i := range mentions {
		m.count(doc, own, &mentions[i])
	}
	if own.note(version) {
		noteFires(m.touch(makeKey(kindScope, 1)), own, fires)
	}
}

// preview counts links only, and notes no version.
func (m *Memory) preview(doc Key, mentions []mention) {
	own := m.touch(doc)
	for i := range mentions {
		if keepOf(mentions[i].kind).link {
			m.count(doc, own, &mentions[i])
		}
	}
}

func (m *Memory) count(doc Key, own *Trace, x *mention) {
	if x.kind == kindDocument {
		return
	}
	t := m.touch(x.key)
	if !own.touched(x.key) && len(own.Touched) < maxTouched {
		t.count(x.ref.At, x.values)
		own.Touched = append(own.Touched, Touch{x.key, x.values})
	}
	if k := keepOf(x.kind); k.refs > 0 {
		t.refer(x.ref, k)
	}
}

func (t *Trace) touched(k Key) bool {
	_, ok := t.touch(k)
	return ok
}

func (t *Trace) touch(k Key) (*Touch, bool) {
	if t == nil {
		return nil, false
	}
	for i := range t.Touched {
		if t.Touched[i].Key == k {
			return &t.Touched[i], true
		}
	}
	return nil, false
}

// maxVersions is how many versions of a document are remembered: enough to compare
// with the one before, and to count what is repeated. One more is kept than is
// counted, since an own one is left out.
const maxVersions = 5

// note remembers a version of the document itself; false where it is known.
func (t *Trace) note(v Version) bool {
	for i := range t.Versions {
		if t.Versions[i].Number == v.Number && t.Versions[i].Content == v.Content {
			return false
		}
	}
	t.count(v.At, [2]int32{noValue, noValue})
	t.Versions = append(t.Versions, v)
	if n := len(t.Versions) - maxVersions; n > 0 {
		t.Versions = append(t.Versions[:0], t.Versions[n:]...)
	}
	return true
}
