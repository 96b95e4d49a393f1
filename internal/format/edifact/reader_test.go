package edifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"tidewaiter/internal/fault"
)

// outcome reads everything and writes segments as tag|value/value, errors and warnings
// by their kinds.
func outcome(data string, options ...Option) (segments, problems, warnings []string) {
	r := NewReader(strings.NewReader(data), options...)
	for range 1000 {
		s, err := r.Next()
		var e *Error
		switch {
		case errors.Is(err, io.EOF):
			list, _ := r.Warnings()
			for _, w := range list {
				warnings = append(warnings, w.Code)
			}
			return segments, problems, warnings
		case errors.As(err, &e):
			problems = append(problems, fmt.Sprintf("%s@%d#%d", e.Kind, e.Offset, e.Segment))
		case err != nil:
			problems = append(problems, err.Error())
		default:
			var elements []string
			for _, e := range s.Strings() {
				elements = append(elements, strings.Join(e, "/"))
			}
			segments = append(segments, strings.Join(elements, "|"))
		}
	}
	return segments, append(problems, "no end"), nil
}

func TestReaderTolerates(t *testing.T) {
	latin := func(s string) string { v, _ := charmap.ISO8859_1.NewEncoder().String(s); return v }
	iso5 := func(s string) string { v, _ := charmap.ISO8859_5.NewEncoder().String(s); return v }
	win := func(s string) string { v, _ := charmap.Windows1251.NewEncoder().String(s); return v }
	dos := func(s string) string { v, _ := charmap.CodePage866.NewEncoder().String(s); return v }
	const unb = "UNB+UNOA:1+A+B+200101:0000+7'"
	unbOf := func(set string) string { return strings.Replace(unb, "UNOA", set, 1) }
	head := "UNB|UNOA/1|A|B|200101/0000|7"
	headOf := func(set string) string { return strings.Replace(head, "UNOA", set, 1) }
	for _, c := range []struct {
		name, data string
		want       string // segments, one a line
		problems   string
		warnings   string
	}{
		{"byte-order mark", "\ufeffUNH+1+CUSCAR'UNT+2+1'", "UNH|1|CUSCAR\nUNT|2|1", "", ""},
		{"UNA with comma", "UNA;*,! ~UNH*1*CUSCAR;D~MEA*!*;1,5~UNT*3*1~", "UNH|1|CUSCAR/D\nMEA|*/1,5\nUNT|3|1", "", ""},
		{"UNA of five", "UNA:+.?'UNH+1+CUSCAR'UNT+2+1'", "UNH|1|CUSCAR\nUNT|2|1", "", "una"},
		{"UNA that cannot work", "UNA++++ +UNH+1+CUSCAR'UNT+2+1'", "UNH|1|CUSCAR\nUNT|2|1", "syntax@0#1", ""},
		{"lines as segments", "UNB+UNOA:1+A+B+200101:0000+7\r\nUNH+1+X\r\nFTX+A'B?\r\nUNT+3+1\r\nUNZ+1+7", head + "\nUNH|1|X\nFTX|A'B?\nUNT|3|1\nUNZ|1|7", "", ""},
		{"tabs and breaks", "UNH+1+X'\r\n\t\tNAD+CN++FIRST\r\nSECOND:T\tHIRD'\t UNT+3+1'\n", "UNH|1|X\nNAD|CN||FIRST SECOND/T HIRD\nUNT|3|1", "", ""},
		{"lines of one width", wrapAt(40, "UNB+UNOA:1+AAAAAAAAAA+BBBBBBBBBBBB+200101:0000+7'FTX+AAA+++SKIMMED MILK POWDER IN BAGS OF 25 KG?'S'UNZ+0+7'"),
			"UNB|UNOA/1|AAAAAAAAAA|BBBBBBBBBBBB|200101/0000|7\nFTX|AAA|||SKIMMED MILK POWDER IN BAGS OF 25 KG'S\nUNZ|0|7", "", ""},
		{"break behind release", "UNH+1+X'FTX+A?\r\n'B'UNT+3+1'", "UNH|1|X\nFTX|A'B\nUNT|3|1", "", ""},
		{"apostrophe not released", "UNH+1+X'NAD+CN+++COTE D'IVOIRE L'OREAL'UNT+3+1'", "UNH|1|X\nNAD|CN|||COTE D'IVOIRE L'OREAL\nUNT|3|1", "", "terminator"},
		{"empty segment", "UNH+1+X'''UNT+2+1'", "UNH|1|X\nUNT|2|1", "", "terminator,terminator"},
		{"counts", unb + "UNH+1+X'UNT+9+2'UNZ+3+8'", head + "\nUNH|1|X\nUNT|9|2\nUNZ|3|8", "", "count,reference,count,reference"},
		{"groups", unb + "UNG+X+A+B+200101:0000+5'UNH+1+X'UNT+2+1'UNE+1+5'UNZ+1+7'", head + "\nUNG|X|A|B|200101/0000|5\nUNH|1|X\nUNT|2|1\nUNE|1|5\nUNZ|1|7", "", ""},
		{"no type", "UNH+1'UNT+2+1'", "UNH|1\nUNT|2|1", "", "missing"},
		{"no trailers", unb + "UNH+1+X'UNH+2+X'", head + "\nUNH|1|X\nUNH|2|X", "", "missing,missing,missing"},
		{"last terminator lost", "UNH+1+X'UNT+2+1", "UNH|1|X\nUNT|2|1", "", "terminator"},
		{"cut", "UNH+1+X'NAD+CN+++HAL", "UNH|1|X", "truncated@8#2", "missing"},
		{"garbage between", "UNH+1+X'garbage+1'UNT+3+1'", "UNH|1|X\nUNT|3|1", "tag@8#2", ""},
		{"other format", "{\"a\": 1}", "", "not-text@0#1", ""},
		{"UTF-16", "\xff\xfeU\x00N\x00", "", "not-text@0#1", ""},
		{"UTF-8 in UNOC", unbOf("UNOC") + "FTX+Dekk på felg'UNZ+0+7'", headOf("UNOC") + "\nFTX|Dekk på felg\nUNZ|0|7", "", "charset"},
		{"Latin-1 in UNOC", unbOf("UNOC") + latin("FTX+Dekk på felg'") + "UNZ+0+7'", headOf("UNOC") + "\nFTX|Dekk på felg\nUNZ|0|7", "", ""},
		{"Latin-1 in UNOY", unbOf("UNOY") + latin("FTX+Dekk på felg'") + "UNZ+0+7'", headOf("UNOY") + "\nFTX|Dekk på felg\nUNZ|0|7", "", "charset"},
		{"UNOE", unbOf("UNOE") + iso5("FTX+ОсОО Ала-Тоо, ОШ'") + "UNZ+0+7'", headOf("UNOE") + "\nFTX|ОсОО Ала-Тоо, ОШ\nUNZ|0|7", "", ""},
		{"1251 in UNOE", unbOf("UNOE") + win("FTX+ЗАКРЫТОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО, город Ош'") + "UNZ+0+7'", headOf("UNOE") + "\nFTX|ЗАКРЫТОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО, город Ош\nUNZ|0|7", "", "charset"},
		{"1251 in UNOA", unb + win("FTX+Сухое молоко в мешках'") + "UNZ+0+7'", head + "\nFTX|Сухое молоко в мешках\nUNZ|0|7", "", "charset"},
		{"CP866 in UNOB", unbOf("UNOB") + dos("FTX+Сухое молоко в мешках'") + "UNZ+0+7'", headOf("UNOB") + "\nFTX|Сухое молоко в мешках\nUNZ|0|7", "", "charset"},
		{"UNOX", unbOf("UNOX") + "UNZ+0+7'", headOf("UNOX") + "\nUNZ|0|7", "", "charset"},
	} {
		t.Run(c.name, func(t *testing.T) {
			segments, problems, warnings := outcome(c.data)
			if got := strings.Join(segments, "\n"); got != c.want {
				t.Errorf("segments:\n%s\nwant:\n%s", got, c.want)
			}
			if got := strings.Join(problems, ","); got != c.problems {
				t.Errorf("problems %s, want %s", got, c.problems)
			}
			if got := strings.Join(warnings, ","); got != c.warnings {
				t.Errorf("warnings %s, want %s", got, c.warnings)
			}
		})
	}
}

