package xapi

import (
	"crypto/rand"
	"encoding/hex"
)

// UUID identifies a statement or a registration (RFC 4122).
type UUID [16]byte

// ParseUUID reads the usual form of 36 characters, in capitals or not.
func ParseUUID(s string) (id UUID, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	_, err := hex.Decode(id[:], []byte(digits))
	return id, err == nil
}

// NewUUID draws a random identifier (version 4).
func NewUUID() UUID {
	var id UUID
	rand.Read(id[:]) // never fails, by its contract
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return id
}

// String returns the usual form in small letters.
func (id UUID) String() string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
