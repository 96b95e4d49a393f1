// Package certificate gives out certificates: that an officer has completed a course. Each
// has a number that can be typed and not guessed, by which anybody can ask whether it is
// good; a paper (certificateweb writes it) and an Open Badge (package badge) carry it.
//
// A certificate is issued once for an officer, a course and its version. Whoever teaches in
// the unit where it was earned may revoke it with a reason, or issue it anew with the name
// mended: the new edition has a number of its own, and the old one is revoked. It is valid
// until then; nothing on it ever changes.
//
// Badges are signed by a key that is made when it is first needed and kept in the database
// in clear: whoever can read the database can sign as the issuer. RotateKey begins a new
// one; the old ones stay in the issuer's document, so that their badges stay good.
package certificate
