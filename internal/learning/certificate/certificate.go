package certificate

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/certificate/badge"
)

// Award is what was achieved, with the names as they stand on the certificate.
type Award struct {
	Officer int64
	Name    string // of the officer
	Unit    string // its name
	UnitID  int64  // where the course was taken
	Course  string
	Title   map[string]string // of the course, by language
	Version string
	Score   float64 // of the test after the course, 0 to 1
	Minutes int     // that the course takes
	At      time.Time
}

// Certificate says that an award was made. It never changes, but it can be revoked.
type Certificate struct {
	ID     int64
	Number string // without hyphens
	Award
	Edition    int // 1, and more where it was issued anew
	Issued     time.Time
	Revoked    time.Time // zero while it is good
	RevokedBy  int64     // officer
	Reason     string    // of the revocation; not for the public
	ReplacedBy int64     // id of the next edition; 0: none

	list, place int // on a status list
}

// State is how a certificate stands.
type State string

// The states.
const (
	Valid    State = "valid"
	Revoked  State = "revoked"
	Replaced State = "replaced" // revoked, as a new edition stands for it
)

// State returns how the certificate stands.
func (c Certificate) State() State {
	switch {
	case c.Revoked.IsZero():
		return Valid
	case c.ReplacedBy != 0:
		return Replaced
	}
	return Revoked
}

// TitleIn returns the title of the course in a language, else in English or in any other.
func (a Award) TitleIn(lang string) string {
	for _, l := range []string{lang, "en", "ru", "ky"} {
		if a.Title[l] != "" {
			return a.Title[l]
		}
	}
	return a.Course
}

// badge returns what the certificate's badge says.
func (c Certificate) badge() badge.Award {
	a := badge.Award{
		Number: c.Number, Holder: c.Name, Unit: c.Unit, Course: c.Course, Version: c.Version, Title: c.TitleIn("en"),
		Score: c.Score, Minutes: c.Minutes, At: c.At, List: c.list, Place: c.place,
	}
	if c.Title["en"] != "" {
		a.Lang = "en"
	}
	return a
}

// Bounds of what stands on a certificate, in letters.
const (
	maxName   = 200
	maxReason = 500
)

// cleanName returns a holder's name as it is kept.
func cleanName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return "", fault.New(fault.Invalid, "a certificate needs the holder's name, of at most %d letters", maxName)
	}
	return name, nil
}

// cleanReason returns a reason as it is kept.
func cleanReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return "", fault.New(fault.Invalid, "say why, in at most %d letters", maxReason)
	}
	return reason, nil
}

// clean returns the award as it is kept.
func (a Award) clean() (Award, error) {
	name, err := cleanName(a.Name)
	if err != nil {
		return a, err
	}
	a.Name = name
	if a.Officer == 0 || a.UnitID == 0 || a.Course == "" || a.At.IsZero() || math.IsNaN(a.Score) || a.Score < 0 || a.Score > 1 {
		return a, fault.New(fault.Invalid, "the award of %s to officer %s is not complete", a.Course, strconv.FormatInt(a.Officer, 10))
	}
	return a, nil
}

// IsName reports whether a name can stand on a certificate.
func IsName(name string) bool {
	_, err := cleanName(name)
	return err == nil
}
