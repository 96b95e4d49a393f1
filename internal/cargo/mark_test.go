package cargo

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// What is written of marks is what is read back, whatever the fields are called.
func TestMarksRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := make([]Mark, rapid.IntRange(0, 40).Draw(t, "n"))
		for i := range marks {
			marks[i] = Mark{
				Field: rapid.StringMatching(`(parties\[consignor\]|goods\[[0-9]\])?\.?[a-zа-я]{0,8}`).Draw(t, "field"),
				Span:  Span{Offset: rapid.Int64Range(0, 1<<40).Draw(t, "offset"), Length: rapid.IntRange(0, 1<<20).Draw(t, "length")},
			}
		}
		got, err := decodeMarks(encodeMarks(marks))
		if err != nil || len(got) != len(marks) || len(got) > 0 && !reflect.DeepEqual(got, marks) {
			t.Fatalf("got %v %v, want %v", got, err, marks)
		}
	})
}

func FuzzMarks(f *testing.F) {
	f.Add(encodeMarks([]Mark{{"document.number", Span{26158, 22}}, {"document.type", Span{26158, 22}}}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 5})
	f.Fuzz(func(t *testing.T, b []byte) {
		marks, err := decodeMarks(b)
		if err != nil {
			return
		}
		again, err := decodeMarks(encodeMarks(marks))
		if err != nil || !reflect.DeepEqual(again, marks) {
			t.Fatalf("%v %v", again, err)
		}
	})
}
