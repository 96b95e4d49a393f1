package pack

import (
	"regexp"

	"tidewaiter/internal/fault"
)

// described reads title and description.
func described(e *element) (title, description Text, err error) {
	if title, err = langstrings(e.child("title")); err != nil {
		return nil, nil, err
	}
	description, err = langstrings(e.child("description"))
	return title, description, err
}

// tag is a language tag (RFC 5646 §2.1), without the list of registered ones.
var tag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

func langstrings(e *element) (Text, error) {
	if err := sequence(e, rule{"langstring", true, true}); err != nil {
		return nil, err
	}
	t := Text{}
	for _, s := range e.all("langstring") {
		lang := s.attr("lang")
		if lang != "" && !tag.MatchString(lang) {
			return nil, s.wrong(fault.Say("%.40q is not a language", lang))
		}
		t[lang] = s.words()
	}
	return t, nil
}
