package xapi

import "strings"

// Version is a version of the standard, by which a request is read and answered.
type Version string

// The versions that are spoken.
const (
	V103 Version = "1.0.3"
	V200 Version = "2.0.0"
)

// Versions are all versions that are spoken, the newest first.
var Versions = []Version{V200, V103}

// ParseVersion returns the version that answers to what a header
// X-Experience-API-Version says: 1.0 and 1.0.x are answered by 1.0.3 (1.0.3 part 3
// §3.3), 2.0 and 2.0.x by 2.0.0 (IEEE 9274.1.1 §4.1.6).
func ParseVersion(header string) (Version, bool) {
	switch {
	case isPatchOf(header, "1.0"):
		return V103, true
	case isPatchOf(header, "2.0"):
		return V200, true
	}
	return "", false
}

// isPatchOf reports whether v is base or base.x, x a number.
func isPatchOf(v, base string) bool {
	patch, ok := strings.CutPrefix(v, base)
	if !ok || patch == "" {
		return ok
	}
	digits := strings.TrimPrefix(patch, ".")
	return len(digits) == len(patch)-1 && digits != "" && strings.Trim(digits, "0123456789") == ""
}
