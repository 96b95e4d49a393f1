package author

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// A course is begun from another one, gets a flaw that keeps it from being published, is
// mended and published; two authors do not overwrite each other.
func TestDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		registry := identity.Open(db, slog.New(slog.DiscardHandler))
		unit := identity.Unit{Code: "KGOSS-PCU", Name: "Osh", Country: "KG", Timezone: "Asia/Bishkek", Language: "en"}
		unit, err := registry.Units.Ensure(identity.With(t.Context(), identity.Console(unit)), unit)
		if err != nil {
			t.Fatal(err)
		}
		d := &Desk{DB: db, Audit: registry.Audit}
		as := func(role identity.Role) context.Context {
			return identity.With(t.Context(), identity.Viewer{Officer: identity.Officer{ID: 1}, Unit: unit, Role: role})
		}
		head := as(identity.RoleHead)
		sample := os.DirFS("../course/testdata/sample")
		if err := d.New(as(identity.RoleOfficer), "reefers", sample); !fault.Is(err, fault.Denied) {
			t.Fatalf("an officer begins a course: %v", err)
		}
		if err := d.New(head, "../reefers", sample); !fault.Is(err, fault.Invalid) {
			t.Errorf("a name that leaves the folder: %v", err)
		}
		for _, want := range []error{nil, fault.New(fault.Conflict, "")} {
			if err := d.New(head, "reefers", sample); (err == nil) != (want == nil) || err != nil && !fault.Is(err, fault.Conflict) {
				t.Fatalf("begin: %v", err)
			}
		}
		seen, err := d.File(head, "reefers", "lessons/02-seal.ky.md")
		if err != nil || seen.Version != 1 || !strings.HasPrefix(string(seen.Body), "# Пломба") {
			t.Fatalf("%+v, %v", seen, err)
		}
		flawed := seen
		flawed.Body = []byte("no heading\n\nwords [@nobody]")
		if err := d.Save(head, "reefers", flawed); err != nil {
			t.Fatal(err)
		}
		if err := d.Save(head, "reefers", seen); !fault.Is(err, fault.Conflict) {
			t.Errorf("saved over what another author saved: %v", err)
		}
		var flaws course.Flaws
		if err := d.Publish(head, "reefers"); !errors.As(err, &flaws) || len(flaws) != 2 {
			t.Errorf("a flawed draft is published: %v", err)
		}
		if list, err := d.Published(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%d courses are published, %v", len(list), err)
		}
		before, _ := d.Changes(t.Context())
		seen.Version = 2
		for _, act := range []error{d.Save(head, "reefers", seen), d.Publish(head, "reefers")} {
			if act != nil {
				t.Fatal(act)
			}
		}
		after, _ := d.Changes(t.Context())
		list, err := d.Published(t.Context())
		if err != nil || len(list) != 1 || list[0].ID != "reefers" || len(list[0].Questions) != 7 || after != before+1 {
			t.Errorf("published %v, changes %d after %d, %v", list, after, before, err)
		}
		// What is changed afterwards is a draft.
		flawed.Version = 3
		if err := d.Save(head, "reefers", flawed); err != nil {
			t.Fatal(err)
		}
		if list, err = d.Published(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("a draft changes what is published: %v", err)
		}
		for _, bad := range []string{"../x.md", "lessons/x.md", "lessons/A.en.md", "pictures/x.html", "/etc/passwd", "lessons/../course.toml"} {
			if err := d.Save(head, "reefers", File{Path: bad, Body: []byte("x")}); !fault.Is(err, fault.Invalid) {
				t.Errorf("saved %s: %v", bad, err)
			}
		}
		gone := File{Path: "lessons/02-seal.ky.md", Version: 4}
		if err := d.Remove(head, "reefers", gone); err != nil {
			t.Fatal(err)
		}
		if files, err := d.Files(head, "reefers"); err != nil || len(files) != 8 {
			t.Errorf("%d files are left, %v", len(files), err)
		}
		if again, err := d.File(head, "reefers", gone.Path); err != nil || again.Version != 5 || len(again.Body) != 0 {
			t.Errorf("after it was taken out: %+v, %v", again, err)
		}
		if err := d.Save(head, "nothing", File{Path: "course.toml", Body: []byte("x")}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a course that is not there: %v", err)
		}
	})
}
