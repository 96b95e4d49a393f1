package evidence

import (
	"context"
	"time"

	"tidewaiter/internal/store"
)

// abandoned is the age from which pieces that belong to no kept file are left-overs of
// a process that was killed in the middle of an upload.
const abandoned = 24 * time.Hour

// Sweep deletes pieces of files whose upload was never finished, and returns how many.
// Nothing that was acknowledged is among them, nor what another process is keeping now.
func (f *Files) Sweep(ctx context.Context) (int64, error) {
	return deleteAbandoned(ctx, f.db.Write, store.IDAt(time.Now().Add(-abandoned)))
}
