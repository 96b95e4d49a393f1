// Package badge writes and reads Open Badges 3.0: verifiable credentials that say who has
// completed which course, signed as a JWT with Ed25519, and the list that says which of
// them were revoked. A badge proves itself without this program: whoever has the issuer's
// document (did.json) checks the signature, and with the status list its standing.
//
// Everything here is a function of its arguments. Sources: 1EdTech Open Badges 3.0 (OB),
// W3C Verifiable Credentials 2.0 (VC), Bitstring Status List 1.0 (BSL), DID Core 1.0 with
// the methods did:web and did:key, RFC 7515 (JWS), RFC 7638 (thumbprints), RFC 8037.
package badge
