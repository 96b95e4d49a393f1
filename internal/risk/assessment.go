package risk

import "math"

// LogOdds is a natural logarithm of odds, always a multiple of 1/8: such numbers add
// without rounding in binary, and three decimals show them whole, so that the sum on
// the page is the sum that was computed, to the last digit.
type LogOdds float64

// Step is the smallest difference between two LogOdds.
const Step LogOdds = 1.0 / 8

// Round returns x as a multiple of Step, the nearest one.
func Round(x float64) LogOdds { return LogOdds(math.Round(x/float64(Step))) * Step }

// Assessment is what the engine found in one version of a consignment.
type Assessment struct {
	Score    LogOdds   `json:"score"`    // Base plus the findings' contributions, exactly
	Base     LogOdds   `json:"base"`     // log-odds of a consignment of which nothing is known
	Findings []Finding `json:"findings"` // highest contribution first
	Engine   string    `json:"engine"`   // fingerprint of the weights and lists that were used
}

// Finding is one reason: an indicator that fired, what it adds, and what it saw.
type Finding struct {
	Indicator    string     `json:"indicator"` // the indicator's id, such as W01
	Contribution LogOdds    `json:"contribution"`
	Evidence     []Evidence `json:"evidence"`
}

// Evidence is one field that an officer can check, and what it was held against.
type Evidence struct {
	Field     string `json:"field"`     // a cargo field path, such as goods[0].gross_mass
	Value     string `json:"value"`     // as stated by the sender
	Reference string `json:"reference"` // what it was compared with, in English
	Note      Note   `json:"note"`      // the same reference for other languages
}

// Note is a sentence in a form that can be said in any language: the id of a message
// "note.ID" and its arguments {0}, {1}, ...
type Note struct {
	ID   string   `json:"id"`
	Args []string `json:"args,omitempty"`
}

// Channel is what the unit does with a consignment by its score and capacity.
type Channel string

// Channels, from the deepest look to none.
const (
	Examine Channel = "examine"
	Look    Channel = "look"
	Release Channel = "release"
)

// Channels lists the channels, deepest first.
var Channels = []Channel{Examine, Look, Release}
