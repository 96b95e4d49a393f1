package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/awmds"
	"tidewaiter/internal/format/cuscar"
	"tidewaiter/internal/format/table"
)

// hashDir is a digest over names and bytes of all files.
func hashDir(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%s %d\n", rel, len(b))
		h.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func write(t *testing.T, f Format, o Options) (string, Summary) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	sum, err := Write(dir, f, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, f := range Formats {
		a, _ := write(t, f, Defaults(7, 250))
		b, _ := write(t, f, Defaults(7, 250))
		c, _ := write(t, f, Defaults(8, 250))
		if hashDir(t, a) != hashDir(t, b) {
			t.Errorf("%s: the same seed gave other bytes", f)
		}
		if hashDir(t, a) == hashDir(t, c) {
			t.Errorf("%s: another seed gave the same bytes", f)
		}
	}
}

func TestStreamTwice(t *testing.T) {
	s, err := NewStream(Defaults(3, 300))
	if err != nil {
		t.Fatal(err)
	}
	read := func() (out string) {
		for m := range s.Month() {
			for _, c := range m.Consignments {
				out += c.Document.Number + c.Parties[0].Name + c.Party("consignee").Name + "\n"
			}
		}
		return out
	}
	if a, b := read(), read(); a != b || a == "" {
		t.Error("the month came out otherwise the second time")
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, CSV, Defaults(1, 5), nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("a folder in use: %v", err)
	}
	if _, err := Write(filepath.Join(dir, "y"), "pdf", Defaults(1, 5), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown format: %v", err)
	}
}

// readBack returns the documents of a file, and fails on any problem in it.
func readBack(t *testing.T, format Format, path string) (docs []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	switch format {
	case CUSCAR:
		r := cuscar.NewReader(f)
		for b, err := range r.Bills() {
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if len(b.Problems) > 0 || len(b.Manifest.Problems) > 0 {
				t.Errorf("%s: %s: %+v %+v", path, b.Number, b.Problems, b.Manifest.Problems)
			}
			docs = append(docs, b.Number)
		}
	case AWMDS:
		r, err := awmds.NewReader(f)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for {
			b, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if len(b.Problems) > 0 || len(r.Manifest().Problems) > 0 {
				t.Errorf("%s: %s: %+v %+v", path, b.Reference, b.Problems, r.Manifest().Problems)
			}
			docs = append(docs, b.Reference)
		}
	case CSV:
		docs = readTable(t, path, f)
	}
	return docs
}

// checkMapping: every heading that we write is recognised, in both languages.
func checkMapping(t *testing.T, path string, heading []string, m table.Mapping) {
	t.Helper()
	targets := map[int]string{}
	for _, c := range m.Columns {
		targets[c.Index] = c.Target
	}
	seen := map[string]string{}
	for i, h := range heading {
		target := targets[i]
		if target == "" || seen[target] != "" {
			t.Fatalf("%s: column %q becomes %q, as does %q", path, h, target, seen[target])
		}
		seen[target] = h
	}
}

func readTable(t *testing.T, path string, f io.Reader) (docs []string) {
	t.Helper()
	rows, err := table.Open(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	mapping := table.Propose(rows.Heading.Texts(), rows.Sample(20))
	checkMapping(t, path, rows.Heading.Texts(), mapping)
	d, err := table.NewDocuments(rows, mapping)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	all, err := d.All()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, x := range all {
		if len(x.Problems) > 0 {
			t.Errorf("%s: %s: %+v", path, x.Number, x.Problems)
		}
		docs = append(docs, x.Number)
	}
	return docs
}

// TestFilesReadBack: the readers find every document that truth.csv names, in its
// file, and nothing to complain of.
func TestFilesReadBack(t *testing.T) {
	for _, f := range Formats {
		t.Run(string(f), func(t *testing.T) {
			o := Defaults(7, 900)
			dir, sum := write(t, f, o)
			r, err := os.Open(filepath.Join(dir, TruthFile))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			truth, err := ReadTruth(r)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]map[string]bool{}
			month := 0
			for _, x := range truth {
				if want[x.File] == nil {
					want[x.File] = map[string]bool{}
				}
				want[x.File][x.Document] = true
				if x.Period == ThisMonth {
					month++
					if strings.Contains(x.File, "/") {
						t.Errorf("%s of the month is in %s", x.Document, x.File)
					}
				}
			}
			if month != o.Consignments || sum.Consignments != month || sum.Past != len(truth)-month || sum.Amended == 0 || sum.Planted != 18 {
				t.Errorf("summary %+v, truth has %d of the month and %d rows", sum, month, len(truth))
			}
			for file, documents := range want {
				docs := readBack(t, f, filepath.Join(dir, filepath.FromSlash(file)))
				for _, d := range docs {
					if !documents[d] {
						t.Errorf("%s holds %s, which the truth does not know there", file, d)
					}
				}
				if len(docs) != len(documents) {
					t.Errorf("%s: read %d documents, want %d", file, len(docs), len(documents))
				}
			}
			changed, err := filepath.Glob(filepath.Join(dir, AmendmentsFolder, "*"))
			if err != nil || len(changed) == 0 {
				t.Fatalf("amendments: %v, %v", changed, err)
			}
			for _, path := range changed {
				readBack(t, f, path)
			}
		})
	}
}
