package risk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
)

// Settings are what a unit may set.
type Settings struct {
	Base    LogOdds            `json:"base"`              // log-odds of a consignment of which nothing is known
	Weights map[string]LogOdds `json:"weights,omitempty"` // in place of an indicator's own; 0 turns it off
	Lists   Lists              `json:"lists"`
	Home    string             `json:"home,omitempty"` // the unit's country, ISO 3166-1 alpha-2
	Places  PlaceLookup        `json:"-"`              // nil: places are known by their country only
	Owners  OwnerLookup        `json:"-"`              // nil: no container prefix is called unknown
}

// PlaceLookup returns what is known of a UN/LOCODE. It must be pure, quick and safe
// for concurrent use.
type PlaceLookup func(code string) (PlaceFacts, bool)

// OwnerLookup reports whether a container prefix, such as MSCU, is registered.
type OwnerLookup func(prefix string) bool

// PlaceFacts is what the engine asks of a place.
type PlaceFacts struct {
	Name                  string
	Lat, Lon              float64
	Located               bool // Lat and Lon are known
	Port, Rail, Road, Air bool
	Functions             bool // the functions above are known
}

// DefaultSettings are the program's: a base of about 2 in 100, all indicators, the
// default lists.
func DefaultSettings() Settings { return Settings{Base: -4, Lists: DefaultLists()} }

// Engine assesses consignments. It is immutable and safe for concurrent use.
type Engine struct {
	base        LogOdds
	home        string
	weights     []LogOdds // by indicator
	families    []int
	tables      *tables
	places      PlaceLookup
	owners      OwnerLookup
	fingerprint string
	views       sync.Pool
}

// NewEngine checks the settings and makes an engine of them. Faults of weights and
// lists are fault.Invalid.
func NewEngine(s Settings) (*Engine, error) {
	if s.Lists.rows == nil {
		s.Lists = DefaultLists()
	}
	if err := s.Lists.Validate(); err != nil {
		return nil, err
	}
	if !isStep(s.Base) {
		return nil, fault.New(fault.Invalid, "base %v is not a multiple of %v between -20 and 20", s.Base, Step)
	}
	if why := checkCountry(s.Home); s.Home != "" && !why.IsZero() {
		return nil, fault.New(fault.Invalid, "home country %q %s", s.Home, why)
	}
	e := &Engine{base: s.Base, home: s.Home, tables: compile(s.Lists), places: s.Places, owners: s.Owners}
	known := map[string]bool{}
	family := map[string]int{"": 0}
	for _, in := range indicators {
		known[in.ID] = true
		w, ok := s.Weights[in.ID]
		if !ok {
			w = in.Weight
		}
		if !isStep(w) {
			return nil, fault.New(fault.Invalid, "weight %v of indicator %s is not a multiple of %v between -20 and 20", w, in.ID, Step)
		}
		if _, ok := family[in.Family]; !ok {
			family[in.Family] = len(family)
		}
		e.weights, e.families = append(e.weights, w), append(e.families, family[in.Family])
	}
	for id := range s.Weights {
		if !known[id] {
			return nil, fault.New(fault.Invalid, "there is no indicator %q to weigh", id)
		}
	}
	e.fingerprint = fingerprint(s, e.weights)
	e.views.New = func() any { return new(View) }
	return e, nil
}

func isStep(w LogOdds) bool { return w >= -20 && w <= 20 && Round(float64(w)) == w }

// engineVersion changes with the code of indicators, so that a fingerprint names the
// rules as well as their settings.
const engineVersion = "2"

