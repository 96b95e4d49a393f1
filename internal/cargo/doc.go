// Package cargo is what moves: the consignment in the terms of the WCO Data Model
// and UN/CEFACT, with its transport document, journey, parties, goods and equipment.
//
// Every consignment belongs to a scope: a unit's live traffic, or an exercise. A
// consignment is never overwritten: a later message for the same transport document
// is an amendment, both versions stay, and Diff shows what changed. Each batch that
// is saved announces one Received, in the transaction that saves it.
package cargo
