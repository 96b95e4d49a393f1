package bus

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tidewaiter/internal/store"
)

// takeOver makes available what a dead process of this machine held as running, so
// that nobody waits for the queue's own, slow rescue. Processes of other machines
// are left to that.
func (b *Bus) takeOver(ctx context.Context) error {
	clients := `json(attempted_by)` // SQLite keeps the list in its binary form of JSON
	if b.db.Dialect == store.Postgres {
		clients = `attempted_by::text`
	}
	rows, err := b.db.Write.QueryContext(ctx, `SELECT id, `+clients+` FROM river_job WHERE state = 'running'`)
	if err != nil {
		return fmt.Errorf("look for jobs left behind: %w", err)
	}
	defer rows.Close()
	var dead []int64
	for rows.Next() {
		var id int64
		var by sql.NullString
		if err := rows.Scan(&id, &by); err != nil {
			return err
		}
		if isDead(by.String) {
			dead = append(dead, id)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, id := range dead {
		if _, err := b.db.Write.ExecContext(ctx,
			`UPDATE river_job SET state = 'available' WHERE id = $1 AND state = 'running'`, id); err != nil {
			return fmt.Errorf("take over job %d: %w", id, err)
		}
		b.log.Info("took over a job that a killed process held", "job", id)
	}
	return nil
}

// isDead reports whether the last of the clients in a list such as
// ["host/12","host/34"] or {host/12} ran on this machine and is gone.
func isDead(clients string) bool {
	names := strings.FieldsFunc(clients, func(r rune) bool { return strings.ContainsRune(`[]{}", `, r) })
	if len(names) == 0 {
		return false
	}
	last := names[len(names)-1]
	slash := strings.LastIndexByte(last, '/')
	if host, _ := os.Hostname(); slash < 0 || last[:slash] != host {
		return false
	}
	pid, err := strconv.Atoi(last[slash+1:])
	if err != nil {
		return false
	}
	// Our own number is that of a process before a restart of the machine.
	return pid == os.Getpid() || syscall.Kill(pid, 0) == syscall.ESRCH
}

// Load is how much the bus has to do.
type Load struct {
	Waiting  int // deliveries that are due or under way
	Retrying int // deliveries that failed and will be tried again
	Refused  int // deliveries that were refused or given up, and wait for a person
}

// Load returns how much there is to do.
func (b *Bus) Load(ctx context.Context) (l Load, err error) {
	err = b.db.Read.QueryRowContext(ctx, `SELECT
		count(CASE WHEN state IN ('available', 'pending', 'running') THEN 1 END),
		count(CASE WHEN state IN ('retryable', 'scheduled') THEN 1 END),
		count(CASE WHEN state IN ('cancelled', 'discarded') THEN 1 END)
		FROM river_job WHERE state <> 'completed'`).Scan(&l.Waiting, &l.Retrying, &l.Refused)
	return l, err
}

// patience is how long Drain waits for deliveries that fail.
const patience = time.Minute

// Drain waits until every delivery is done, calling progress with what is left.
// The bus must have been started. It gives up when deliveries keep failing.
func (b *Bus) Drain(ctx context.Context, progress func(left int)) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	lastWork := time.Now()
	for {
		load, err := b.Load(ctx)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(load.Waiting + load.Retrying)
		}
		switch {
		case load.Waiting > 0:
			lastWork = time.Now()
		case load.Retrying == 0:
			return nil
		case time.Since(lastWork) > patience:
			return fmt.Errorf("%d deliveries keep failing; the log says why", load.Retrying)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
