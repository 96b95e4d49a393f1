package resultweb

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
)

// caseFile is a case with all that it speaks of.
type caseFile struct {
	*casework.Case
	Viewer   identity.Viewer
	At       time.Time                      // when the file is made
	Versions map[int64][]*cargo.Consignment // of each consignment, oldest first
	Kept     map[int64]risk.Kept            // the newest assessment of each consignment
	Names    map[int64]string               // of officers
	Strip    bool                           // without time, place and camera of photos
}

// file loads everything about the case in the address, and puts on the trail that it is
// handed out.
func (p *Pages) file(r *http.Request, kind string) (*caseFile, error) {
	ctx := r.Context()
	viewer, c, err := p.caseOf(r)
	if err != nil {
		return nil, err
	}
	f := &caseFile{Case: c, Viewer: viewer, At: p.Cases.Now().UTC(), Strip: r.URL.Query().Get("metadata") == "strip"}
	if err := p.load(ctx, f); err != nil {
		return nil, err
	}
	metadata := "original"
	if f.Strip {
		metadata = "strip"
	}
	return f, p.record(ctx, identity.Entry{
		Act: "case.exported", ObjectKind: "case", ObjectID: strconv.FormatInt(c.ID, 10),
		Detail: map[string]any{"number": c.Number, "file": kind, "metadata": metadata, "version": c.Version, "attachments": len(c.Attachments)},
	})
}

func (p *Pages) load(ctx context.Context, f *caseFile) (err error) {
	f.Versions = map[int64][]*cargo.Consignment{}
	for _, m := range f.Consignments {
		versions, err := p.Cases.Cargo.Versions(ctx, f.Scope, m.Consignment)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		f.Versions[m.Consignment] = versions
	}
	if f.Kept, err = p.Cases.Risk.Newest(ctx, slices.Sorted(maps.Keys(f.Versions))); err != nil {
		return err
	}
	f.Names = map[int64]string{}
	for _, id := range caseword.Officers(f.Case) {
		officer, err := p.Cases.Officers.Get(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		f.Names[id] = officer.Name
	}
	return nil
}

// tell tells the acts of the case.
func (f *caseFile) tell() caseword.Teller { return caseword.Teller{Case: f.Case, Names: f.Names} }

// safeNumber is the case's number as a name of a file.
func (f *caseFile) safeNumber() string { return safe(f.Number) }

// safe makes of a number that people chose a part of a file's name: ASCII letters, digits
// and hyphens, 60 at most.
func safe(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '-' }), "-")
	if text = strings.TrimRight(text[:min(60, len(text))], "-"); text == "" {
		return "none"
	}
	return text
}
