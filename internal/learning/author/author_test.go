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

// sample is the course that others begin from.
var sample = os.DirFS("../course/testdata/sample")

// seal is the file that the tests change.
const seal = "lessons/02-seal.ky.md"

// study is a desk with a head and an officer of a unit, on which the head has begun the
// course "reefers".
type study struct {
	*testing.T
	*Desk
	head, officer context.Context
}

func newStudy(t *testing.T, db *store.DB) *study {
	t.Helper()
	registry := identity.Open(db, slog.New(slog.DiscardHandler))
	unit := identity.Unit{Code: "KGOSS-PCU", Name: "Osh", Country: "KG", Timezone: "Asia/Bishkek", Language: "en"}
	unit, err := registry.Units.Ensure(identity.With(t.Context(), identity.Console(unit)), unit)
	if err != nil {
		t.Fatal(err)
	}
	as := func(role identity.Role) context.Context {
		return identity.With(t.Context(), identity.Viewer{Officer: identity.Officer{ID: 1}, Unit: unit, Role: role})
	}
	s := &study{t, &Desk{DB: db, Audit: registry.Audit}, as(identity.RoleHead), as(identity.RoleOfficer)}
	s.must(s.New(s.head, "reefers", sample))
	return s
}

func (s *study) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// wants demands that an act was refused so.
func (s *study) wants(err error, kind fault.Kind, what string) {
	s.Helper()
	if !fault.Is(err, kind) {
		s.Errorf("%s: %v", what, err)
	}
}

// published demands how many courses are offered.
func (s *study) published(want int) {
	s.Helper()
	if list, err := s.Published(s.Context()); err != nil || len(list) != want {
		s.Errorf("%d courses are published, want %d, %v", len(list), want, err)
	}
}

func TestBegin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStudy(t, db)
		s.wants(s.New(s.officer, "doors", sample), fault.Denied, "an officer begins a course")
		s.wants(s.New(s.head, "../doors", sample), fault.Invalid, "a name that leaves the folder")
		s.wants(s.New(s.head, "reefers", sample), fault.Conflict, "a name that is taken")
		s.wants(s.Save(s.head, "nothing", File{Path: "course.toml", Body: []byte("x")}), fault.NotFound, "a course that is not there")
		for _, bad := range []string{"../x.md", "lessons/x.md", "lessons/A.en.md", "pictures/x.html", "/etc/passwd", "lessons/../course.toml"} {
			s.wants(s.Save(s.head, "reefers", File{Path: bad, Body: []byte("x")}), fault.Invalid, bad)
		}
	})
}

// A draft gets a flaw that keeps it from being published, is mended and published; what is
// changed afterwards is a draft again.
func TestPublish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStudy(t, db)
		good, err := s.File(s.head, "reefers", seal)
		if err != nil || good.Version != 1 || !strings.HasPrefix(string(good.Body), "# Пломба") {
			t.Fatalf("%+v, %v", good, err)
		}
		flawed := good
		flawed.Body = []byte("no heading\n\nwords [@nobody]")
		s.must(s.Save(s.head, "reefers", flawed))
		var flaws course.Flaws
		if err := s.Publish(s.head, "reefers"); !errors.As(err, &flaws) || len(flaws) != 2 {
			t.Errorf("a flawed draft is published: %v", err)
		}
		s.published(0)
		before, err := s.Changes(t.Context())
		s.must(err)
		good.Version = 2
		s.must(s.Save(s.head, "reefers", good))
		s.must(s.Publish(s.head, "reefers"))
		after, err := s.Changes(t.Context())
		list, errList := s.Published(t.Context())
		if err != nil || errList != nil || len(list) != 1 || list[0].ID != "reefers" || len(list[0].Questions) != 7 || after != before+1 {
			t.Errorf("published %v, changes %d after %d, %v, %v", list, after, before, err, errList)
		}
		flawed.Version = 3
		s.must(s.Save(s.head, "reefers", flawed))
		s.published(1)
	})
}

// Two authors do not overwrite each other, not even where one took the file out.
func TestVersionsOfAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newStudy(t, db)
		seen, err := s.File(s.head, "reefers", seal)
		s.must(err)
		s.must(s.Save(s.head, "reefers", seen))
		s.wants(s.Save(s.head, "reefers", seen), fault.Conflict, "saved over what another author saved")
		s.must(s.Remove(s.head, "reefers", File{Path: seal, Version: 2}))
		if files, err := s.Files(s.head, "reefers"); err != nil || len(files) != 8 {
			t.Errorf("%d files are left, %v", len(files), err)
		}
		if again, err := s.File(s.head, "reefers", seal); err != nil || again.Version != 3 || len(again.Body) != 0 {
			t.Errorf("after it was taken out: %+v, %v", again, err)
		}
	})
}
