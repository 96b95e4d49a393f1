package intake

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// Folders below a watched one, to which its files are moved.
const (
	takenFolder  = "taken"
	failedFolder = "failed"
)

// settleTime is how long a file must not have changed before it is taken: a sender may
// still be writing it.
const settleTime = 2 * time.Second

// WatchFolder takes the files that arrive in a folder, until ctx ends. A file that was
// received is moved to taken/ below it, one that could not be to failed/; none is
// deleted. The folder is looked at every interval, which also works on network shares,
// where the system announces nothing.
func (s *Imports) WatchFolder(ctx context.Context, dir string, up Upload, interval time.Duration) error {
	for _, sub := range []string{takenFolder, failedFolder} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o750); err != nil {
			return fault.Wrap(fault.Invalid, err, "cannot watch the folder %s", dir)
		}
	}
	up.Via = ViaFolder
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := s.takeFolder(ctx, dir, up); err != nil && ctx.Err() == nil {
			s.log.Error("watched folder", "folder", dir, "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// takeFolder takes every file of the folder that has settled.
func (s *Imports) takeFolder(ctx context.Context, dir string, up Upload) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") || time.Since(info.ModTime()) < settleTime {
			continue
		}
		if err := s.takeFile(ctx, dir, e.Name(), up); err != nil { // the others do not wait for it
			s.log.Error("file of a watched folder not taken", "file", e.Name(), "error", err)
		}
	}
	return ctx.Err()
}

// takeFile receives one file and moves it away. When receiving fails for a reason of
// ours, such as a full disk, the file stays where it is and is tried again.
func (s *Imports) takeFile(ctx context.Context, dir, name string, up Upload) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return err
	}
	up.Name = name
	im, err := s.Receive(ctx, up, f)
	to := takenFolder
	switch {
	case fault.Is(err, fault.Invalid):
		s.log.Warn("file of a watched folder refused", "file", name, "error", err)
		to = failedFolder
	case err != nil:
		return fmt.Errorf("receive %s: %w", name, err)
	case im.State == Refused:
		to = failedFolder
	}
	after, statErr := f.Stat()
	if statErr != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return fmt.Errorf("%s changed while it was read, and is read again: %w", name, statErr)
	}
	target := filepath.Join(dir, to, name)
	if _, err := os.Stat(target); err == nil { // one of this name was here before
		target = filepath.Join(dir, to, time.Now().UTC().Format("20060102T150405.000000")+"-"+name)
	}
	return os.Rename(filepath.Join(dir, name), target)
}
