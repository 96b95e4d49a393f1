package casework

import (
	"slices"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
)

// State is where a case stands.
type State string

// States of a case.
const (
	Proposed      State = "proposed"       // by a rule, the random draw or a message; nobody has decided yet
	Selected      State = "selected"       // an officer works on it
	Held          State = "held"           // the goods may not leave
	AtScan        State = "at-scan"        // on the way to or at the scanner
	AtExamination State = "at-examination" // on the way to or at the examination
	Reopened      State = "reopened"       // was concluded, and is worked on again
	Closed        State = "concluded"      // decided: see Conclusion
)

// States lists the states in the order in which pages show them.
var States = []State{Proposed, Selected, Held, AtScan, AtExamination, Reopened, Closed}

// Open reports whether something is still to be decided.
func (s State) Open() bool { return s != Closed }

// Origin is what brought a case about.
type Origin string

// Origins of a case.
const (
	FromQueue   Origin = "queue"   // an officer took it from the queue
	ByRule      Origin = "rule"    // a rule of the unit
	ByDraw      Origin = "draw"    // the random draw
	FromMessage Origin = "message" // another unit or agency asked
	ByHand      Origin = "hand"    // an officer, for a reason outside of the queue
)

// Origins lists the origins.
var Origins = []Origin{FromQueue, ByRule, ByDraw, FromMessage, ByHand}

// Ending is how a case was concluded.
type Ending string

// Endings of a case.
const (
	Released Ending = "released" // the goods may go
	Found    Ending = "found"    // something was found, and is recorded as an outcome
	Referred Ending = "referred" // another authority goes on with it
)

// Endings lists the endings.
var Endings = []Ending{Released, Found, Referred}

// Conclusion is how and why a case was concluded.
type Conclusion struct {
	Ending     Ending `json:"ending"`
	Reason     Reason `json:"reason"`
	ReferredTo string `json:"referred_to,omitempty"` // the authority, when referred
}

// Case is everything the unit knows of a case. It is what Replay makes of its acts.
type Case struct {
	ID      int64
	Scope   cargo.ScopeID
	Number  string // such as KGOSS-PCU-2026-0042
	Title   string
	State   State
	Origin  Origin
	Because string // the rule's title, or what the message or the officer said
	Version int    // counts the acts that changed the case; an act names the one it saw

	Hold        Reason     // why the goods are held, in state Held
	Conclusion  Conclusion // the last one; zero until the case was concluded
	Reopenings  int
	Owner       int64 // officer; 0 for nobody
	OpenedBy    int64 // officer; 0 for a rule or the draw
	OpenedAt    time.Time
	ChangedAt   time.Time // of the last act of any kind
	ConcludedAt time.Time // zero while the case is open
	Deadline    time.Time // zero for none

	Consignments []Member
	Watchers     []int64 // officers, in order of id
	Notes        []Note
	Tasks        []Task
	Attachments  []Attachment
	Examination  Examination
	Outcomes     []OutcomeVersion // all versions in the order of recording
	SetAside     []SetAside
	Acts         []Act // oldest first
}

// Member is a consignment in a case.
type Member struct {
	Basis
	Selection Selection // how it came into the case
	Removed   bool      // taken out of the case again
}

// Selection is why a consignment was chosen, for what outcomes teach.
type Selection string

// Selections of a consignment.
const (
	ByEngine  Selection = "engine"  // its score gave it the channel examine
	AtRandom  Selection = "draw"    // the random draw, whatever the score
	ByOfficer Selection = "officer" // an officer, where the score did not ask for it
	RuleMade  Selection = "rule"
	Requested Selection = "message"
)

// Selections lists the selections.
var Selections = []Selection{ByEngine, AtRandom, ByOfficer, RuleMade, Requested}

// selection returns how a consignment of a case with the origin was chosen. What the
// draw chose is a part of the random sample, whoever took it up.
func selection(o Origin, b Basis) Selection {
	switch {
	case b.Random:
		return AtRandom
	case o == ByRule:
		return RuleMade
	case o == FromMessage:
		return Requested
	case b.Channel == risk.Examine:
		return ByEngine
	}
	return ByOfficer
}

