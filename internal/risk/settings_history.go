package risk

import (
	"context"
	"time"

	"tidewaiter/internal/cargo"
)

// SettingsNote is one version of a unit's settings in few words: who made it, when and
// why, and what it set besides weights and lists.
type SettingsNote struct {
	Version  int
	Reason   string
	Officer  int64
	At       time.Time
	Capacity Capacity
	Draw     Draw
}

// SettingsHistory returns the newest versions of a scope's settings, the latest first.
func (s *Assessments) SettingsHistory(ctx context.Context, scope cargo.ScopeID, limit int) ([]SettingsNote, error) {
	return selectSettingsHistory(ctx, s.db.Read, scope, limit)
}