func wrapAt(width int, s string) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\r\n")
		s = s[width:]
	}
	return b.String() + s
}

// TestSegmentTooLong: the rest behind a segment without end is read.
func TestSegmentTooLong(t *testing.T) {
	data := "UNH+1+X'FTX+" + strings.Repeat("x", 5000) + "'UNT+3+1'"
	segments, problems, _ := outcome(data, MaxSegment(1000))
	if got := strings.Join(segments, " "); got != "UNH|1|X UNT|3|1" {
		t.Errorf("segments %s", got)
	}
	if got := strings.Join(problems, ","); got != "too-long@8#2" {
		t.Errorf("problems %s", got)
	}
}

// endless gives n bytes of one line.
type endless struct{ left int64 }

var filler = strings.Repeat("x", 64<<10)

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for rest := p[:n]; len(rest) > 0; {
		rest = rest[copy(rest, filler):]
	}
	e.left -= int64(n)
	return n, nil
}

func TestEndlessLine(t *testing.T) {
	r := NewReader(io.MultiReader(strings.NewReader("UNH+1+X'FTX+"), &endless{2 << 30}))
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	_, err := r.Next()
	var e *Error
	if !errors.As(err, &e) || e.Kind != TooLong || !fault.Is(err, fault.Invalid) || e.Offset != 8 || e.Segment != 2 {
		t.Fatalf("got %v", err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
	if len(r.buf) > 4*DefaultMaxSegment {
		t.Errorf("the buffer grew to %d bytes", len(r.buf))
	}
}

func TestSourceFails(t *testing.T) {
	boom := errors.New("disk gone")
	r := NewReader(io.MultiReader(strings.NewReader("UNH+1+X'NAD+C"), failing{boom}))
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Next(); !errors.Is(err, boom) || fault.KindOf(err) != fault.Failure {
			t.Fatalf("got %v", err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestNumbersOfSegments(t *testing.T) {
	r := NewReader(strings.NewReader("UNB+UNOA:1+A+B+200101:0000+7'UNH+1+X'BGM+1'UNT+3+1'UNH+2+X'UNT+2+2'UNZ+2+7'"))
	var got []string
	for {
		s, err := r.Next()
		if err != nil {
			break
		}
		got = append(got, fmt.Sprint(s.Tag(), s.Index, s.Number))
	}
	want := "UNB1 0 UNH2 1 BGM3 2 UNT4 3 UNH5 1 UNT6 2 UNZ7 0"
	if s := strings.ReplaceAll(strings.Join(got, " "), "  ", " "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func FuzzTokenize(f *testing.F) {
	f.Add([]byte("UNA:+.? 'UNB+UNOA:1+A+B+200101:0000+7'UNH+1+CUSCAR:D:95B:UN'NAD+CN+++O?'NEILL D'X'UNT+3+1'UNZ+1+7'"))
	f.Add([]byte("UNB+UNOE:1+A\nUNH+1+X\nFTX+\xb0\xb1\xd0?\r\n'\nUNZ+1"))
	f.Add([]byte("UNH+1'FTX+?\r\n?'+\t\x00'\xef\xbb\xbfUNA:+.?'UNT'"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data), MaxSegment(256))
		last := int64(0)
		for {
			s, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				var e *Error
				if !errors.As(err, &e) || e.Offset < 0 || e.Offset > int64(len(data)) {
					t.Fatalf("unplaced error %v", err)
				}
				continue
			}
			if s.Offset < last || !bytes.Equal(s.Raw(), data[s.Offset:s.Offset+int64(len(s.Raw()))]) {
				t.Fatalf("segment %q at %d behind %d", s.Raw(), s.Offset, last)
			}
			last = s.Offset + int64(s.Length)
			for e := range s.Strings() {
				s.RuneLen(e, 0)
			}
		}
	})
}

// A text segment is complete by its terminator, even where the file ends right behind
// it and the terminator cannot be told from an apostrophe by what follows.
func TestTextEndsWithTheFile(t *testing.T) {
	r := NewReader(strings.NewReader("UNB+UNOA:2+A+B+200101:0000+1'UNH+1+CUSCAR:D:95B:UN'FTX+AAA+++SKIMMED MILK'"))
	for _, tag := range []string{"UNB", "UNH", "FTX"} {
		seg, err := r.Next()
		if err != nil || seg.Tag() != tag {
			t.Fatalf("want %s, got %v, %v", tag, seg, err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last segment: %v", err)
	}
}
