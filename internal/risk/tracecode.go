package risk

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

// traceVersion is the first byte of an encoded Trace. Version 1 had no fires; it is
// still read.
const traceVersion = 2

// Bounds of an encoded Trace, so that a damaged one cannot ask for memory.
const (
	maxRefs    = 16
	maxTouched = 256
	maxFires   = 4096
	maxString  = 64
)

var errTrace = errors.New("risk: damaged trace")

// MarshalBinary encodes the trace compactly; it never fails.
func (t *Trace) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// AppendBinary appends the encoded trace to b; it never fails.
func (t *Trace) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, traceVersion)
	b = binary.AppendUvarint(b, uint64(t.N))
	b = appendTime(appendTime(b, t.First), t.Last)
	for _, s := range t.Stats {
		b = binary.AppendUvarint(b, uint64(s.N))
		if s.N > 0 {
			b = binary.AppendVarint(b, s.Sum)
			b = binary.AppendVarint(b, s.SumSq)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(t.Refs)))
	for i := range t.Refs {
		b = appendRef(b, &t.Refs[i])
	}
	b = binary.AppendUvarint(b, uint64(len(t.Versions)))
	for i := range t.Versions {
		b = appendVersion(b, &t.Versions[i])
	}
	b = binary.AppendUvarint(b, uint64(len(t.Touched)))
	for _, o := range t.Touched {
		b = binary.BigEndian.AppendUint64(b, uint64(o.Key))
		b = binary.AppendVarint(b, int64(o.Values[0]))
		b = binary.AppendVarint(b, int64(o.Values[1]))
	}
	b = binary.AppendUvarint(b, uint64(len(t.Fires)))
	for _, f := range t.Fires {
		b = append(b, byte(f.Indicator>>8), byte(f.Indicator), f.Level)
		b = binary.AppendUvarint(b, uint64(f.Block))
		b = binary.AppendUvarint(b, uint64(f.N))
	}
	return b, nil
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0) // so does 1970-01-01, which is no arrival of ours
	}
	return binary.AppendVarint(b, t.Unix())
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendFloat(b []byte, x float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(x))
}

func appendKeys(b []byte, keys ...Key) []byte {
	for _, k := range keys {
		b = binary.BigEndian.AppendUint64(b, uint64(k))
	}
	return b
}

func appendRef(b []byte, r *Ref) []byte {
	b = appendString(appendString(b, r.Document), r.Name)
	b = appendFloat(appendTime(appendKeys(b, r.Doc, r.Who, r.What, r.Where), r.At), r.Mass)
	if r.Full {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendVersion(b []byte, v *Version) []byte {
	b = binary.AppendVarint(b, int64(v.Number))
	b = appendTime(appendTime(b, v.Received), v.At)
	b = appendKeys(b, v.Content, v.Consignor, v.Consignee, v.Notify, v.Destination, v.Containers, v.Seals, v.Voyage)
	b = appendFloat(b, v.Mass)
	return appendString(appendString(appendString(b, v.SealText), v.PlaceText), v.PartyText)
}

// UnmarshalBinary decodes what MarshalBinary made. Damaged bytes give an error.
func (t *Trace) UnmarshalBinary(b []byte) error {
	d := decoder{b: b}
	version := d.byte()
	if version != 1 && version != traceVersion {
		return errTrace
	}
	u := Trace{N: d.count(math.MaxInt32), First: d.time(), Last: d.time()}
	for i := range u.Stats {
		if n := d.count(math.MaxInt32); n > 0 {
			u.Stats[i] = Stat{n, d.varint(), d.varint()}
		}
	}
	for n := d.count(maxRefs); n > 0 && d.ok(); n-- {
		u.Refs = append(u.Refs, d.ref())
	}
	for n := d.count(maxRefs); n > 0 && d.ok(); n-- {
		u.Versions = append(u.Versions, d.version())
	}
	for n := d.count(maxTouched); n > 0 && d.ok(); n-- {
		u.Touched = append(u.Touched, Touch{d.key(), [2]int32{d.value(), d.value()}})
	}
	if version > 1 {
		for n := d.count(maxFires); n > 0 && d.ok(); n-- {
			u.Fires = append(u.Fires, Fire{uint16(d.byte())<<8 | uint16(d.byte()), d.byte(), uint32(d.count(math.MaxInt32)), d.count(math.MaxInt32)})
		}
	}
	if !d.ok() || len(d.b) != 0 {
		return errTrace
	}
	*t = u
	return nil
}

// decoder reads an encoded Trace; after the first fault it yields zeros.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) ok() bool { return !d.bad }

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.b) {
		d.bad = true
		return nil
	}
	p := d.b[:n]
	d.b = d.b[n:]
	return p
}

func (d *decoder) byte() byte {
	if p := d.take(1); p != nil {
		return p[0]
	}
	return 0
}

func (d *decoder) varint() int64 {
	x, n := binary.Varint(d.b)
	if n <= 0 {
		d.bad = true
		return 0
	}
	d.take(n)
	return x
}

func (d *decoder) count(limit uint64) int {
	x, n := binary.Uvarint(d.b)
	if n <= 0 || x > limit {
		d.bad = true
		return 0
	}
	d.take(n)
	return int(x)
}

func (d *decoder) value() int32 {
	x := d.varint()
	if x < math.MinInt32 || x > math.MaxInt32 {
		d.bad = true
	}
	return int32(x)
}

func (d *decoder) time() time.Time {
	x := d.varint()
	if x == 0 || d.bad {
		return time.Time{}
	}
	return time.Unix(x, 0).UTC()
}

func (d *decoder) key() Key {
	if p := d.take(8); p != nil {
		return Key(binary.BigEndian.Uint64(p))
	}
	return 0
}

func (d *decoder) float() float64 { return math.Float64frombits(uint64(d.key())) }

func (d *decoder) string() string { return string(d.take(d.count(maxString))) }

func (d *decoder) ref() Ref {
	return Ref{Document: d.string(), Name: d.string(), Doc: d.key(), Who: d.key(), What: d.key(), Where: d.key(),
		At: d.time(), Mass: d.float(), Full: d.byte() == 1}
}

func (d *decoder) version() Version {
	return Version{Number: int(d.varint()), Received: d.time(), At: d.time(), Content: d.key(), Consignor: d.key(),
		Consignee: d.key(), Notify: d.key(), Destination: d.key(), Containers: d.key(), Seals: d.key(), Voyage: d.key(),
		Mass: d.float(), SealText: d.string(), PlaceText: d.string(), PartyText: d.string()}
}
