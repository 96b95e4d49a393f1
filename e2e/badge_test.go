package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/learning/certificate/badge"
)

// badgeDesk is an issuer somewhere else, whose files came by hand.
type badgeDesk struct {
	*testing.T
	dir string
	key badge.Key
}

func (d badgeDesk) write(name, text string) string {
	d.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

// list writes the issuer's status list with revoked places.
func (d badgeDesk) list(name string, places ...int) string {
	d.Helper()
	l := badge.NewList()
	for _, p := range places {
		l.Revoke(p)
	}
	token, err := badge.SignList("https://learn.example.org", d.key, 1, l, time.Now())
	if err != nil {
		d.Fatal(err)
	}
	return d.write(name, token)
}

// A badge is proven at the command line with nothing but the issuer's files.
func TestBadgeWithoutNetwork(t *testing.T) {
	key, err := badge.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	d := badgeDesk{t, t.TempDir(), key}
	const home = badge.Home("https://learn.example.org")
	token, err := badge.New(home, key, badge.Award{
		Number: "K7QM3XWP9RTV", Holder: "Айгүл Өмүрова", Unit: "Osh", Course: "seals", Version: "1.2", Title: "Seals", At: time.Now().Add(-time.Hour), List: 1, Place: 77,
	}).Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	document, err := badge.Document(home.DID(key), []badge.Key{key})
	if err != nil {
		t.Fatal(err)
	}
	file, did := d.write("badge.jwt", token), d.write("did.json", string(document))
	altered := d.write("altered.jwt", token[:len(token)/2]+"x"+token[len(token)/2+1:])
	for what, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"good":            {[]string{file, "--key", did, "--status", d.list("good", 76, 78)}, 0, "status   good on"},
		"holder":          {[]string{file, "--key", did}, 0, "Айгүл Өмүрова"},
		"revoked":         {[]string{file, "--key", did, "--status", d.list("bad", 77)}, 3, "revoked"},
		"altered":         {[]string{altered, "--key", did}, 3, "tidewaiter:"},
		"no key":          {[]string{file}, 3, "not known here"},
		"no list":         {[]string{file, "--key", did, "--status", did}, 3, "not a status list"},
		"no document":     {[]string{file, "--key", file}, 3, "not the document of an issuer"},
		"a file not here": {[]string{file + "x"}, 2, "existingfile"},
	} {
		out, err := exec.Command(program, append([]string{"badge", "verify"}, c.args...)...).CombinedOutput()
		code := 0
		if exit, failed := err.(*exec.ExitError); failed {
			code = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if code != c.code || c.code != 2 && !strings.Contains(string(out), c.want) {
			t.Errorf("%s: exit %d, want %d:\n%s", what, code, c.code, out)
		}
	}
}

// The keys of a database can be printed and changed; the old one stays in the document.
func TestBadgeKeys(t *testing.T) {
	dsn := filepath.Join(t.TempDir(), "tidewaiter.db")
	issuer := func(url ...string) string {
		t.Helper()
		out, err := withDatabase(exec.Command(program, append(url, "badge", "issuer")...), dsn).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	first := issuer()
	if !strings.Contains(first, `"did:key:z6Mk`) || first != issuer() {
		t.Errorf("the document is\n%s", first)
	}
	tidewaiter(t, dsn, "badge", "rotate")
	after := issuer("--public-url", "https://learn.example.org")
	if n := strings.Count(after, `"id": "did:web:learn.example.org#`); n != 2 {
		t.Errorf("the document has %d keys:\n%s", n, after)
	}
}
