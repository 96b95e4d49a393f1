package table

import (
	"strconv"
	"strings"
)

// Defuse keeps a spreadsheet from taking what a sender wrote for a formula (OWASP, CSV
// injection); numbers stay numbers.
func Defuse(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
