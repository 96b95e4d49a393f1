// Package bus carries news from the domain where it happened to those that care.
//
// An event is announced inside the transaction of the act, as one River job for each
// listener: either both are there after a crash, or neither. A job is retried until
// its listener returns nil, so listeners must be idempotent. News travels up only:
// the announcer defines the event's type, and app subscribes the listener.
package bus

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Event is a typed announcement. Its name is stable: it is stored with the job.
type Event interface{ EventName() string }

// Listener hears one kind of event.
type listener struct {
	queue string
	hear  func(ctx context.Context, body json.RawMessage) error
}

// Bus announces events and delivers them. All listeners are subscribed before Start.
type Bus struct {
	db        *store.DB
	log       *slog.Logger
	mu        sync.Mutex
	listeners map[string]map[string]listener // event name -> listener name
	client    *river.Client[*sql.Tx]
}

// New returns a bus on the database; it neither announces nor delivers before Open.
func New(db *store.DB, log *slog.Logger) *Bus {
	return &Bus{db: db, log: log, listeners: map[string]map[string]listener{}}
}

// Subscribe makes fn hear every event of type E. The name is stable, as it is stored
// with the job; a queue's jobs are delivered one after the other in each process.
func Subscribe[E Event](b *Bus, queue, name string, fn func(ctx context.Context, e E) error) {
	var zero E
	event := zero.EventName()
	if b.listeners[event] == nil {
		b.listeners[event] = map[string]listener{}
	}
	b.listeners[event][name] = listener{queue: queue, hear: func(ctx context.Context, body json.RawMessage) error {
		var e E
		if err := json.Unmarshal(body, &e); err != nil {
			return fmt.Errorf("read event %s: %w", event, err)
		}
		return fn(ctx, e)
	}}
}

// delivery is the one kind of job: an event on its way to a listener. The body is JSON
// in a string, since River's PostgreSQL driver rounds numbers in nested JSON to 53 bits.
type delivery struct {
	Event    string `json:"event"`
	Listener string `json:"listener"`
	Body     string `json:"body"`
}

// Kind is the job's name in the queue.
func (delivery) Kind() string { return "deliver" }

// Open makes the bus ready to announce, with all listeners known.
func (b *Bus) Open() error {
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}
	for _, byName := range b.listeners {
		for _, l := range byName {
			queues[l.queue] = river.QueueConfig{MaxWorkers: 1}
		}
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &deliverer{bus: b})
	client, err := river.NewClient(b.driver(), &river.Config{
		ID:                   clientID(),
		Queues:               queues,
		Workers:              workers,
		Logger:               slog.New(slog.DiscardHandler),
		FetchCooldown:        2 * time.Millisecond,
		FetchPollInterval:    250 * time.Millisecond,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: jobTimeout + time.Minute,
		SoftStopTimeout:      10 * time.Second,
		ErrorHandler:         &errorLog{b.log},

		// What was refused or given up stays in the table until somebody has seen to it.
		CancelledJobRetentionPeriod: -1,
		DiscardedJobRetentionPeriod: -1,
	})
	if err != nil {
		return fmt.Errorf("open the job queue: %w", err)
	}
	b.client = client
	return nil
}

// jobTimeout bounds one try of a delivery; a listener that needs longer is tried
// again and goes on from what it has saved.
const jobTimeout = 30 * time.Minute

func (b *Bus) driver() riverdriver.Driver[*sql.Tx] {
	if b.db.Dialect == store.Postgres {
		return riverdatabasesql.New(b.db.Write)
	}
	return riversqlite.New(b.db.Write)
}

// clientID names this process, so that jobs that it held can be taken over when it died.
func clientID() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// Announce records the event for each of its listeners in the caller's transaction.
func (b *Bus) Announce(ctx context.Context, tx *sql.Tx, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.EventName(), err)
	}
	var jobs []river.InsertManyParams
	for name, l := range b.listeners[e.EventName()] {
		jobs = append(jobs, river.InsertManyParams{
			Args:       delivery{Event: e.EventName(), Listener: name, Body: string(body)},
			InsertOpts: &river.InsertOpts{Queue: l.queue},
		})
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := b.client.InsertManyFastTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("announce %s: %w", e.EventName(), err)
	}
	return nil
}

// Start begins to deliver, first of all what a process on this machine left when it
// was killed. Deliveries end when ctx does, or by Stop.
func (b *Bus) Start(ctx context.Context) error {
	if err := b.takeOver(ctx); err != nil {
		return err
	}
	return b.client.Start(ctx)
}

// Stop lets running deliveries end, and returns when they have, or when ctx ends.
func (b *Bus) Stop(ctx context.Context) error {
	if b.client == nil {
		return nil
	}
	return b.client.Stop(ctx)
}

// deliverer hands a job to its listener.
type deliverer struct {
	river.WorkerDefaults[delivery]
	bus *Bus
}

// Work delivers one event. A fault can't be mended by trying again, so the job is
// cancelled and stays in the queue's table as evidence; any other error is retried.
func (d *deliverer) Work(ctx context.Context, job *river.Job[delivery]) error {
	l, ok := d.bus.listeners[job.Args.Event][job.Args.Listener]
	if !ok {
		return fmt.Errorf("no listener %q for event %q in this version", job.Args.Listener, job.Args.Event)
	}
	err := l.hear(ctx, json.RawMessage(job.Args.Body))
	if err != nil && fault.KindOf(err) != fault.Failure && fault.KindOf(err) != fault.Conflict {
		d.bus.log.Error("event refused", "event", job.Args.Event, "listener", job.Args.Listener, "error", err)
		return river.JobCancel(err)
	}
	return err
}

// errorLog writes failed deliveries to the program's log.
type errorLog struct{ log *slog.Logger }

// HandleError logs a failed try; the queue decides when the next one is.
func (h *errorLog) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if !errors.Is(err, context.Canceled) {
		h.log.Error("event not delivered", "job", job.ID, "attempt", job.Attempt, "error", err)
	}
	return nil
}

// HandlePanic logs a listener's panic; it counts as a failed try.
func (h *errorLog) HandlePanic(_ context.Context, job *rivertype.JobRow, panicked any, trace string) *river.ErrorHandlerResult {
	h.log.Error("listener panicked", "job", job.ID, "panic", panicked, "trace", trace)
	return nil
}

// Pause keeps a queue's events waiting, in all processes, until Resume: a benchmark
// measures listeners one after the other.
func (b *Bus) Pause(ctx context.Context, queue string) error {
	return b.client.QueuePause(ctx, queue, nil)
}

// Resume lets a paused queue's events be delivered again.
func (b *Bus) Resume(ctx context.Context, queue string) error {
	return b.client.QueueResume(ctx, queue, nil)
}
