package learning

import (
	"context"
	"database/sql"
	"slices"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
)

// reference is a statement about a statement.
type reference struct {
	target xapi.UUID
	seq    int64
	voids  int64 // as the column says
}

// The values of reference.voids.
const (
	voidsNothing = iota
	voidsOwn
	voidsAny
)

// linked is a statement that others are about, or that is about others: of this commit,
// or kept before and then changed in what it is found by.
type linked struct {
	id     xapi.UUID
	seq    int64
	client int64
	keys   []xapi.Key
	voided bool
	voids  bool // takes another one back, and so can not be taken back itself
	fresh  *entry
	added  []xapi.Key // of one that is kept
}

// links follow the references of statements: one about another is found by what that one
// is found by (1.0.3 part 3 §2.1.3), whichever came first, and one may be voided.
type links struct {
	press  *press
	ledger *ledger
	fresh  []*entry
	byID   map[xapi.UUID]*linked
	bySeq  map[int64]*linked
	to     map[xapi.UUID][]reference // references to statements that were looked up
	news   []reference
}

func newLinks(p *press, l *ledger, fresh []*entry) *links {
	return &links{press: p, ledger: l, fresh: fresh, byID: map[xapi.UUID]*linked{}, bySeq: map[int64]*linked{}, to: map[xapi.UUID][]reference{}}
}

// follow gives every statement the keys of those that it is about.
func (k *links) follow(ctx context.Context, tx *sql.Tx) error {
	ids := make([]xapi.UUID, len(k.fresh))
	for i, e := range k.fresh {
		ids[i] = e.statement.ID
	}
	if err := selectReferences(ctx, tx, ids, k.to); err != nil {
		return err
	}
	for _, e := range k.fresh {
		target, _, refers := e.statement.Refers()
		node := &linked{id: e.statement.ID, seq: e.seq, client: e.client.ID, keys: e.keys, voids: e.statement.Voids(), fresh: e}
		k.byID[node.id], k.bySeq[node.seq] = node, node
		for _, ref := range k.to[node.id] { // those that were about it before it came
			if err := k.join(ctx, tx, ref, node); err != nil {
				return err
			}
		}
		if !refers {
			continue
		}
		ref := reference{target, e.seq, e.power()}
		k.news = append(k.news, ref)
		if err := k.refer(ctx, tx, ref); err != nil {
			return err
		}
	}
	for _, node := range k.byID {
		if node.fresh != nil {
			node.fresh.keys, node.fresh.voided = node.keys, node.voided
		}
	}
	return nil
}

// power is what the statement can take back.
func (e *entry) power() int64 {
	switch {
	case !e.statement.Voids():
		return voidsNothing
	case e.client.May(All):
		return voidsAny
	}
	return voidsOwn
}

// refer notes a new reference and joins it with its target, when that is there.
func (k *links) refer(ctx context.Context, tx *sql.Tx, ref reference) error {
	if _, looked := k.to[ref.target]; !looked {
		if err := selectReferences(ctx, tx, []xapi.UUID{ref.target}, k.to); err != nil {
			return err
		}
	}
	k.to[ref.target] = append(k.to[ref.target], ref)
	target, err := k.find(ctx, tx, ref.target)
	if err != nil || target == nil {
		return err
	}
	return k.join(ctx, tx, ref, target)
}

// join lets a reference have its effect on both statements.
func (k *links) join(ctx context.Context, tx *sql.Tx, ref reference, target *linked) error {
	from, err := k.number(ctx, tx, ref.seq)
	if err != nil {
		return err
	}
	if ref.voids == voidsAny || ref.voids == voidsOwn && from.client == target.client {
		k.void(target)
	}
	return k.extend(ctx, tx, from, target.keys, 0)
}

// void takes a statement back; one that voids stays (1.0.3 part 2 §2.3.2).
func (k *links) void(target *linked) {
	if target.voids || target.voided {
		return
	}
	target.voided = true
	target.add(xapi.KeyVoided)
}

// maxChain bounds how far keys travel along statements about statements.
const maxChain = 16

// extend lets a statement be found by more, and those that are about it.
func (k *links) extend(ctx context.Context, tx *sql.Tx, node *linked, keys []xapi.Key, depth int) error {
	grew := false
	for _, key := range keys {
		if key != xapi.KeyVoided && !slices.Contains(node.keys, key) {
			node.add(key)
			grew = true
		}
	}
	if !grew || depth == maxChain {
		return nil
	}
	if _, looked := k.to[node.id]; !looked {
		if err := selectReferences(ctx, tx, []xapi.UUID{node.id}, k.to); err != nil {
			return err
		}
	}
	for _, ref := range k.to[node.id] {
		from, err := k.number(ctx, tx, ref.seq)
		if err != nil {
			return err
		}
		if err := k.extend(ctx, tx, from, node.keys, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (n *linked) add(key xapi.Key) {
	n.keys = append(n.keys[:len(n.keys):len(n.keys)], key)
	if n.fresh == nil {
		n.added = append(n.added, key)
	}
}

// find returns the statement with an id, or nil.
func (k *links) find(ctx context.Context, tx *sql.Tx, id xapi.UUID) (*linked, error) {
	if node := k.byID[id]; node != nil {
		return node, nil
	}
	row, err := k.press.selectStatement(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return k.load(row)
}

// number returns the statement with a number.
func (k *links) number(ctx context.Context, tx *sql.Tx, seq int64) (*linked, error) {
	if node := k.bySeq[seq]; node != nil {
		return node, nil
	}
	row, err := k.press.selectNumber(ctx, tx, seq)
	if err != nil {
		return nil, err
	}
	return k.load(row)
}

func (k *links) load(row statementRow) (*linked, error) {
	s, err := xapi.Read(row.Body)
	if err != nil {
		return nil, err
	}
	node := &linked{id: s.ID, seq: row.seq, client: row.client, keys: row.keys, voided: row.voided, voids: s.Voids()}
	k.byID[node.id], k.bySeq[node.seq] = node, node
	return node, nil
}

// save writes the new references, and what statements that were kept before are found by.
func (k *links) save(ctx context.Context, tx *sql.Tx) error {
	if err := insertReferences(ctx, tx, k.news); err != nil {
		return err
	}
	for _, node := range k.bySeq {
		if len(node.added) == 0 {
			continue
		}
		if err := updateStatement(ctx, tx, node.seq, node.keys, node.voided); err != nil {
			return err
		}
		segment, offset := segmentOf(node.seq)
		if segment >= k.ledger.sealed {
			k.ledger.changes++ // those who have it in memory read it again
			continue
		}
		for _, key := range node.added {
			if err := extendPosting(ctx, tx, key, segment, offset); err != nil {
				return err
			}
		}
	}
	return nil
}
