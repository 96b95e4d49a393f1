package casework

import (
	"cmp"
	"slices"
	"time"
)

// Examination is how the goods are looked at: where and by whom, and what was seen.
type Examination struct {
	Plan  *Plan
	Items []Item // the checklist, in the order in which one walks around the goods
}

// Plan says where, when and by whom the goods are examined.
type Plan struct {
	Place string    `json:"place"`
	Team  []int64   `json:"team"` // officers
	At    time.Time `json:"at,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Words string    `json:"words,omitempty"` // tools, equipment, who opens
}

// Container is what a checklist is made for: the form of the box decides what can be seen.
type Container string

// Forms of container.
const (
	Dry     Container = "dry"
	Reefer  Container = "reefer"
	Tank    Container = "tank"
	OpenTop Container = "open-top"
	Flat    Container = "flat"
	Loose   Container = "loose" // no container: air cargo, break bulk
)

// Part is a chapter of the checklist.
type Part string

// Parts of the checklist, in their order. Pages look up "case.part.<part>".
const (
	PartIdentity  Part = "identity"  // is it the box of the papers?
	PartSeals     Part = "seals"     // View, Verify, Tug, Twist
	PartContainer Part = "container" // the seven points, or what the form of box has instead
	PartReefer    Part = "reefer"    // the cooling unit
	PartStructure Part = "structure" // false walls: measured
	PartWeight    Part = "weight"
	PartCargo     Part = "cargo"
	PartDocuments Part = "documents" // papers that travel with the goods
)

// Parts lists the parts in their order.
var Parts = []Part{PartIdentity, PartSeals, PartContainer, PartReefer, PartStructure, PartWeight, PartCargo, PartDocuments}

// Input is what an officer fills in for an item.
type Input string

// Inputs of an item. All of them have a state and words besides.
const (
	InputState   Input = "state"   // nothing more
	InputSeal    Input = "seal"    // a SealRecord
	InputMeasure Input = "measure" // a number in the item's Unit
)

// Item is one thing to look at.
type Item struct {
	ID          string   `json:"id"` // unique in the case, such as TGCU0235724/seal/SEAL77
	Part        Part     `json:"part"`
	Check       string   `json:"check"` // pages look up "case.check.<check>"
	Consignment int64    `json:"consignment"`
	Equipment   string   `json:"equipment,omitempty"` // container number
	Subject     string   `json:"subject,omitempty"`   // such as the seal's number on the papers
	Input       Input    `json:"input"`
	Unit        string   `json:"unit,omitempty"`    // mm or kg, of what is measured
	Expect      float64  `json:"expect,omitempty"`  // what it should measure at least or about; 0 when nobody knows
	Because     []string `json:"because,omitempty"` // indicators that ask for it; none for what is always looked at

	Entries []Entry `json:"-"` // in the order of the officers' clocks
}

// ItemState is what an officer says of an item.
type ItemState string

// States of an item.
const (
	ItemOpen        ItemState = "open"
	ItemInOrder     ItemState = "in-order"
	ItemNotInOrder  ItemState = "not-in-order" // needs words
	ItemNotPossible ItemState = "not-possible" // needs words
)

// ItemStates lists the states of an item.
var ItemStates = []ItemState{ItemOpen, ItemInOrder, ItemNotInOrder, ItemNotPossible}

// SealRecord is the record of View, Verify, Tug and Twist, and of the number on the seal.
type SealRecord struct {
	Number string `json:"number"` // as seen; empty when it can't be read, or when there is no seal
	View   bool   `json:"view"`   // looked at: seal and hasps undamaged
	Verify bool   `json:"verify"` // the number compared with the papers
	Tug    bool   `json:"tug"`    // pulled: it holds
	Twist  bool   `json:"twist"`  // turned: it does not unscrew
}

// Entry is what an officer filled in for an item, perhaps on a phone without a network.
type Entry struct {
	Item     string      `json:"item"`
	State    ItemState   `json:"state"`
	Words    string      `json:"words,omitempty"`
	Seal     *SealRecord `json:"seal,omitempty"`
	Measure  *float64    `json:"measure,omitempty"`
	ClientAt time.Time   `json:"client_at,omitzero"` // by the clock of the phone

	Seq     int       `json:"-"` // of its act
	Officer int64     `json:"-"`
	At      time.Time `json:"-"` // when it reached us
}

// when is the time that orders entries: of the phone, unless its clock is ahead of ours.
func (e Entry) when() time.Time {
	if e.ClientAt.IsZero() || e.ClientAt.After(e.At) {
		return e.At
	}
	return e.ClientAt
}

// State returns what the newest entry says.
func (i Item) State() ItemState {
	if len(i.Entries) == 0 {
		return ItemOpen
	}
	return i.Entries[len(i.Entries)-1].State
}

// Disputed reports whether officers say different things of the item: the last words of
// each of them count. Nobody's entry overwrites another's.
func (i Item) Disputed() bool {
	last := map[int64]ItemState{}
	for _, e := range i.Entries {
		last[e.Officer] = e.State
	}
	for _, s := range last {
		if s != i.State() {
			return true
		}
	}
	return false
}

// Short reports a measure that is lower than expected by more than the tape can err.
func (i Item) Short() bool {
	if len(i.Entries) == 0 || i.Expect == 0 {
		return false
	}
	m := i.Entries[len(i.Entries)-1].Measure
	return m != nil && *m < i.Expect*(1-tolerance)
}

// tolerance is how far a measure in the yard may be off.
const tolerance = 0.01

// Progress returns how many items have a state, and how many there are.
func (e Examination) Progress() (done, all int) {
	for _, i := range e.Items {
		if i.State() != ItemOpen {
			done++
		}
	}
	return done, len(e.Items)
}

// item returns the item of the id, or nil.
func (e *Examination) item(id string) *Item {
	for i := range e.Items {
		if e.Items[i].ID == id {
			return &e.Items[i]
		}
	}
	return nil
}

// enter adds the entry to its item in the order of the clocks.
func (e *Examination) enter(entry Entry) {
	item := e.item(entry.Item)
	if item == nil {
		return
	}
	item.Entries = append(item.Entries, entry)
	slices.SortStableFunc(item.Entries, func(a, b Entry) int {
		return cmp.Or(a.when().Compare(b.when()), cmp.Compare(a.Seq, b.Seq))
	})
}

// check returns a fault.Invalid when the entry does not fit the item.
func (e Entry) check(item *Item) error {
	if item == nil {
		return invalid("item", "the checklist has no item %q", e.Item)
	}
	if !slices.Contains(ItemStates, e.State) {
		return invalid("state", "choose what you saw: in order, not in order, or not possible")
	}
	if (e.State == ItemNotInOrder || e.State == ItemNotPossible) && e.Words == "" {
		return invalid("words", "say in words what you saw, or why it was not possible")
	}
	if e.Seal != nil && item.Input != InputSeal {
		return invalid("seal", "this item is no seal")
	}
	if e.Seal != nil && e.State == ItemInOrder && !(e.Seal.View && e.Seal.Verify && e.Seal.Tug && e.Seal.Twist) {
		return invalid("seal", "a seal is in order when it was viewed, verified, tugged and twisted")
	}
	if e.Measure != nil && (item.Input != InputMeasure || *e.Measure < 0 || *e.Measure > 1e7) {
		return invalid("measure", "a measure lies between 0 and 10,000,000 %s", item.Unit)
	}
	return checkLength("words", e.Words, maxWords)
}
