package intake

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"tidewaiter/internal/fault"
)

func TestRecognise(t *testing.T) {
	wide := func(order unicode.Endianness, s string) string {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	xml := awmdsFile([3]string{"B1", "1", "1"})
	for _, c := range []struct {
		name, body string
		want       Format
		says       string // in the refusal
	}{
		{"cuscar", cuscarFile("A"), CUSCAR, ""},
		{"cuscar behind UNA, mark and blanks", "\xEF\xBB\xBF\r\n\t UNA:+.? '" + cuscarFile("A"), CUSCAR, ""},
		{"cuscar without interchange", "UNH+1+CUSCAR:D:16A:UN'", CUSCAR, ""},
		{"message without a type", "UNB+UNOA:1+A+B+260301:1010+1'UNH+1'BGM+85'", CUSCAR, ""},
		{"other separators", "UNA|*.? ~UNB*UNOA|1*A*B*260301|1010*1~UNH*1*CUSCAR|D|95B|UN~", CUSCAR, ""},
		{"another message", "UNB+UNOA:1+A+B+260301:1010+1'UNH+1+IFTMIN:D:01B:UN'", "", "IFTMIN"},
		{"x12", "ISA*00*          *00*          *ZZ*SENDERID       *ZZ*RECEIVERID     *260301*1010*U*00401*000000001*0*P*>~GS*", "", "X12"},
		{"awmds", xml, AWMDS, ""},
		{"awmds in UTF-16", wide(unicode.BigEndian, xml), AWMDS, ""},
		{"awmds behind comments", "<?xml version='1.0'?><!-- a > b --><!-- --> <Awmds>", AWMDS, ""},
		{"awmds with prefix and small letters", "<m:awmds xmlns:m='x'>", AWMDS, ""},
		{"awmds with a DTD", "<!DOCTYPE Awmds [<!ENTITY a 'b'>]><Awmds/>", AWMDS, ""},
		{"other xml", "<?xml version='1.0'?><Waybill/>", "", "Waybill"},
		{"broken xml", "<!-- never closed", "", "root element"},
		{"only <", "<", "", "XML"},
		{"csv", "a;b\n1;2\n", CSV, ""},
		{"csv in cyrillic UTF-16", wide(unicode.LittleEndian, "Накладная;Получатель\nА1;Нурлан\n"), CSV, ""},
		{"xlsx", workbook(t, []string{"a", "b"}), XLSX, ""},
		{"zip", zipped(t, map[string]string{"manifest.edi": "UNB"}), "", "zip"},
		{"pdf", "%PDF-1.7\n", "", "PDF"},
		{"xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "", "Excel"},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\x01\x02\x03\xfe\xff\x80", "", "binary"},
		{"zeros", strings.Repeat("\x00", 500), "", ""},
		{"empty", "", "", "empty"},
		{"blanks", " \r\n\t", "", "empty"},
	} {
		got, err := Recognise([]byte(c.body[:min(len(c.body), headSize)]))
		if got != c.want || (c.want == "") != fault.Is(err, fault.Invalid) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q, %v; want %q or a refusal that says %q", c.name, got, err, c.want, c.says)
		}
	}
}

// TestEverySharedFileIsReadOrRefused holds which of the real files are manifests.
func TestEverySharedFileIsReadOrRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "*.edi"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		records, err := readAllRecords(bytes.NewReader(body))
		if filepath.Base(path) == "edinet_CUSCAR_D95B.edi" {
			if len(records) != 3 || err != nil {
				t.Errorf("%s: %d records, %v; want 3", path, len(records), err)
			}
			continue
		}
		if len(records) != 0 || !fault.Is(err, fault.Invalid) || len(err.Error()) < 20 {
			t.Errorf("%s: %d records, %v; want a refusal with its reason", path, len(records), err)
		}
	}
}

// readAllRecords reads until the end or the error that is not io.EOF.
func readAllRecords(r io.Reader) (out []*Record, err error) {
	src, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	for {
		rec, err := src.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, rec)
	}
}

func seeds(f *testing.F) {
	good, bad := [3]string{"G1", "10", "100"}, [3]string{"W1", "ten", "1.0.0"}
	for _, s := range []string{
		cuscarFile("A", good, bad), awmdsFile(good, bad), csvFile(good, bad), workbook(f, []string{"B/L", "kg"}, []string{"A", "1"}),
		"<!DOCTYPE Awmds [<!ENTITY a 'b'>]><Awmds>&a;</Awmds>", "UNA:+.? '", "\xff\xfe<\x00A\x00", "a,b\n\"", "PK\x03\x04xl/",
	} {
		f.Add([]byte(s))
	}
}

func FuzzRecognise(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, head []byte) {
		format, err := Recognise(head[:min(len(head), headSize)])
		switch {
		case err != nil && !fault.Is(err, fault.Invalid):
			t.Errorf("%v is no refusal", err)
		case (err == nil) != (format == CUSCAR || format == AWMDS || format == CSV || format == XLSX):
			t.Errorf("format %q with the error %v", format, err)
		}
	})
}

func FuzzReader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		records, err := readAllRecords(bytes.NewReader(body))
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v is no refusal", err)
		}
		for i, rec := range records {
			at := rec.At
			if rec.Number != i+1 || at.Offset < 0 || at.Length < 0 || at.Offset+int64(at.Length) > int64(len(body)) {
				t.Errorf("record %d is numbered %d and stands at %+v of %d bytes", i+1, rec.Number, at, len(body))
			}
			if rec.Consignment == nil && len(rec.Problems) == 0 {
				t.Errorf("record %d is lost without a reason", i+1)
			}
			for _, p := range rec.Problems {
				if p.Reason == "" || p.At.Offset < 0 || p.At.Offset+int64(p.At.Length) > int64(len(body)) {
					t.Errorf("record %d: problem %+v has no reason or place", i+1, p)
				}
			}
		}
	})
}
