package bus_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// What a killed process of this machine held is delivered after the next start; what
// another machine holds is left to it.
func TestTakeOver(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for clients, taken := range map[string]bool{
		host + "/999999999":                      true,
		"elsewhere/1 " + host + "/999999999":     true,
		"elsewhere/999999999":                    false,
		host + "/999999999 elsewhere/999999999":  false,
		"else" + host + "/999999999":             false,
		fmt.Sprintf("%s/%d", host, os.Getppid()): false,
	} {
		t.Run(clients, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				var ships heard
				hold(t, db, clients)
				b := storetest.StartBus(t, db, func(b *bus.Bus) {
					bus.Subscribe(b, "a", "first", func(_ context.Context, e landed) error {
						ships.add(e.Ship)
						return nil
					})
				})
				if !taken {
					load, err := b.Load(context.Background())
					if err != nil || load.Waiting != 1 {
						t.Errorf("load %+v: %v", load, err)
					}
					return
				}
				storetest.Drain(t, b)
				if len(ships.ships) != 1 {
					t.Error("the job was not taken over")
				}
			})
		})
	}
}

// hold announces an event and marks its job as running, last at the last of the clients.
func hold(t *testing.T, db *store.DB, clients string) {
	t.Helper()
	ctx := context.Background()
	before := bus.New(db, slog.New(slog.DiscardHandler))
	bus.Subscribe(before, "a", "first", func(context.Context, landed) error { return nil })
	if err := before.Open(); err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(ctx, func(tx *sql.Tx) error { return before.Announce(ctx, tx, landed{"Mary Celeste"}) }); err != nil {
		t.Fatal(err)
	}
	list := `jsonb('["' || replace($1, ' ', '","') || '"]')`
	if db.Dialect == store.Postgres {
		list = `string_to_array($1, ' ')`
	}
	_, err := db.Write.ExecContext(ctx, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = created_at, attempted_by = `+list, clients)
	if err != nil {
		t.Fatal(err)
	}
}
