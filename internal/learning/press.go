package learning

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/s2"

	"tidewaiter/internal/store"
)

// press keeps statements small. They resemble each other more than themselves, so each is
// compressed by a dictionary of earlier ones: to a fifth or an eighth of its bytes, and
// readable by itself.
type press struct {
	mu      sync.Mutex
	dicts   map[int64]*s2.Dict
	current int64 // dictionary that is written with; 0: none has been chosen yet
	loaded  bool
	since   int // bytes that went in with it, and
	out     int // came out
}

const (
	dictionarySize = 48 << 10  // bytes of statements that make a dictionary
	dictionaryLife = 512 << 10 // bytes that are compressed before another one is thought of
	maxDicts       = 64        // that are held in memory
	dictID         = 8         // bytes of its number before what is compressed by it
)

// pack returns bodies as rows keep them. adopt is to be called once the transaction has
// ended well. Only one may pack at a time.
func (p *press) pack(ctx context.Context, tx *sql.Tx, bodies [][]byte) (rows [][]byte, adopt func(), err error) {
	id, dict, err := p.choose(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	fresh := id == 0
	if fresh {
		var sample []byte
		for _, b := range bodies {
			sample = append(sample, b[:min(len(b), dictionarySize-len(sample))]...)
		}
		if dict = s2.MakeDict(sample, nil); dict != nil {
			id = store.NewID()
			if err := insertDictionary(ctx, tx, id, dict.Bytes()); err != nil {
				return nil, nil, err
			}
		}
	}
	since, out := 0, 0
	rows = make([][]byte, len(bodies))
	for i, b := range bodies {
		rows[i] = binary.BigEndian.AppendUint64(make([]byte, 0, dictID+len(b)/4), uint64(id))
		if id == 0 {
			rows[i] = append(rows[i], b...)
		} else {
			rows[i] = append(rows[i], dict.Encode(nil, b)...)
		}
		since, out = since+len(b), out+len(rows[i])
	}
	return rows, func() { p.adopt(id, dict, fresh, since, out) }, nil
}

// choose returns the dictionary to write with; 0 when it is time for another one, as what
// comes now does not resemble what came before.
func (p *press) choose(ctx context.Context, q store.Querier) (int64, *s2.Dict, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.loaded {
		id, err := selectNewestDictionary(ctx, q)
		if err != nil {
			return 0, nil, err
		}
		p.current, p.loaded = id, true
	}
	if p.since > dictionaryLife && p.out > p.since*2/5 || p.current == 0 {
		return 0, nil, nil
	}
	dict, err := p.dict(ctx, q, p.current)
	return p.current, dict, err
}

func (p *press) adopt(id int64, dict *s2.Dict, fresh bool, since, out int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if fresh && id != 0 {
		p.remember(id, dict)
		p.current, p.since, p.out = id, 0, 0
	}
	if p.since > dictionaryLife { // what is old counts half
		p.since, p.out = p.since/2, p.out/2
	}
	p.since, p.out = p.since+since, p.out+out
}

// unpack is the inverse of pack.
func (p *press) unpack(ctx context.Context, q store.Querier, row []byte) ([]byte, error) {
	if len(row) < dictID {
		return nil, fmt.Errorf("the row of a statement has %d bytes", len(row))
	}
	id := int64(binary.BigEndian.Uint64(row))
	if id == 0 {
		return row[dictID:], nil
	}
	p.mu.Lock()
	dict, err := p.dict(ctx, q, id)
	p.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return dict.Decode(nil, row[dictID:])
}

// dict returns a dictionary; the caller holds the lock.
func (p *press) dict(ctx context.Context, q store.Querier, id int64) (*s2.Dict, error) {
	if dict := p.dicts[id]; dict != nil {
		return dict, nil
	}
	body, err := selectDictionary(ctx, q, id)
	if err != nil {
		return nil, err
	}
	dict := s2.NewDict(body)
	if dict == nil {
		return nil, fmt.Errorf("dictionary %d of statements is damaged", id)
	}
	p.remember(id, dict)
	return dict, nil
}

func (p *press) remember(id int64, dict *s2.Dict) {
	if p.dicts == nil || len(p.dicts) >= maxDicts {
		p.dicts = map[int64]*s2.Dict{}
	}
	p.dicts[id] = dict
}
