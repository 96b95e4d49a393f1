package e2e_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// The program is killed at random moments of an import and called again. In the end
// every consignment is there once, assessed once for each version, and with the score
// that an undisturbed import gives it.
func TestKilledImport(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for half a minute")
	}
	files := generate(t, 400)
	want := importAll(t, storetest.DSN(t, store.SQLite), files, false)
	if len(want) < 400 {
		t.Fatalf("only %d consignments came in", len(want))
	}
	for _, engine := range []store.Dialect{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			got := importAll(t, storetest.DSN(t, engine), files, true)
			if !maps.Equal(got, want) {
				t.Errorf("%d consignments after kills, %d without", len(got), len(want))
				for document, score := range want {
					if got[document] != score {
						t.Errorf("%s: %q, without kills %q", document, got[document], score)
					}
				}
			}
		})
	}
}

// generate returns the files of a generated month.
func generate(t *testing.T, n int) []string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "world")
	out, err := exec.Command(program, "simulate", "--seed", "3", "--consignments", fmt.Sprint(n), "--history", "0", "--out", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("simulate: %v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.edi"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files were generated: %v", err)
	}
	return files
}

// importAll imports the files into a new database, killing the program some times on
// the way if asked to, and returns what came of each document.
func importAll(t *testing.T, dsn string, files []string, kill bool) map[string]string {
	t.Helper()
	tidewaiter(t, dsn, "unit", "add", "TEST", "Test unit", "--country", "KG")
	for round := 0; ; round++ {
		cmd := withDatabase(exec.Command(program, append([]string{"import", "--unit", "TEST"}, files...)...), dsn)
		var output strings.Builder
		cmd.Stdout, cmd.Stderr = &output, &output
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kill && round < 6 {
			time.Sleep(time.Second + time.Duration(rand.IntN(3000))*time.Millisecond)
			cmd.Process.Kill()
			cmd.Wait()
			continue
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("import: %v\n%s", err, output.String())
		}
		break
	}
	return outcome(t, dsn)
}

// outcome returns version, score and findings of every consignment, by its document.
func outcome(t *testing.T, dsn string) map[string]string {
	t.Helper()
	ctx, a, _, scope := openUnit(t, dsn, "TEST")
	defer a.Close()
	page, err := a.Assessments.Board(scope.ID).Page(ctx, risk.Filter{}, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, r := range page.Rows {
		ids = append(ids, r.Consignment)
	}
	cs, err := a.Cargo.Current(ctx, scope.ID, ids)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range page.Rows {
		history, err := a.Assessments.History(ctx, r.Consignment)
		if err != nil {
			t.Fatal(err)
		}
		if c := cs[r.Consignment]; c == nil || len(history) != c.Version {
			t.Errorf("consignment %d: %d assessments for version %+v", r.Consignment, len(history), c)
			continue
		}
		slices.Sort(r.Indicators) // the board keeps no order of them
		out[cs[r.Consignment].Document.Number] = fmt.Sprintf("version %d, score %v, %v", len(history), r.Score, r.Indicators)
	}
	return out
}
