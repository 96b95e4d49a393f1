// Package caseweb shows what the unit does: the list and the board of cases, one case
// with everything about it, the examination on a phone, the outcome of a consignment, and
// the release of many at once.
//
// A form of an act carries the version of the case that its reader saw and a key that is
// drawn when the page is made, so that a button pressed twice makes one act, and an act
// that comes too late is shown with what others did meanwhile.
package caseweb
