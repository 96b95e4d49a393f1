package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Chain is what a check of the trail finds. It is whole when Broken is empty. Whoever
// can rewrite the whole database can also rewrite the whole chain: note the Head and its
// Length elsewhere now and then, and compare.
type Chain struct {
	Length  int64 // sealed entries
	Head    string
	Waiting int64 // entries of the last second, not sealed yet
	Broken  []Break
}

// Break is a place where the trail is not what was sealed.
type Break struct {
	Seq   int64
	Entry int64
	Kind  BreakKind
}

// BreakKind says what is wrong.
type BreakKind string

// What may be wrong with the trail.
const (
	EntryAltered  BreakKind = "altered"  // an entry is not what was sealed
	EntryMissing  BreakKind = "missing"  // a sealed entry is gone
	SealMissing   BreakKind = "seal"     // a seal is gone, in the middle or at the end
	EntryInserted BreakKind = "inserted" // an entry that never waited to be sealed
)

// maxBreaks bounds the report on a trail that is wrong all over.
const maxBreaks = 100

// next returns the hash that seals the entry behind prev: SHA-256 over the previous hash
// and every field, each with its length, so that no two entries have the same bytes.
func (r auditRow) next(seq int64, prev string) string {
	h := sha256.New()
	num := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
	text := func(s string) {
		num(int64(len(s)))
		h.Write([]byte(s))
	}
	text(prev)
	for _, n := range []int64{seq, r.ID, r.At.UnixMicro(), r.Officer, r.Unit} {
		num(n)
	}
	for _, s := range []string{r.Act, r.ObjectKind, r.ObjectID, r.Detail, r.Address} {
		text(s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// write saves rows in a transaction of their own.
func (a *Audit) write(ctx context.Context, rows []auditRow) error {
	return a.db.InTx(ctx, func(tx *sql.Tx) error { return insertAudit(ctx, tx, rows) })
}

// seal links the entries that wait behind the head of the chain. Linking apart from
// recording keeps acts from waiting for one another on the head's row; the price is that
// an entry may be altered unseen for the half second until it is sealed.
func (a *Audit) seal(ctx context.Context) error {
	for {
		waiting, err := countPending(ctx, a.db.Read)
		if err != nil || waiting == 0 {
			return err
		}
		err = a.db.InTx(ctx, func(tx *sql.Tx) error { return a.sealBatch(ctx, tx) })
		if err != nil {
			return fmt.Errorf("seal the audit trail: %w", err)
		}
	}
}

func (a *Audit) sealBatch(ctx context.Context, tx *sql.Tx) error {
	seq, hash, err := lockHead(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := selectPending(ctx, tx, 500)
	if err != nil || len(rows) == 0 {
		return err
	}
	seals := make([]seal, len(rows))
	for i, r := range rows {
		seq++
		hash = r.next(seq, hash)
		seals[i] = seal{seq, r.ID, hash}
	}
	return insertSeals(ctx, tx, seals)
}

// seal is one link of the chain.
type seal struct {
	Seq   int64
	Entry int64
	Hash  string
}

// Verify reads the whole trail and compares it with its seals. Errors: fault.Denied.
func (a *Audit) Verify(ctx context.Context) (Chain, error) {
	if _, err := May(ctx, SeeAudit); err != nil {
		return Chain{}, err
	}
	length, head, err := selectHead(ctx, a.db.Read)
	if err != nil {
		return Chain{}, err
	}
	c := Chain{Length: length, Head: head}
	c.Waiting, err = countPending(ctx, a.db.Read)
	if err != nil {
		return c, err
	}
	want, prev := int64(1), ""
	err = selectChain(ctx, a.db.Read, length, func(s seal, r auditRow) {
		for ; want < s.Seq; want++ {
			c.broken(Break{Seq: want, Kind: SealMissing})
		}
		want = s.Seq + 1
		switch {
		case r.ID == 0:
			c.broken(Break{s.Seq, s.Entry, EntryMissing})
		case r.next(s.Seq, prev) != s.Hash:
			c.broken(Break{s.Seq, s.Entry, EntryAltered})
		}
		prev = s.Hash
	})
	if err != nil {
		return c, fmt.Errorf("verify the audit trail: %w", err)
	}
	for ; want <= length && len(c.Broken) < maxBreaks; want++ {
		c.broken(Break{Seq: want, Kind: SealMissing})
	}
	if prev != head && len(c.Broken) == 0 {
		c.broken(Break{Seq: length, Kind: EntryAltered})
	}
	inserted, err := selectUnsealed(ctx, a.db.Read, maxBreaks)
	for _, id := range inserted {
		c.broken(Break{Entry: id, Kind: EntryInserted})
	}
	return c, err
}

func (c *Chain) broken(b Break) {
	if len(c.Broken) < maxBreaks {
		c.Broken = append(c.Broken, b)
	}
}
