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
	slots []slot // open addressing: a key is a good hash already
	dirty []bool // of the slot: changed since it was loaded or settled
	used  int
}

type slot struct {
	key   Key
	trace *Trace // nil: the slot is free
}

// leastSlots is the size of an empty memory; the number is always a power of two.
const leastSlots = 1 << 8

// NewMemory returns an empty memory.
func NewMemory() *Memory {
	return &Memory{slots: make([]slot, leastSlots), dirty: make([]bool, leastSlots)}
}

// at returns the slot of the key, or the free one where it belongs.
func (m *Memory) at(k Key) int {
	mask := len(m.slots) - 1
	for i := int(k) & mask; ; i = (i + 1) & mask {
		if s := &m.slots[i]; s.trace == nil || s.key == k {
			return i
		}
	}
}

// Trace returns the trace of the key, or nil. It must not be changed.
func (m *Memory) Trace(k Key) *Trace { return m.slots[m.at(k)].trace }

// Len returns the number of traces.
func (m *Memory) Len() int { return m.used }

// all calls f for every trace, in no order.
func (m *Memory) all(f func(Key, *Trace)) {
	for i := range m.slots {
		if t := m.slots[i].trace; t != nil {
			f(m.slots[i].key, t)
		}
	}
}

// Load puts a stored trace in. It is not a change. The memory owns the trace from now on.
func (m *Memory) Load(k Key, t *Trace) {
	if t != nil {
		m.put(k, t)
	}
}

func (m *Memory) put(k Key, t *Trace) int {
	i := m.at(k)
	if m.slots[i].trace == nil {
		if m.used*2 >= len(m.slots) {
			m.grow()
			i = m.at(k)
		}
		m.used++
	}
	m.slots[i] = slot{k, t}
	return i
}

func (m *Memory) grow() {
	slots, dirty := m.slots, m.dirty
	m.slots, m.dirty = make([]slot, 2*len(slots)), make([]bool, 2*len(slots))
	for i := range slots {
		if slots[i].trace != nil {
			at := m.at(slots[i].key)
			m.slots[at], m.dirty[at] = slots[i], dirty[i]
		}
	}
}

// Changed returns the keys whose traces changed since they were loaded, or since the
// last Settle, in ascending order.
func (m *Memory) Changed() []Key {
	var keys []Key
	for i, changed := range m.dirty {
		if changed {
			keys = append(keys, m.slots[i].key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Settle declares all changes written.
func (m *Memory) Settle() { clear(m.dirty) }

func (m *Memory) touch(k Key) *Trace {
	i := m.at(k)
	if m.slots[i].trace == nil {
		i = m.put(k, &Trace{})
	}
	m.dirty[i] = true
	return m.slots[i].trace
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

func (t *Trace) touched(k Key) bool { return t.touch(k, 0) != nil }

// touch returns what the document has been counted with under the key, or nil. It
// begins to look at a guess: keys mostly come in the same order.
func (t *Trace) touch(k Key, guess int) *Touch {
	if t == nil {
		return nil
	}
	for i := guess; i < len(t.Touched); i++ {
		if t.Touched[i].Key == k {
			return &t.Touched[i]
		}
	}
	for i := range t.Touched[:min(guess, len(t.Touched))] {
		if t.Touched[i].Key == k {
			return &t.Touched[i]
		}
	}
	return nil
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
