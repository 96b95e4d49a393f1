package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestLinesAreNumberedAsPlacesAre(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	ctx := context.Background()
	edi := "UNB+UNOA:1+A+B+1:1+1'\nUNH+1+CUSCAR:D:95B:UN'\nBGM+85+a?'b+9'UNT+1+1'UNH+2+CUSCAR:D:95B:UN'BGM+86'UNT+3+2'UNZ+2+1'"
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("B/L;Ы\n1;Ђ\n2;\u0a0aЫ\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body   string
		offset int64
		want   string // number:text of each line
	}{
		{edi, 0, "1:UNB+UNOA:1+A+B+1:1+1' 1:UNH+1+CUSCAR:D:95B:UN' 2:BGM+85+a?'b+9' 3:UNT+1+1' 1:UNH+2+CUSCAR:D:95B:UN' 2:BGM+86' 3:UNT+3+2' 4:UNZ+2+1'"},
		{edi, int64(strings.Index(edi, "b+9'")), "2:b+9' 3:UNT+1+1' 1:UNH+2+CUSCAR:D:95B:UN' 2:BGM+86' 3:UNT+3+2' 4:UNZ+2+1'"},
		{edi, int64(strings.Index(edi, "UNT+3")), "3:UNT+3+2' 4:UNZ+2+1'"},
		{"a;b\r\n1;2\n3;4", 0, "1:a;b 2:1;2 3:3;4"},
		{"a;b\r\n1;2\n3;4", 6, "2:;2 3:3;4"},
		{wide, 2, "1:B/L;Ы 2:1;Ђ 3:2;\u0a0aЫ"},
	} {
		im := h.receive(Upload{Name: "x"}, c.body)
		x, err := h.Show(ctx, h.scope, im.ID, c.offset, 1000)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := h.Lines(ctx, x)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			text, _ := x.Encoding.Decode(l.Raw)
			got = append(got, fmt.Sprintf("%d:%s", l.Number, strings.TrimSpace(text)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%.20q from %d:\n got %s\nwant %s", c.body, c.offset, s, c.want)
		}
	}
}
