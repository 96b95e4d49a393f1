package cuscar

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedDir returns the EDIFACT files of the shared test data, beside the folder of go.mod; the
// test is skipped where that is absent.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
	shared := filepath.Join(dir, "..", "shared", "data", "edifact")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("no shared data")
	}
	return shared
}
