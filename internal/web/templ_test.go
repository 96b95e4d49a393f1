package web_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var templVersion = regexp.MustCompile(`(?m)^\s*github.com/a-h/templ (v\S+)`)

// TestTemplUpToDate generates every *.templ below internal anew and compares: generated
// code is committed, and must be that of its source.
func TestTemplUpToDate(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the generator")
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := templVersion.FindSubmatch(mod)
	if version == nil {
		t.Fatal("go.mod names no version of templ")
	}
	tmp := t.TempDir()
	if err := os.WriteFile(filepath.Join(tmp, "go.mod"), []byte("module tidewaiter\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	sources := copyTempl(t, tmp)
	tool := "github.com/a-h/templ/cmd/templ@" + string(version[1])
	cmd := exec.Command("go", "run", tool, "generate", "-path", tmp)
	if out, err := cmd.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("dial tcp")) {
			t.Skip("the generator is not on this machine and cannot be fetched")
		}
		t.Fatalf("generate: %v\n%s", err, out)
	}
	for _, source := range sources {
		name := strings.TrimSuffix(source, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(tmp, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join("..", "..", name)); err != nil || !bytes.Equal(anywhere(got), anywhere(want)) {
			t.Errorf("%s is not what %s generates (%v): run go run %s generate -path internal", name, source, err, tool)
		}
	}
}

// fileName is the path of the source in the generated code, which depends on where the
// generator was run.
var fileName = regexp.MustCompile("FileName: `[^`]*`")

func anywhere(code []byte) []byte { return fileName.ReplaceAll(code, nil) }

// copyTempl copies every *.templ to the same path below dir and returns the paths.
func copyTempl(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(filepath.Join("..", "..", "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".templ" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(filepath.Join("..", ".."), path)
		if err != nil {
			return err
		}
		paths = append(paths, rel)
		to := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, raw, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
