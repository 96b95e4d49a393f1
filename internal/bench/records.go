package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// recordsClient is who sends and reads statements.
type recordsClient struct{ name, secret string }

// recordBatch is how many statements a request sends, as the published figures of other
// record stores have it.
const recordBatch = 5

// records measures the learning record store: how many statements it keeps in a second,
// and how quickly it finds them again at each size.
func (b *bench) records(ctx context.Context) error {
	path := filepath.Join(b.dir, "records.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
	sending := b.rep.section("Learning records: keeping", fmt.Sprintf("xAPI statements of about %.1f kB, %d in a request, sent over HTTP on %d connections to "+
		"`tidewaiter serve` as a process of its own; every answer means that the statements are on the disk (SQLite, WAL, synchronous=FULL). "+
		"The sender works on the same cores. The baseline inserts the same bytes into a plain table of a number and a body, %d in a transaction, one transaction after the other.",
		float64(len(newRecordWorld(1).statement(1)))/1000, recordBatch, recordSenders, recordBatch))
	finding := b.rep.section("Learning records: finding", "Median / 99th percentile of the time from the request to the last byte, in milliseconds, one request after the other, "+
		"over HTTP. Pages of 100 statements where there are so many. The baseline reads the 100 newest statements by their numbers from the same table: no filter, no HTTP.")
	at, world := 0, newRecordWorld(b.Sizes[len(b.Sizes)-1])
	for _, n := range b.Sizes {
		client, err := b.fillRecords(ctx, sending, path, world, at, n)
		if err != nil {
			return fmt.Errorf("fill to %d statements: %w", n, err)
		}
		at = n
		if err := b.serveRecords(ctx, sending, finding, path, world, client, n); err != nil {
			return fmt.Errorf("serve %d statements: %w", n, err)
		}
	}
	return nil
}

// fillRecords keeps the statements of the world from one number to another, within this
// process, and lets the sender in.
func (b *bench) fillRecords(ctx context.Context, s *section, path string, world *recordWorld, from, to int) (recordsClient, error) {
	a, err := app.Open(ctx, app.Config{Database: path})
	if err != nil {
		return recordsClient{}, err
	}
	defer a.DB.Close() // deliveries were not started
	client, secret, err := a.Records.Clients.Add(ctx, fmt.Sprintf("bench-%d", to), []learning.Scope{learning.All}, xapi.V200)
	if err != nil {
		return recordsClient{}, err
	}
	b.show.step("keeping statements to %d", to)
	taken, err := once(func() error {
		return inTurns(to-from, 50, 8, func(i, n int) error {
			b.show.tick("keeping statements to %d: %d", to, from+i)
			return keepBatch(ctx, a.Records, client, world, from+i, n)
		})
	})
	if err != nil {
		return recordsClient{}, err
	}
	count := float64(to - from)
	s.add(figure{What: "kept in batches of 50, without HTTP", At: to, Value: count / taken.clock, Unit: "/s", Alone: count / taken.processor})
	s.add(figure{What: "database file", At: to, Value: fileMiB(path), Unit: "MiB", Low: true})
	return recordsClient{client.Name, secret}, nil
}

func keepBatch(ctx context.Context, records *learning.Records, client learning.Client, world *recordWorld, from, n int) error {
	statements, err := xapi.ParseStatements(world.batch(from, n), xapi.V200)
	if err != nil {
		return err
	}
	_, err = records.Keep(ctx, client, statements)
	return err
}

// inTurns calls work with stretches of numbers below n, several at once.
func inTurns(n, stretch, workers int, work func(first, n int) error) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	failed := make(chan error, workers)
	for range workers {
		wait.Go(func() {
			for {
				first := int(next.Add(int64(stretch))) - stretch
				if first >= n {
					return
				}
				if err := work(first, min(stretch, n-first)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wait.Wait()
	close(failed)
	return <-failed
}

// recordSenders is how many connections send at once.
const recordSenders = 16

// serveRecords measures the program on the database, which nobody else has open.
func (b *bench) serveRecords(ctx context.Context, sending, finding *section, path string, world *recordWorld, client recordsClient, size int) error {
	plain, err := b.plainStatements(ctx, path)
	if err != nil {
		return err
	}
	srv, _, err := startServer(ctx, b.Program, path)
	if err != nil {
		return err
	}
	defer srv.stop()
	for _, c := range world.cases(size) {
		b.show.step("finding at %d: %s", size, c.name)
		fig, err := b.repeatRecords(ctx, srv, client, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fig.What, fig.At, fig.Target, fig.Base, fig.Than = c.name, size, 50, "100 rows by number", plain.read
		finding.add(fig)
	}
	return b.sendRecords(ctx, sending, srv, world, client, plain.write, size)
}

// sendRecords measures how quickly statements are taken from several senders at once.
func (b *bench) sendRecords(ctx context.Context, s *section, srv *server, world *recordWorld, client recordsClient, plain float64, size int) error {
	b.show.step("sending at %d", size)
	count := 20_000
	if b.Quick {
		count = 200
	}
	batches := make([][]byte, count/recordBatch)
	for i := range batches {
		batches[i] = world.batch(1<<40+size*10+i*recordBatch, recordBatch) // behind those that are there
	}
	used := srv.processorTime()
	taken, err := once(func() error {
		return inTurns(len(batches), 1, recordSenders, func(i, _ int) error {
			_, err := srv.send(ctx, client, batches[i])
			return err
		})
	})
	if err != nil {
		return err
	}
	// Senders and server are busy on two cores, as the target has it, however many there are.
	s.add(figure{What: "sent over HTTP, each answer durable", At: size, Value: float64(count) / taken.clock, Unit: "/s",
		Alone: 2 * float64(count) / (taken.processor + srv.processorTime() - used), Target: 3000, Base: "plain rows, as many bytes", Than: plain})
	return nil
}

// send posts statements.
func (s *server) send(ctx context.Context, client recordsClient, body []byte) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address+"/xapi/statements", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	return s.ask(r, client)
}

// recordTransport keeps a connection for each sender.
var recordTransport = &http.Transport{MaxIdleConnsPerHost: recordSenders, DisableCompression: true}

// ask sends a request of a client of the record store.
func (s *server) ask(r *http.Request, client recordsClient) (answer, error) {
	r.SetBasicAuth(client.name, client.secret)
	r.Header.Set("X-Experience-API-Version", string(xapi.V200))
	start := time.Now()
	resp, err := (&http.Client{Transport: recordTransport, Timeout: time.Minute}).Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.300s", r.Method, r.URL, resp.Status, body)
	}
	return answer{body: body, took: time.Since(start)}, err
}

// repeatRecords asks by a filter again and again, each time for something else.
func (b *bench) repeatRecords(ctx context.Context, srv *server, client recordsClient, c recordCase) (figure, error) {
	const before = 5
	var took []time.Duration
	var used float64
	for i := range before + b.requests() {
		if i == before {
			used = srv.processorTime()
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.address+"/xapi/statements?"+c.query(i).Encode(), nil)
		if err != nil {
			return figure{}, err
		}
		a, err := srv.ask(r, client)
		if err != nil {
			return figure{}, err
		}
		if i == 0 && bytes.Contains(a.body, []byte(`"statements":[]`)) != c.nothing {
			return figure{}, fmt.Errorf("finds %.60s", a.body)
		}
		if i >= before {
			took = append(took, a.took)
		}
	}
	f := latency(took)
	f.Alone = (srv.processorTime() - used) * 1000 / float64(b.requests())
	return f, nil
}
