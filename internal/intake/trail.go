package intake

import (
	"context"
	"fmt"
	"strconv"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Trail keeps who did what, in the transaction of the act.
type Trail interface {
	Record(ctx context.Context, tx store.Querier, e identity.Entry) error
}

// Acts on the trail.
const (
	actReceived  = "import.received"
	actConfirmed = "import.confirmed"
	actCancelled = "import.cancelled"
	actResumed   = "import.resumed"
	actMended    = "quarantine.mended"
	actDismissed = "quarantine.dismissed"
)

func (s *Imports) noteImport(ctx context.Context, tx store.Querier, act string, im *Import) error {
	return s.note(ctx, tx, act, "import", im.ID, map[string]any{"name": im.Name, "sha256": im.Hash, "sender": im.Sender, "via": im.Via})
}

func (s *Imports) note(ctx context.Context, tx store.Querier, act, kind string, id int64, detail any) error {
	err := s.trail.Record(ctx, tx, identity.Entry{Act: act, ObjectKind: kind, ObjectID: strconv.FormatInt(id, 10), Detail: detail})
	if err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}
