// Package risk says which consignments deserve a look, in which order, and why.
//
// An Engine is immutable and in memory: a pure function from a consignment and the
// unit's Memory of earlier ones to an Assessment. Each Indicator is one small piece
// of code that cites its evidence; the score is a sum of log-odds, shown as a sum.
// From the scores of a day and the unit's capacity follow the channels; besides, a
// random share is drawn with a recorded seed, so that one day we can say what the
// score misses. The package hears cargo.Received and announces Assessed.
//
// Outcomes teach it (Learn): what each indicator, list entry and way of choosing is worth
// and what the draw says of the rest (Study), and which weights would put findings first
// (FitWeights). Weights are proposed; a person adopts them (Propose, Adopt, Decline).
package risk