func fingerprint(s Settings, weights []LogOdds) string {
	lists, _ := json.Marshal(s.Lists) // map keys are sorted; strings always marshal
	set, _ := json.Marshal(struct {
		Version, Home string
		Base          LogOdds
		Weights       []LogOdds
	}{engineVersion, s.Home, s.Base, weights})
	h := sha256.New()
	h.Write(set)
	h.Write(lists)
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Fingerprint names the rules, weights and lists: equal fingerprints assess equally.
func (e *Engine) Fingerprint() string { return e.fingerprint }

// Base returns the log-odds of a consignment of which nothing is known.
func (e *Engine) Base() LogOdds { return e.base }

// Assess returns what the indicators find in the consignment, given the past. How
// much each counts is corrected by how often it fires in the past (see rarity.go). The
// document's own earlier observation in the past is left out of account. Where
// several indicators of a family speak, the strongest counts in full, the next one
// half, the one after it a quarter, and so on: they often see one cause.
//
// A withdrawn version, which its sender has cancelled, moves nothing: it has no
// findings and the score is the base. It is remembered all the same, because a bill
// that is withdrawn and replaced by another is a thing to see in the other.
func (e *Engine) Assess(c *cargo.Consignment, past Past) Assessment {
	v := e.views.Get().(*View)
	v.fill(e, c, past)
	v.remember()
	a := e.judge(v)
	v.release()
	e.views.Put(v)
	return a
}

// judge asks every indicator and adds up what they say.
func (e *Engine) judge(v *View) Assessment {
	v.test(e)
	for i := range v.fired {
		v.fired[i].weigh(v)
	}
	slices.SortFunc(v.fired, byContribution)
	damp(v.fired)
	a := Assessment{Base: e.base, Score: e.base, Engine: e.fingerprint, Findings: make([]Finding, len(v.fired))}
	for i := range v.fired {
		a.Findings[i] = v.fired[i].Finding
		a.Score += a.Findings[i].Contribution
	}
	return a
}

// test runs all indicators that are not turned off.
func (v *View) test(e *Engine) {
	v.fired = v.fired[:0]
	if v.C.Withdrawn {
		return
	}
	for i := range indicators {
		if e.weights[i] == 0 {
			continue
		}
		h := indicators[i].Test(v)
		if h.Strength == 0 || len(h.Evidence) == 0 {
			continue
		}
		h.Strength = min(h.Strength, maxStrength)
		if points := float64(e.weights[i]) * h.Strength; Round(points) != 0 {
			v.fired = append(v.fired, fired{Finding{indicators[i].ID, 0, h.Evidence}, e.families[i], h.Strength, points})
		}
	}
}

// weigh sets the contribution, and says in a last piece of evidence what the unit's
// own traffic made of it.
func (f *fired) weigh(v *View) {
	rarity, n, of := v.rarity(fireCode(f.Indicator), f.strength)
	f.Contribution = weighed(f.points, rarity)
	own := Round(f.points)
	if f.Contribution == own {
		return
	}
	note := "common"
	if f.Contribution > own {
		note = "rare"
	}
	f.Evidence = append(f.Evidence, evidence(f.Evidence[0].Field, f.Evidence[0].Value, note, strconv.Itoa(n),
		strconv.Itoa(of), own.points(), f.Contribution.points()))
}

// maxStrength bounds what a single indicator may say.
const maxStrength = 2

// fired is a finding with the family of its indicator, 0 for none.
type fired struct {
	Finding
	family           int
	strength, points float64
}

func byContribution(a, b fired) int {
	if a.Contribution != b.Contribution {
		if a.Contribution > b.Contribution {
			return -1
		}
		return 1
	}
	return strings.Compare(a.Indicator, b.Indicator)
}

// maxFamilies bounds the families of indicators; a test holds it.
const maxFamilies = 32

// damp reduces the second and later findings of each family, and says so in a last
// piece of evidence. The findings are sorted by contribution, and stay so.
func damp(all []fired) {
	var leaders [maxFamilies]string
	var divisors [maxFamilies]LogOdds
	changed := false
	for i := range all {
		f := &all[i]
		if f.family == 0 || f.Contribution <= 0 {
			continue
		}
		if divisors[f.family] == 0 {
			divisors[f.family], leaders[f.family] = 1, f.Indicator
			continue
		}
		divisors[f.family] *= 2
		reduced := Round(float64(f.Contribution / divisors[f.family]))
		f.Evidence = append(f.Evidence, evidence(f.Evidence[0].Field, f.Evidence[0].Value, "damped",
			leaders[f.family], f.Contribution.points(), reduced.points()))
		f.Contribution, changed = reduced, true
	}
	if changed {
		slices.SortFunc(all, byContribution)
	}
}

// Keys returns every key that assessing and observing the consignment reads or
// writes, its document's first.
func (e *Engine) Keys(c *cargo.Consignment) []Key {
	v := e.views.Get().(*View)
	defer e.views.Put(v)
	defer v.release()
	v.fill(e, c, nil)
	keys := make([]Key, 1, len(v.mentions)+1)
	keys[0] = v.doc
	for i := range v.mentions {
		if k := v.mentions[i].key; v.mentions[i].kind != kindDocument {
			keys = append(keys, k)
		}
	}
	return keys
}

// Observe adds the consignment to the memory, after it has been assessed. Observing
// the same document again, amended or not, counts nothing twice.
func (e *Engine) Observe(c *cargo.Consignment, m *Memory) { e.observe(c, m, false) }

// Preview adds only what ties consignments of one manifest together (containers,
// seals, addresses, contacts, goods between the same parties), so that the first of
// two bills for one container is assessed in the light of the second. Call it for a
// whole batch, then Assess and Observe each consignment in order.
func (e *Engine) Preview(c *cargo.Consignment, m *Memory) { e.observe(c, m, true) }

func (e *Engine) observe(c *cargo.Consignment, m *Memory, preview bool) {
	v := e.views.Get().(*View)
	defer e.views.Put(v)
	defer v.release()
	v.fill(e, c, m)
	if preview {
		m.preview(v.doc, v.mentions)
		return
	}
	v.remember()
	v.test(e)
	m.observe(v.doc, v.mentions, v.version, v.fires())
}

// AssessAll assesses a batch in order: it previews all, then assesses and observes
// each. The assessments stand in the order of the batch.
func (e *Engine) AssessAll(batch []*cargo.Consignment, m *Memory) []Assessment {
	for _, c := range batch {
		e.Preview(c, m)
	}
	out := make([]Assessment, len(batch))
	v := e.views.Get().(*View)
	defer e.views.Put(v)
	for i, c := range batch {
		v.fill(e, c, m)
		v.remember()
		out[i] = e.judge(v)
		m.observe(v.doc, v.mentions, v.version, v.fires())
		v.release()
	}
	return out
}
