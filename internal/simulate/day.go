package simulate

import (
	"strings"
	"time"
)

// SentDay returns the day on which a file that Write made was sent, midnight UTC, by the
// name that its sender gave it; false for other names.
func SentDay(name string) (time.Time, bool) {
	base, _, _ := strings.Cut(name, ".")
	stamp := base[strings.LastIndexByte(base, '_')+1:]
	if len(stamp) != len("261003000041") {
		return time.Time{}, false
	}
	day, err := time.Parse("060102", stamp[:6])
	return day, err == nil
}
