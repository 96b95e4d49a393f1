package learningweb_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"tidewaiter/internal/evidence"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/learningweb"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// BenchmarkSend sends five statements in a request from several connections at once.
func BenchmarkSend(b *testing.B) {
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "t.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	records := learning.NewRecords(db, evidence.NewFiles(db), learning.Options{})
	_, secret, err := records.Clients.Add(b.Context(), "bench", []learning.Scope{learning.All}, xapi.V200)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(learningweb.New(records, slog.New(slog.DiscardHandler)))
	defer server.Close()
	one, err := os.ReadFile("../testdata/statement.json")
	if err != nil {
		b.Fatal(err)
	}
	const size = 5
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	var next atomic.Int64
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			body := []byte{'['}
			for i := range int64(size) {
				if i > 0 {
					body = append(body, ',')
				}
				body = append(body, bytes.ReplaceAll(one, []byte("officer-000001"), fmt.Appendf(nil, "officer-%06d", (next.Add(1)+i)%20_000))...)
			}
			r, err := http.NewRequest("POST", server.URL+"/xapi/statements", bytes.NewReader(append(body, ']')))
			if err != nil {
				b.Error(err)
				return
			}
			r.SetBasicAuth("bench", secret)
			r.Header.Set("X-Experience-API-Version", "2.0.0")
			r.Header.Set("Content-Type", "application/json")
			resp, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Error(resp.Status)
				return
			}
		}
	})
	b.ReportMetric(size*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
}
