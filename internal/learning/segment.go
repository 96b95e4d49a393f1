package learning

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// segmentSize is how many statements have their postings together.
const segmentSize = 4096

// listLimit is how many members a posting lists before it becomes a bitmap.
const listLimit = segmentSize / 16

// segmentOf returns the segment that a statement stands in, and where.
func segmentOf(seq int64) (segment int64, offset uint16) {
	return seq / segmentSize, uint16(seq % segmentSize)
}

// bitmap are statements of one segment.
type bitmap [segmentSize / 64]uint64

// everything returns a bitmap of all statements of a segment.
func everything() *bitmap {
	var b bitmap
	for i := range b {
		b[i] = ^uint64(0)
	}
	return &b
}

// bitmapOf returns a bitmap of members.
func bitmapOf(members []uint16) *bitmap {
	var b bitmap
	for _, m := range members {
		b.set(m)
	}
	return &b
}

func (b *bitmap) set(offset uint16) { b[offset/64] |= 1 << (offset % 64) }

// and keeps what is in the other, too, and reports whether anything is left.
func (b *bitmap) and(o *bitmap) bool {
	var some uint64
	for i := range b {
		b[i] &= o[i]
		some |= b[i]
	}
	return some != 0
}

func (b *bitmap) without(o *bitmap) {
	for i := range b {
		b[i] &^= o[i]
	}
}

// within keeps statements numbered from least up to, and without, end.
func (b *bitmap) within(segment, least, end int64) {
	first := segment * segmentSize
	for i := range b {
		from := first + int64(i)*64
		if from < least {
			b[i] &^= 1<<min(64, uint(least-from)) - 1
		}
		if from+64 > end {
			b[i] &= 1<<uint(max(0, end-from)) - 1
		}
	}
}

// each calls visit with the members in their order, or from the last to the first, until
// it returns false.
func (b *bitmap) each(ascending bool, visit func(offset uint16) bool) bool {
	for i := range b {
		at := i
		if !ascending {
			at = len(b) - 1 - i
		}
		for word := b[at]; word != 0; {
			n := bits.TrailingZeros64(word)
			if !ascending {
				n = 63 - bits.LeadingZeros64(word)
			}
			if !visit(uint16(at*64 + n)) {
				return false
			}
			word &^= 1 << n
		}
	}
	return true
}

// posting returns members as a row keeps them: two bytes each, in ascending order, or
// the bitmap.
func posting(members []uint16) []byte {
	if len(members) < listLimit {
		out := make([]byte, 0, 2*len(members))
		for _, m := range members {
			out = binary.LittleEndian.AppendUint16(out, m)
		}
		return out
	}
	out := make([]byte, 0, segmentSize/8)
	for _, word := range bitmapOf(members) {
		out = binary.LittleEndian.AppendUint64(out, word)
	}
	return out
}

// readPosting is the inverse of posting.
func readPosting(row []byte) (*bitmap, error) {
	var b bitmap
	switch {
	case len(row) == segmentSize/8:
		for i := range b {
			b[i] = binary.LittleEndian.Uint64(row[8*i:])
		}
	case len(row) < segmentSize/8 && len(row)%2 == 0:
		for ; len(row) > 0; row = row[2:] {
			m := binary.LittleEndian.Uint16(row)
			if m >= segmentSize {
				return nil, fmt.Errorf("a posting names statement %d of a segment of %d", m, segmentSize)
			}
			b.set(m)
		}
	default:
		return nil, fmt.Errorf("a posting has %d bytes", len(row))
	}
	return &b, nil
}

// members returns the offsets of a bitmap in their order.
func (b *bitmap) members() (out []uint16) {
	b.each(true, func(offset uint16) bool {
		out = append(out, offset)
		return true
	})
	return out
}
