package app

import (
	"context"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/intake"
)

// watchInterval is how often a watched folder is looked at.
const watchInterval = 2 * time.Second

// Watch imports the files that arrive in folders until ctx ends. Each is given as
// CODE=DIR, the unit's code and the folder.
func (a *App) Watch(ctx context.Context, folders []string) error {
	for _, folder := range folders {
		code, dir, ok := strings.Cut(folder, "=")
		if !ok {
			return fault.New(fault.Invalid, "--watch %q names no unit", folder).WithHint("write it as CODE=DIR")
		}
		unitCtx, _, scope, err := a.Unit(ctx, code)
		if err != nil {
			return err
		}
		go func() {
			err := a.Imports.WatchFolder(unitCtx, dir, intake.Upload{Scope: scope.ID}, watchInterval)
			if err != nil && ctx.Err() == nil {
				a.Log.Error("watching a folder ended", "folder", dir, "error", err)
			}
		}()
	}
	return nil
}
