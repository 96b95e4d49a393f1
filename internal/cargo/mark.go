package cargo

import (
	"encoding/binary"
	"errors"
)

// encodeMarks writes marks in about an eighth of their JSON: each is the number of bytes
// that its field shares with the one before, the rest of the field, the distance of its
// offset from the one before, and its length, all numbers as varints.
func encodeMarks(marks []Mark) []byte {
	out := make([]byte, 0, 16*len(marks))
	var before Mark
	for _, m := range marks {
		shared := commonPrefix(before.Field, m.Field)
		out = binary.AppendUvarint(out, uint64(shared))
		out = binary.AppendUvarint(out, uint64(len(m.Field)-shared))
		out = append(out, m.Field[shared:]...)
		out = binary.AppendVarint(out, m.Span.Offset-before.Span.Offset)
		out = binary.AppendVarint(out, int64(m.Span.Length-before.Span.Length))
		before = m
	}
	return out
}

var errMarks = errors.New("the marks of the fields are damaged")

// decodeMarks reads what encodeMarks wrote.
func decodeMarks(b []byte) ([]Mark, error) {
	var marks []Mark
	var before Mark
	for len(b) > 0 {
		var n [2]uint64
		for i := range n {
			v, used := binary.Uvarint(b)
			if used <= 0 {
				return nil, errMarks
			}
			n[i], b = v, b[used:]
		}
		if n[0] > uint64(len(before.Field)) || n[1] > uint64(len(b)) {
			return nil, errMarks
		}
		m := Mark{Field: before.Field[:n[0]] + string(b[:n[1]])}
		b = b[n[1]:]
		var d [2]int64
		for i := range d {
			v, used := binary.Varint(b)
			if used <= 0 {
				return nil, errMarks
			}
			d[i], b = v, b[used:]
		}
		m.Span = Span{Offset: before.Span.Offset + d[0], Length: before.Span.Length + int(d[1])}
		marks = append(marks, m)
		before = m
	}
	return marks, nil
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
