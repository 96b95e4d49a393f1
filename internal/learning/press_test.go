package learning

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"

	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// Bodies come back as they went in, by whoever reads them, and small where they resemble
// each other; when they come to be others, another dictionary is made.
func TestPress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := rand.New(rand.NewPCG(1, 2))
		writer, reader := &press{}, &press{}
		word := func(kind int) string { return fmt.Sprintf("%x ", sha256.Sum224([]byte{byte(kind), byte(r.IntN(200))})) }
		body := func(kind int) []byte {
			var b bytes.Buffer
			fmt.Fprintf(&b, "{%d:%d", kind, r.Uint64())
			for range 40 {
				b.WriteString(word(kind))
			}
			return b.Bytes()
		}
		in, out := map[int]int{}, map[int]int{}
		var bodies, rows [][]byte
		for n := range 200 {
			kind := n / 80 // what is sent changes twice
			var batch [][]byte
			for range 1 + r.IntN(20) {
				batch = append(batch, body(kind))
			}
			if n == 7 {
				batch = append(batch, nil, []byte("{}"))
			}
			err := db.InTx(t.Context(), func(tx *sql.Tx) error {
				packed, adopt, err := writer.pack(t.Context(), tx, batch)
				if err != nil {
					return err
				}
				adopt()
				for i, row := range packed {
					bodies, rows = append(bodies, batch[i]), append(rows, row)
					if n%80 > 60 {
						in[kind], out[kind] = in[kind]+len(batch[i]), out[kind]+len(row)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, row := range rows {
			got, err := reader.unpack(t.Context(), db.Read, row)
			if err != nil || !bytes.Equal(got, bodies[i]) {
				t.Fatalf("body %d of %d bytes came back as %d, %v", i, len(bodies[i]), len(got), err)
			}
		}
		for kind := range in {
			if out[kind] > in[kind]/2 {
				t.Errorf("kind %d: %d bytes became %d", kind, in[kind], out[kind])
			}
		}
		var dictionaries int
		if err := db.Read.QueryRow(`SELECT count(*) FROM learning_dictionaries`).Scan(&dictionaries); err != nil || dictionaries < 3 || dictionaries > 10 {
			t.Errorf("%d dictionaries, %v", dictionaries, err)
		}
		again := &press{} // after a restart, the last one goes on
		err := db.InTx(t.Context(), func(tx *sql.Tx) error {
			_, _, err := again.pack(t.Context(), tx, [][]byte{body(2)})
			return err
		})
		if err != nil || again.current != writer.current {
			t.Errorf("after a restart dictionary %d is written with, %v; want %d", again.current, err, writer.current)
		}
		for _, damaged := range [][]byte{nil, {1, 2}, rows[100][:12], append([]byte{9}, rows[100]...)} {
			if got, err := reader.unpack(t.Context(), db.Read, damaged); err == nil {
				t.Errorf("%d damaged bytes became %d", len(damaged), len(got))
			}
		}
	})
}
