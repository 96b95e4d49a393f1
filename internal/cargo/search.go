package cargo

import (
	"context"
	"strings"

	"tidewaiter/internal/store"
)

// Kinds of search key, in the order in which hits are shown.
const (
	KeyDocument  = "document"
	KeyContainer = "container"
	KeyMaster    = "master"
	KeyMeans     = "means"
	KeySeal      = "seal"
)

// Hit is a consignment that a search found, and by what.
type Hit struct {
	Consignment int64
	Kind        string // one of the Key constants
	Value       string
}

// PartyHit is a party whose name a search found.
type PartyHit struct {
	ID      int64
	Name    string
	City    string
	Country string
}

// searchKey is one value by which a consignment is found.
type searchKey struct{ kind, value string }

// searchKeys returns every number by which an officer may look for the consignment.
func searchKeys(c *Consignment) []searchKey {
	var keys []searchKey
	add := func(kind, value string) {
		value = squeeze(value)
		if len(value) < 3 || len(value) > 60 {
			return
		}
		for _, k := range keys {
			if k == (searchKey{kind, value}) {
				return
			}
		}
		keys = append(keys, searchKey{kind, value})
	}
	add(KeyDocument, c.Document.Number)
	add(KeyMaster, c.Document.Master)
	add(KeyMeans, c.Transport.ID)
	for i := range c.Equipment {
		add(KeyContainer, c.Equipment[i].Number)
		for _, s := range c.Equipment[i].Seals {
			add(KeySeal, s.Number)
		}
	}
	for i := range c.Goods {
		for _, n := range c.Goods[i].Equipment {
			add(KeyContainer, n)
		}
	}
	return keys
}

// Find returns at most limit consignments of the scope that have a document,
// container, seal or means whose number begins with text.
func (s *Consignments) Find(ctx context.Context, scope ScopeID, text string, limit int) ([]Hit, error) {
	prefix := squeeze(text)
	if len(prefix) < 3 {
		return nil, nil
	}
	return selectKeys(ctx, s.db.Read, scope, prefix, limit)
}

// FindParties returns at most limit parties of the scope whose names hold every word
// of text, the last one as a beginning.
func (s *Consignments) FindParties(ctx context.Context, scope ScopeID, text string, limit int) ([]PartyHit, error) {
	words := strings.Fields(NormalName(text))
	if len(words) == 0 || len(words[len(words)-1]) < 2 {
		return nil, nil
	}
	return selectParties(ctx, s.db.Read, scope, words, limit)
}

// LatestImport returns the import that brought the newest version of a document, or 0.
// Imports have rising numbers.
func (s *Consignments) LatestImport(ctx context.Context, q store.Querier, scope ScopeID, documentKey string) (int64, error) {
	return selectLatestImport(ctx, q, scope, documentKey)
}

// Party returns a party of the scope, or fault.NotFound.
func (s *Consignments) Party(ctx context.Context, scope ScopeID, id int64) (PartyHit, error) {
	return selectParty(ctx, s.db.Read, scope, id)
}

// PartyIDs returns the ids under which the parties of the consignments are found, by
// consignment and role; a role that is not stated has none.
func (s *Consignments) PartyIDs(ctx context.Context, q store.Querier, scope ScopeID, cs []*Consignment) (map[int64]map[PartyRole]int64, error) {
	return selectPartyIDs(ctx, q, scope, cs)
}
