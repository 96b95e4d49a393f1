package web

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
)

// An officer in the yard has no network. The island offline-form keeps what she enters on
// her device and sends it later; the service worker keeps the pages that she needs there.
// Here is the server's half of both; the browser's half, and the attributes of a form,
// stand at the top of islands/offline-form.ts.

// ownerHeader says whose page a kept page is, and whose entry a sent one.
const ownerHeader = "X-Offline-Owner"

// keptFor is how long a device shows a kept page without the network.
const keptFor = 24 * time.Hour

type ownerKey struct{}

// SetOwner returns a context of which the signed-in person is known by an opaque name:
// letters, digits and hyphens, different for each person and unit.
func SetOwner(ctx context.Context, owner string) context.Context {
	return context.WithValue(ctx, ownerKey{}, owner)
}

// OwnerOf returns the name that SetOwner gave the signed-in person; empty for a stranger.
func OwnerOf(ctx context.Context) string {
	owner, _ := ctx.Value(ownerKey{}).(string)
	return owner
}

// KeepOffline lets the service worker keep the answer, so that it opens without the
// network on this device, for this person, for a day or until she signs out. A page and
// each picture in it are marked on their own; nothing else is ever kept.
func KeepOffline(w http.ResponseWriter, r *http.Request) {
	if owner := OwnerOf(r.Context()); owner != "" {
		w.Header().Set(ownerHeader, owner)
	}
}

// Entry is what a form inside <offline-form> says of itself, beside its own fields.
type Entry struct {
	Key   string    // the same for every attempt to send the entry: a UUID
	At    time.Time // when the person pressed the button, by her device; never after now
	Later bool      // sent from the outbox by a script, which wants no page in return
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// EntryOf reads the fields key and at. A key that is none is fault.Invalid; a form without
// scripts has no time, and is of now.
func EntryOf(r *http.Request) (Entry, error) {
	e := Entry{Key: r.FormValue("key"), Later: r.Header.Get(ownerHeader) != ""}
	if !uuid.MatchString(e.Key) {
		return e, fault.New(fault.Invalid, "%s", T(r.Context(), "web.offline.key"))
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	at, err := time.Parse(time.RFC3339, r.FormValue("at"))
	if err != nil || at.After(now) {
		at = now
	}
	e.At = at.UTC().Truncate(time.Microsecond)
	return e, nil
}

// Accepted ends the handler of such a form: a person is sent on to the path, the outbox is
// told of it.
func Accepted(w http.ResponseWriter, r *http.Request, path string) error {
	if r.Header.Get(ownerHeader) == "" {
		return Redirect(w, r, path)
	}
	return writeJSON(w, http.StatusOK, "application/json", map[string]string{"href": localPath(path)})
}

// ofOther reports whether the outbox sends an entry of somebody else than who is signed in.
func ofOther(r *http.Request) bool {
	owner := r.Header.Get(ownerHeader)
	return owner != "" && owner != OwnerOf(r.Context())
}

// worker is what the service worker is told of the site.
type worker struct {
	Shell   []string `json:"shell"`   // static files that every kept page may need
	Offline string   `json:"offline"` // the page that stands in for one that is not kept
	SignIn  string   `json:"signIn"`
	SignOut []string `json:"signOut"`
	KeptFor int64    `json:"keptFor"` // milliseconds
	Owner   string   `json:"owner"`   // name of the header
}

// serveWorker answers with the service worker. Its text changes with the bundle, which is
// how browsers notice a new one.
func (s *Site) serveWorker(w http.ResponseWriter, r *http.Request) {
	b := bundled()
	code, _ := b.variant(b.manifest["service-worker.js"], "")
	if code == nil {
		Fail(w, r, statusError{http.StatusNotFound, "web.error.notfound"})
		return
	}
	told, err := json.Marshal(worker{
		Shell: b.shell(), Offline: "/offline", SignIn: "/sign-in", SignOut: []string{"/sign-out", "/account/sign-out-everywhere"},
		KeptFor: keptFor.Milliseconds(), Owner: ownerHeader,
	})
	if err != nil {
		Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write([]byte("const site = " + string(told) + ";\n" + string(code))) // the browser may have left
}

// shell lists the static files but for the worker itself and data of some pages.
func (a *assets) shell() []string {
	out := []string{}
	for logical, hashed := range a.manifest {
		if logical != "service-worker.js" && !strings.HasSuffix(logical, ".json") {
			out = append(out, "/static/"+hashed)
		}
	}
	slices.Sort(out)
	return out
}

// showOffline is the page that the device shows in place of one that it has not kept. It
// is kept itself, so it says nothing of anybody.
func (s *Site) showOffline(w http.ResponseWriter, r *http.Request) error {
	r = r.WithContext(SetOwner(r.Context(), ""))
	return Render(w, r, offlinePage())
}
