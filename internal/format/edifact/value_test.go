package edifact

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

func TestParseTime(t *testing.T) {
	for _, c := range []struct{ value, format, want string }{
		{"20170119", "102", "2017-01-19T00:00:00Z"},
		{"1701290000", "201", "2017-01-29T00:00:00Z"},
		{"170129235958", "202", "2017-01-29T23:59:58Z"},
		{"201602041652", "203", "2016-02-04T16:52:00Z"},
		{"20160204165201", "204", "2016-02-04T16:52:01Z"},
		{"201602041652+0600", "205", "2016-02-04T10:52:00Z"},
		{"201602041652UTC", "303", "2016-02-04T16:52:00Z"},
		{"201602041652+06", "303", "2016-02-04T10:52:00Z"},
		{"20160204165200EET", "304", "2016-02-04T14:52:00Z"},
		{"160229", "101", "2016-02-29T00:00:00Z"},
		{"991231", "101", "1999-12-31T00:00:00Z"},
		{"290217", "2", "does not exist"},
		{"0700", "401", "0000-01-01T07:00:00Z"},
		{"26011", "103", "2025-12-29T00:00:00Z"},
		{"24366", "105", "2024-12-31T00:00:00Z"},
		{"202402", "610", "2024-02-01T00:00:00Z"},
		{"2024013020240215", "718", "2024-01-30T00:00:00Z"},
		{"201703242400", "203", "2017-03-25T00:00:00Z"},
		{"20180525", "203", "2018-05-25T00:00:00Z"}, // qualifier and length disagree
		{"20180525", "", "2018-05-25T00:00:00Z"},
		{"2018-05-25T10:11:12", "", "2018-05-25T10:11:12Z"},
		{"20170229", "102", "does not exist"},
		{"20171301", "102", "does not exist"},
		{"20170100", "102", "does not exist"},
		{"201701012460", "203", "does not exist"},
		{"23366", "105", "does not exist"},
		{"00000000", "102", "does not exist"},
		{"2017O119", "102", "is not a date"},
		{"", "102", "is not a date"},
		{"201602041652XYZ", "303", "time zone"},
		{"3", "804", "is not a date"},
	} {
		got, err := ParseTime(c.value, c.format)
		if strings.HasSuffix(c.want, "Z") {
			if err != nil || got.Format(time.RFC3339) != c.want {
				t.Errorf("%q by %q: %v, %v, want %s", c.value, c.format, got, err, c.want)
			}
			continue
		}
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.value) {
			t.Errorf("%q by %q: %v, %v, want an error with %q", c.value, c.format, got, err, c.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		value string
		want  float64
	}{
		{"14182.000", 14182}, {".000", 0}, {"2,5", 2.5}, {"1,234", 1.234}, {"-5", -5}, {"5-", -5}, {"+5", 5},
		{" 7 ", 7}, {"1,234.50", 1234.5}, {"1.234,50", 1234.5}, {"1,234,567", 1234567}, {"8.269", 8.269},
		{"12345678901234567890", 12345678901234567890}, {"0.1", 0.1}, {"36468.00", 36468}, {"5.", 5},
	} {
		if got, err := ParseNumber(c.value); err != nil || got != c.want {
			t.Errorf("%q: %v, %v, want %v", c.value, got, err, c.want)
		}
	}
	for _, value := range []string{"", ".", "-", "1e5", "0x10", "NaN", "Inf", "12O", "1 234", "--1", "1.2,3.4,5", strings.Repeat("9", 400)} {
		got, err := ParseNumber(value)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), clip(value)) {
			t.Errorf("%q: %v, %v, want an error that names it", value, got, err)
		}
	}
}

// TestWriterRoundTrip: what a Writer writes, a Reader reads, without a warning.
func TestWriterRoundTrip(t *testing.T) {
	sets := map[string]string{
		"UNOA": `[A-Z0-9 .,\-()/='+:?!"%&*;<>~]{0,12}`,
		"UNOC": `([A-Za-z0-9 '+:?]{1,4}[åäöéß]?){0,4}`,
		"UNOE": `([A-Z '+:?]{0,3}[А-Я][а-я]{2,6}){0,3}`,
		"UNOY": `[A-Z '+:?А-Яа-яҮүӨөҢң中文é]{0,12}`,
	}
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.SampledFrom([]string{"UNOA", "UNOC", "UNOE", "UNOY"}).Draw(t, "set")
		syntax := DefaultSyntax
		if rapid.Bool().Draw(t, "odd") {
			syntax = Syntax{Component: ';', Element: '*', Decimal: ',', Release: '!', Repetition: ' ', Terminator: '~'}
		}
		value := rapid.StringMatching(sets[set])
		var buf bytes.Buffer
		w, err := NewWriter(&buf, WriterOptions{Charset: set, Syntax: syntax, UNA: rapid.Bool().Draw(t, "una"), LineBreaks: rapid.Bool().Draw(t, "breaks")})
		if err != nil {
			t.Fatal(err)
		}
		w.Begin(Interchange{Sender: "A", Recipient: "B", Reference: "7", Prepared: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)})
		w.BeginMessage(Message{Reference: "1", Type: "CUSCAR", Version: "D", Release: "95B", Agency: "UN"})
		var want [][][]string
		for range rapid.IntRange(0, 6).Draw(t, "segments") {
			elements := rapid.SliceOfN(rapid.SliceOfN(value, 1, 4), 0, 5).Draw(t, "elements")
			list := make([]Element, len(elements))
			for i, e := range elements {
				list[i] = e
			}
			w.Segment("FTX", list...)
			want = append(want, append([][]string{{"FTX"}}, trimmed(elements)...))
		}
		w.EndMessage()
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		var got [][][]string
		r := NewReader(bytes.NewReader(buf.Bytes()))
		for {
			s, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in %q", err, buf.String())
			}
			if s.Is("FTX") {
				got = append(got, s.Strings())
			}
		}
		if list, _ := r.Warnings(); len(list) > 0 {
			t.Fatalf("warnings %v in %q", list, buf.String())
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %q\nwant %q\nin %q", got, want, buf.String())
		}
	})
}

// trimmed leaves out what a Writer leaves out.
func trimmed(elements [][]string) [][]string {
	var out [][]string
	for _, e := range elements {
		n := len(e)
		for n > 1 && e[n-1] == "" {
			n--
		}
		out = append(out, e[:n])
	}
	for len(out) > 0 && len(out[len(out)-1]) == 1 && out[len(out)-1][0] == "" {
		out = out[:len(out)-1]
	}
	return out
}

func TestWriterRefuses(t *testing.T) {
	w, err := NewWriter(io.Discard, WriterOptions{Charset: "UNOA"})
	if err != nil {
		t.Fatal(err)
	}
	w.Segment("FTX", E("Ош"))
	if err := w.End(); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
	if _, err := NewWriter(io.Discard, WriterOptions{Charset: "UNOX"}); err == nil {
		t.Error("UNOX was taken")
	}
}
