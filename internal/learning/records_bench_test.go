package learning_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// BenchmarkKeep keeps 50 statements at a time, parsed, checked and durable.
func BenchmarkKeep(b *testing.B) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(b.TempDir(), "t.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	records := learning.NewRecords(db, evidence.NewFiles(db), learning.Options{})
	client, _, err := records.Clients.Add(ctx, "bench", []learning.Scope{learning.All}, xapi.V200)
	if err != nil {
		b.Fatal(err)
	}
	one, err := os.ReadFile("testdata/statement.json")
	if err != nil {
		b.Fatal(err)
	}
	const size = 50
	for n := 0; b.Loop(); n++ {
		batch := []byte{'['}
		for i := range size {
			if i > 0 {
				batch = append(batch, ',')
			}
			learner := fmt.Appendf(nil, "officer-%06d", (n*size+i)*7919%20_000)
			batch = append(batch, bytes.ReplaceAll(one, []byte("officer-000001"), learner)...)
		}
		statements, err := xapi.ParseStatements(append(batch, ']'), xapi.V200)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := records.Keep(ctx, client, statements); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
}
