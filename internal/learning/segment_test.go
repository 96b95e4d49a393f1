package learning

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A bitmap, and what a row keeps of it, are the set that they were made from.
func TestBitmap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []uint16 {
			most := rapid.SampledFrom([]int{3, listLimit - 1, listLimit, 2000}).Draw(t, "most "+name)
			set := rapid.SliceOfNDistinct(rapid.Uint16Range(0, segmentSize-1), 0, most, rapid.ID).Draw(t, name)
			slices.Sort(set)
			return set
		}
		a, b := draw("a"), draw("b")
		row := posting(a)
		if len(row) > segmentSize/8 {
			t.Fatalf("%d members take %d bytes", len(a), len(row))
		}
		read, err := readPosting(row)
		if err != nil || !slices.Equal(read.members(), a) {
			t.Fatalf("%d members came back as %d, %v", len(a), len(read.members()), err)
		}
		var down []uint16
		read.each(false, func(offset uint16) bool { down = append(down, offset); return true })
		slices.Reverse(down)
		if !slices.Equal(down, a) {
			t.Fatal("backwards is not the reverse")
		}
		least, end := rapid.Int64Range(0, 3*segmentSize).Draw(t, "least"), rapid.Int64Range(0, 3*segmentSize).Draw(t, "end")
		bounded, both, rest := *read, *read, *read
		bounded.within(1, least, end)
		some := both.and(bitmapOf(b))
		rest.without(bitmapOf(b))
		for _, m := range a {
			seq := segmentSize + int64(m)
			if bounded.has(m) != (seq >= least && seq < end) {
				t.Fatalf("%d is within %d and %d: %t", seq, least, end, bounded.has(m))
			}
			if inB := slices.Contains(b, m); both.has(m) != inB || rest.has(m) == inB {
				t.Fatalf("%d is in both: %t, in the rest: %t", m, both.has(m), rest.has(m))
			}
		}
		if some != (len(both.members()) > 0) || len(bounded.members()) > len(a) {
			t.Fatal("a member came from nowhere")
		}
	})
}

func TestDamagedPosting(t *testing.T) {
	for _, row := range [][]byte{{1}, {0xFF, 0xFF}, make([]byte, segmentSize/8+2), make([]byte, segmentSize/8-1)} {
		if _, err := readPosting(row); err == nil {
			t.Errorf("%d damaged bytes were read", len(row))
		}
	}
}

func (b *bitmap) has(offset uint16) bool { return b[offset/64]&(1<<(offset%64)) != 0 }
