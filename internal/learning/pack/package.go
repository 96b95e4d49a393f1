package pack

import (
	"maps"
	"slices"
)

// Standard is what a package is made by.
type Standard string

// The standards.
const (
	SCORM12   Standard = "scorm12"
	SCORM2004 Standard = "scorm2004"
	CMI5      Standard = "cmi5"
)

// Text is words by language tag; "" is words of which no language is said.
type Text map[string]string

// In returns the words in a language, else in English, else in any.
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "en", "en-US", "en-GB", ""} {
		if t[l] != "" {
			return t[l]
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

// Package is what a package says of itself, checked.
type Package struct {
	Standard    Standard    `json:"standard"`
	Edition     string      `json:"edition,omitempty"` // of SCORM 2004, as the manifest says it
	ID          string      `json:"id"`                // the publisher's
	Title       Text        `json:"title"`
	Description Text        `json:"description,omitempty"`
	Tree        []Node      `json:"tree"`
	Units       []Unit      `json:"units"` // in the order of the tree
	Objectives  []Objective `json:"objectives,omitempty"`
	Files       []File      `json:"-"` // of the archive
}

// Node is a unit in the tree, or a group of units: a block of cmi5, an item of SCORM that
// has items below it.
type Node struct {
	ID         string   `json:"id"` // the publisher's
	Title      Text     `json:"title,omitempty"`
	Unit       int      `json:"unit"` // index of the unit; -1 for a group
	Children   []Node   `json:"children,omitempty"`
	Objectives []string `json:"objectives,omitempty"`
	// Of SCORM 2004 (SN 3.2.1, 3.2.4): whether the learner may choose among the children,
	// and may be led from one to the next, and back.
	Choice      bool `json:"choice,omitempty"`
	Flow        bool `json:"flow,omitempty"`
	ForwardOnly bool `json:"forwardOnly,omitempty"`
}

// Unit is what is launched: an assignable unit of cmi5, a SCO or an asset of SCORM.
type Unit struct {
	ID          string   `json:"id"` // the publisher's
	Title       Text     `json:"title"`
	Description Text     `json:"description,omitempty"`
	Href        string   `json:"href"`                 // a path in the package with its query, or an address of its own
	Foreign     bool     `json:"foreign,omitempty"`    // Href is an address of its own
	Parameters  string   `json:"parameters,omitempty"` // SCORM: joined to Href; cmi5: launchParameters
	Asset       bool     `json:"asset,omitempty"`      // SCORM: has no run time; to have seen it completes it
	Objectives  []string `json:"objectives,omitempty"`

	// cmi5 (§13.1.4).
	MoveOn       string   `json:"moveOn,omitempty"`
	MasteryScore *float64 `json:"masteryScore,omitempty"` // 0 to 1; of SCORM 2004 scaled, -1 to 1
	LaunchMethod string   `json:"launchMethod,omitempty"`
	ActivityType string   `json:"activityType,omitempty"`
	Entitlement  string   `json:"entitlementKey,omitempty"`

	// SCORM.
	DataFromLMS         string   `json:"dataFromLms,omitempty"`
	RawMastery          string   `json:"rawMastery,omitempty"` // of SCORM 1.2, on the scale of the unit's raw score
	MaxTime             string   `json:"maxTime,omitempty"`
	TimeLimitAction     string   `json:"timeLimitAction,omitempty"`
	Prerequisites       string   `json:"prerequisites,omitempty"` // of SCORM 1.2
	CompletionThreshold *float64 `json:"completionThreshold,omitempty"`
}

// Objective is an objective of a cmi5 course.
type Objective struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
}

// File is a file of the archive, with the place of its bytes there.
type File struct {
	Path   string
	Method uint16 // 0: as it is, 8: deflated
	Offset int64
	Packed int64
	Size   int64
}

// File returns a file by its path.
func (p *Package) File(path string) (File, bool) {
	for _, f := range p.Files {
		if f.Path == path {
			return f, true
		}
	}
	return File{}, false
}
