package exercise

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// world is the traffic of a task at a level.
type world struct {
	id          int64
	unit        int64
	fingerprint string
	key         string
	task        Task
	level       Level
	seed        uint64
	month       time.Time
	scope       int64 // 0 until there is traffic
	state       worldState
}

// worldState is how far a world is.
type worldState string

const (
	making worldState = "making"
	ready  worldState = "ready"
	failed worldState = "failed"
)

// worldOf returns a world of a task that none of the officers has seen: one that is there,
// or a new one that is ordered in the transaction. Worlds of a month are numbered by turns,
// so that officers who are as far as each other share theirs.
func (s *Exercises) worldOf(ctx context.Context, tx *sql.Tx, unit int64, o Offer, level Level, officers []int64) (int64, error) {
	month := monthAfter(s.Now())
	for turn := 0; ; turn++ {
		w := world{
			id: store.NewID(), unit: unit, key: o.Key, task: o.Task, level: level, month: month, state: making,
			fingerprint: o.Task.fingerprint(o.Key, level, turn, month), seed: o.Task.Seed + uint64(turn),
		}
		// The files of courses are public, and whoever has the seed can make the world with
		// its truth at home.
		if o.Task.Course != "" || o.Task.Seed == 0 {
			w.seed = o.Task.Seed ^ chance()
		}
		inserted, err := insertWorld(ctx, tx, w, s.Now())
		if err != nil {
			return 0, err
		}
		if inserted {
			return w.id, s.Bus.Announce(ctx, tx, Ordered{World: w.id})
		}
		id, state, err := selectWorldID(ctx, tx, unit, w.fingerprint)
		if err != nil {
			return 0, err
		}
		seen, err := hasRun(ctx, tx, id, officers)
		switch {
		case err != nil:
			return 0, err
		case seen:
		case state == failed:
			return id, s.orderAgain(ctx, tx, id)
		default:
			return id, nil
		}
	}
}

// orderAgain lets a world that could not be made be tried once more.
func (s *Exercises) orderAgain(ctx context.Context, tx *sql.Tx, id int64) error {
	if err := updateWorldState(ctx, tx, id, making); err != nil {
		return err
	}
	return s.Bus.Announce(ctx, tx, Ordered{World: id})
}

// prepare hears Ordered: it makes the world, or goes on where a killed process stopped. A
// world may be ordered twice.
func (s *Exercises) prepare(ctx context.Context, e Ordered) error {
	w, err := selectWorld(ctx, s.DB.Read, e.World)
	if err != nil || w.state != making {
		return err
	}
	truths, err := s.fill(ctx, &w)
	if fault.Is(err, fault.Invalid) { // another try would end the same
		return s.DB.InTx(ctx, func(tx *sql.Tx) error { return updateWorldState(ctx, tx, w.id, failed) })
	}
	if err != nil {
		// Not wrapped: whatever it is, it is ours to mend, and tried again until then.
		return fmt.Errorf("make the world %d: %v", w.id, err)
	}
	return s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := replaceTruths(ctx, tx, w.id, truths); err != nil {
			return err
		}
		return updateWorldState(ctx, tx, w.id, ready)
	})
}

// fill brings the world's traffic in.
func (s *Exercises) fill(ctx context.Context, w *world) ([]Truth, error) {
	if w.scope == 0 {
		scope, err := s.Traffic.Scope(ctx, w.unit, In(w.task.Title, "en"))
		if err != nil {
			return nil, err
		}
		if err := updateWorldScope(ctx, s.DB.Write, w.id, scope); err != nil {
			return nil, err
		}
		w.scope = scope
	}
	var told error
	truths, err := s.Traffic.Fill(ctx, w.scope, w.task.order(w.level, w.seed, w.month), func(done, total int) {
		told = errors.Join(told, updateWorldProgress(ctx, s.DB.Write, w.id, done, total))
	})
	return truths, errors.Join(err, told)
}

// ErrNoWorld is what Traffic.Fill says of an order that no traffic can hold.
var ErrNoWorld = fault.New(fault.Invalid, "no such traffic can be made")