// Basis is what was known of a consignment when somebody decided about it.
type Basis struct {
	Consignment int64        `json:"consignment"`
	Version     int          `json:"version"` // of the consignment that was assessed
	Document    string       `json:"document"`
	Assessed    bool         `json:"assessed"` // false: no assessment yet, and the score says nothing
	Score       risk.LogOdds `json:"score"`
	Channel     risk.Channel `json:"channel,omitempty"`
	High        bool         `json:"high,omitempty"`      // channel examine, or a score from the unit's floor of examinations on
	Random      bool         `json:"random,omitempty"`    // chosen by the random draw
	Withdrawn   bool         `json:"withdrawn,omitempty"` // the sender has cancelled the document
	Inclusion   float64      `json:"inclusion,omitempty"` // probability of being chosen by the draw, 0 to 1
	Indicators  []string     `json:"indicators,omitempty"`
	Mode        cargo.Mode   `json:"mode,omitempty"`
	Loading     string       `json:"loading,omitempty"`   // UN/LOCODE
	Unloading   string       `json:"unloading,omitempty"` // UN/LOCODE
	Consignor   string       `json:"consignor,omitempty"`
	Consignee   string       `json:"consignee,omitempty"`
	Equipment   []string     `json:"equipment,omitempty"` // container numbers
	Arrival     time.Time    `json:"arrival,omitzero"`
	Received    time.Time    `json:"received,omitzero"`
}

// Present returns the consignments that are in the case now.
func (c *Case) Present() []Member {
	return slices.DeleteFunc(slices.Clone(c.Consignments), func(m Member) bool { return m.Removed })
}

// Member returns the consignment of the case, or false when it isn't in it now.
func (c *Case) Member(consignment int64) (Member, bool) {
	for _, m := range c.Consignments {
		if m.Consignment == consignment && !m.Removed {
			return m, true
		}
	}
	return Member{}, false
}

// Score returns the highest score of the consignments, and false when none is assessed.
func (c *Case) Score() (best risk.LogOdds, known bool) {
	for _, m := range c.Present() {
		if m.Assessed && (!known || m.Score > best) {
			best, known = m.Score, true
		}
	}
	return best, known
}

// Note is what an officer wrote into a case.
type Note struct {
	Seq      int // of its act
	Officer  int64
	At       time.Time
	Text     string
	Mentions []int64 // officers
	Addendum bool    // written after the conclusion
}

// Task is something to be done for a case.
type Task struct {
	Seq     int // of the act that added it: its number in the case
	Officer int64
	At      time.Time
	Text    string
	For     int64     // the officer who is to do it; 0 for anybody
	Due     time.Time // zero for no date
	Done    bool
	DoneBy  int64
	DoneAt  time.Time
}

// Attachment is a photo or paper. Its bytes are kept as evidence under their hash.
type Attachment struct {
	Seq       int       `json:"-"` // of its act: its number in the case
	Officer   int64     `json:"-"`
	At        time.Time `json:"-"`
	Upload    `json:"upload"`
	Hash      string    `json:"hash"` // SHA-256, hexadecimal
	Size      int64     `json:"size"`
	MediaType string    `json:"media_type"`           // as its bytes say
	Thumb     string    `json:"thumb,omitempty"`      // hash of the thumbnail; "" for a paper
	Width     int       `json:"width,omitempty"`      // pixels, for a picture
	Height    int       `json:"height,omitempty"`     //
	Taken     time.Time `json:"taken,omitzero"`       // by the camera; zero when the file does not say
	ZoneKnown bool      `json:"zone_known,omitempty"` // Taken is a moment; otherwise the camera's clock, in UTC's place
	Located   bool      `json:"located,omitempty"`    // the file says where it was taken
	Latitude  float64   `json:"latitude,omitempty"`   // degrees, WGS 84
	Longitude float64   `json:"longitude,omitempty"`  //
	Camera    string    `json:"camera,omitempty"`     // maker and model
}

// Upload is what the sender says of an attachment.
type Upload struct {
	Name        string    `json:"name"` // of the file, without folders
	Caption     string    `json:"caption,omitempty"`
	Consignment int64     `json:"consignment,omitempty"`
	Item        string    `json:"item,omitempty"` // id of a checklist item
	ClientAt    time.Time `json:"client_at,omitzero"`
}

// SetAside is an act that came too late: somebody else had changed the case since its
// author saw it. It was not done, and is kept until somebody decides.
type SetAside struct {
	Seq       int // of the act that set it aside: its number in the case
	Officer   int64
	At        time.Time
	Act       Kind
	Saw       int // the version that the author saw
	Body      []byte
	Applied   bool
	Dismissed bool
	Words     string // why it was dismissed
	ClosedBy  int64
	ClosedAt  time.Time
}

// Waiting reports whether somebody has still to decide about it.
func (s SetAside) Waiting() bool { return !s.Applied && !s.Dismissed }
