package bus

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// takeOver makes available what a dead process of this machine held as running, so
// that nobody waits for the queue's own, slow rescue. Processes of other machines
// are left to that.
func (b *Bus) takeOver(ctx context.Context) error {
	rows, err := b.db.Write.QueryContext(ctx, `SELECT id, attempted_by FROM river_job WHERE state = 'running'`)
	if err != nil {
		return fmt.Errorf("look for jobs left behind: %w", err)
	}
	defer rows.Close()
	var dead []int64
	for rows.Next() {
		var id int64
		var by any
		if err := rows.Scan(&id, &by); err != nil {
			return err
		}
		if isDead(fmt.Sprintf("%s", by)) {
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
	host, _ := os.Hostname()
	at := strings.LastIndex(clients, host+"/")
	if at < 0 {
		return false
	}
	digits := clients[at+len(host)+1:]
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		digits = digits[:end]
	}
	pid, err := strconv.Atoi(digits)
	if err != nil || pid == os.Getpid() {
		return err == nil // our own number again, after a restart of the machine
	}
	return syscall.Kill(pid, 0) == syscall.ESRCH
}

// Pending returns how many deliveries are not done yet.
func (b *Bus) Pending(ctx context.Context) (n int, err error) {
	err = b.db.Read.QueryRowContext(ctx, `SELECT count(*) FROM river_job
		WHERE state IN ('available', 'pending', 'running', 'retryable', 'scheduled')`).Scan(&n)
	return n, err
}

// Drain waits until every delivery is done, calling progress with what is left.
// The bus must have been started.
func (b *Bus) Drain(ctx context.Context, progress func(left int)) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := b.Pending(ctx)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(left)
		}
		if left == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
