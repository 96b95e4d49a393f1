package identity

import (
	"errors"
	"fmt"
	"strings"

	"tidewaiter/internal/fault"
)

// Problem is one thing wrong with one field of a form. Code names it in any language:
// pages look up "identity.problem." + Code; Error is the English sentence.
type Problem struct {
	Field string
	Code  string
}

// Error returns the English sentence of the problem.
func (p Problem) Error() string { return problemText[p.Code] }

// problemText holds every code that a Problem may have.
var problemText = map[string]string{
	"name-empty":       "enter a name",
	"name-long":        "the name must be 200 characters or fewer",
	"code-form":        "the code must be 2 to 20 letters A to Z, digits or hyphens",
	"code-taken":       "another unit has this code",
	"country-form":     "the country must be a code of two letters, such as KG",
	"place-form":       "the place must be a UN/LOCODE of five letters or digits, such as KGOSS",
	"place-country":    "the place must lie in the country of the unit",
	"timezone-unknown": "the time zone must be a name such as Asia/Bishkek",
	"language-unknown": "choose one of the languages offered",
	"username-form":    "the user name must be 2 to 100 letters, digits or . _ - + @, such as an email address",
	"username-taken":   "another officer has this user name",
	"role-unknown":     "choose one of the roles offered",
	"password-short":   "the password must be 10 characters or more",
	"password-long":    "the password must be 200 characters or fewer",
	"password-common":  "the password is too easy to guess",
	"password-name":    "the password must not contain the user name",
	"password-same":    "the new password must differ from the current one",
	"password-repeat":  "the two passwords differ",
	"current-wrong":    "the current password is wrong",
}

// ProblemCodes returns every code that a Problem may have, for the check that each
// language has a sentence for it.
func ProblemCodes() []string {
	codes := make([]string, 0, len(problemText))
	for c := range problemText {
		codes = append(codes, c)
	}
	return codes
}

// Problems is everything wrong with a form, in the order of its fields.
type Problems []Problem

// Error joins the sentences, each with its field.
func (ps Problems) Error() string {
	parts := make([]string, len(ps))
	for i, p := range ps {
		parts[i] = p.Field + ": " + p.Error()
	}
	return strings.Join(parts, "; ")
}

// ProblemsOf returns the problems in err's chain, or none.
func ProblemsOf(err error) Problems {
	var ps Problems
	errors.As(err, &ps)
	return ps
}

func (ps *Problems) add(field, code string) {
	if problemText[code] == "" {
		panic(fmt.Sprintf("identity: problem code %q has no sentence", code))
	}
	*ps = append(*ps, Problem{field, code})
}

// fault returns nil for no problems, else a fault.Invalid that carries them.
func (ps Problems) fault() error {
	if len(ps) == 0 {
		return nil
	}
	return fault.Wrap(fault.Invalid, ps, "this cannot be saved")
}

// problem returns a fault of the kind with the single problem.
func problem(kind fault.Kind, field, code string) error {
	var ps Problems
	ps.add(field, code)
	return fault.Wrap(kind, ps, "this cannot be saved")
}
