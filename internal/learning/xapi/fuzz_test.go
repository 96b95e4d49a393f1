package xapi

import (
	"testing"
	"time"
)

// FuzzStatements reads anything. What is taken can be kept and read again, and then says
// the same; formatting it never fails.
func FuzzStatements(f *testing.F) {
	for _, seed := range []string{whole, within, "[]", "[" + within + "]", `{"actor":{"mbox":"mailto:a@b"},"verb":{"id":"a:b"},"object":{"id":"a:b"}}`, `{"a":1,"a":2}`, "[[[[", `"\ud800"`} {
		f.Add([]byte(seed), true)
	}
	authority := NewAccount("http://example.com/xapi", "fuzz")
	f.Fuzz(func(t *testing.T, body []byte, old bool) {
		v := V200
		if old {
			v = V103
		}
		statements, err := ParseStatements(body, v)
		if err != nil {
			return
		}
		for _, s := range statements {
			if !s.HasID() {
				s.SetID(NewUUID())
			}
			s.Keys()
			s.Attachments()
			kept := s.Draft(authority).Stored(time.Unix(1e9, 0))
			again, err := Read(kept)
			if err != nil {
				t.Fatalf("%v in %s", err, kept)
			}
			if again.ID != s.ID || !Same(s, again) {
				t.Fatalf("%s\nis not the same as\n%s", s.node.Append(nil), kept)
			}
			for _, formatted := range [][]byte{again.AppendCanonical(nil, nil, []string{"en"}), again.AppendIDs(nil)} {
				if _, err := Parse(formatted); err != nil {
					t.Fatalf("%v in %s", err, formatted)
				}
			}
		}
	})
}
