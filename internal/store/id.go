package store

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// epoch is where the ids begin: 2026-01-01 UTC, in milliseconds.
const epoch = 1_767_225_600_000

var idCounter atomic.Uint64

func init() {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	idCounter.Store(binary.LittleEndian.Uint64(b[:]))
}

// NewID returns an identifier that no other process draws: 41 bits of milliseconds,
// then 22 of a counter that starts at random. Ids sort by time of birth, so that
// rows are appended to their table, and a batch knows its ids before it is inserted.
func NewID() int64 {
	ms := uint64(time.Now().UnixMilli() - epoch)
	return int64(ms<<22 | idCounter.Add(1)&(1<<22-1))
}

// IDAt returns an id that every id drawn before t is below.
func IDAt(t time.Time) int64 { return int64(uint64(max(0, t.UnixMilli()-epoch)) << 22) }
