package caseweb

import (
	"context"
	"strings"
	"unicode"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

// Says reports whether a refusal of the core has words in Russian; line is of a field of
// the goods or of a rule.
func Says(field, text string, line bool) bool {
	text = strings.NewReplacer("%d", "7", "%s", "X", "%q", `"X"`).Replace(text)
	var err error = fault.New(fault.Conflict, "%s", text)
	fields := []string{field}
	if line {
		fields = []string{"goods.0." + field, "rules.0." + field}
	}
	for _, f := range fields {
		if field != "" {
			err = &casework.FieldError{Field: f, Fault: fault.New(fault.Invalid, "%s", text)}
		}
		said := problem(web.SetLanguage(context.Background(), web.Russian), err)
		if strings.ContainsFunc(said, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			return true
		}
	}
	return false
}
