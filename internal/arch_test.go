// Package internal_test holds the house to its rules: the table in ARCHITECTURE.md
// says which package may import which, and the test reads it.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "tidewaiter/"

// rule is a row of the table: what a room may import of our own.
type rule struct {
	room   string // path below the module, a trailing /... holds for all below it
	may    []string
	tables []string // prefixes of the tables that it may name
}

var rowPattern = regexp.MustCompile("^\\| `([^`]+)` \\|([^|]*)\\|([^|]*)\\|$")

// readRules reads the table between the marks in ARCHITECTURE.md.
func readRules(t *testing.T) []rule {
	t.Helper()
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "<!-- rooms -->")
	table, _, end := strings.Cut(table, "<!-- /rooms -->")
	if !ok || !end {
		t.Fatal("ARCHITECTURE.md has no table between <!-- rooms --> and <!-- /rooms -->")
	}
	var rules []rule
	for line := range strings.Lines(table) {
		m := rowPattern.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		rules = append(rules, rule{room: m[1], may: names(m[2]), tables: names(m[3])})
	}
	if len(rules) < 10 {
		t.Fatalf("the table has only %d rows that can be read", len(rules))
	}
	return rules
}

// names returns the words in backquotes.
func names(cell string) (out []string) {
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			out = append(out, part)
		}
	}
	return out
}

func covers(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

// find returns the rule of a room, the most particular one.
func find(rules []rule, room string) (best rule, ok bool) {
	for _, r := range rules {
		if covers(r.room, room) && (!ok || len(r.room) > len(best.room)) {
			best, ok = r, true
		}
	}
	return best, ok
}

// eachFile calls visit with every Go file below the module's root that is not a test.
func eachFile(t *testing.T, visit func(room, path string)) {
	t.Helper()
	for _, root := range []string{"../cmd", "../internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			visit(filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../"))), path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestImportsPointDown(t *testing.T) {
	rules := readRules(t)
	eachFile(t, func(room, path string) {
		r, ok := find(rules, room)
		if !ok {
			t.Errorf("%s: the room %s is not in the table of ARCHITECTURE.md", path, room)
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			target, ours := strings.CutPrefix(name, module)
			if ours && !slices.ContainsFunc(r.may, func(p string) bool { return covers(p, target) }) {
				t.Errorf("%s imports %s, which the table does not allow to %s", path, target, r.room)
			}
			if name == "net/http" && !servesPages(room) {
				t.Errorf("%s imports net/http: a domain's core knows no web", path)
			}
		}
	})
}

// servesPages reports whether a room may know HTTP.
func servesPages(room string) bool {
	last := room[strings.LastIndexByte(room, '/')+1:]
	return strings.HasSuffix(last, "web") || strings.HasPrefix(room, "internal/web") ||
		room == "internal/app" || room == "internal/fault" || strings.HasPrefix(room, "internal/bench")
}

var tablePattern = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON) ([a-z]+)_[a-z_]+\b`)

// Tables are named only in store*.go files of the domain that owns them. SQL keywords
// are written in capitals, which is how a statement is told from prose.
func TestTablesStayAtHome(t *testing.T) {
	rules := readRules(t)
	eachFile(t, func(room, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := find(rules, room)
		for _, m := range tablePattern.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(r.tables, m[1]) {
				t.Errorf("%s: names a table of %s (%q)", path, m[1], m[0])
				continue
			}
			if name := filepath.Base(path); !strings.HasPrefix(name, "store") && room != "internal/bus" {
				t.Errorf("%s: names a table (%q); statements stand in store*.go", path, m[0])
			}
		}
	})
}

// The longest file holds one thing. Generated pages do not count.
func TestFilesAreShort(t *testing.T) {
	const most = 400
	eachFile(t, func(_, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n > most && !strings.HasSuffix(path, "_templ.go") {
			t.Errorf("%s has %d lines; %d are the most", path, n, most)
		}
	})
}
