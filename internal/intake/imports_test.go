package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestEachFormatIsRead(t *testing.T) {
	heading := []string{"B/L number", "Consignee", "Packages", "Gross weight, kg", "Description of goods"}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		for _, c := range []struct {
			name, body string
			format     Format
			sender     string
		}{
			{"a.edi", cuscarFile("A", [3]string{"A1", "10", "100"}, [3]string{"A2", "20", "200.5"}), CUSCAR, "ACME LINE"},
			{"b.xml", awmdsFile([3]string{"B1", "10", "100"}, [3]string{"B2", "20", "200.5"}), AWMDS, ""},
			{"c.csv", csvFile([3]string{"C1", "10", "100"}, [3]string{"C2", "20", "200,5"}), CSV, ""},
			{"d.xlsx", workbook(t, heading, []string{"D1", "Нурлан Трейд", "10", "100", "Рис"}, []string{"D2", "Нурлан Трейд", "20", "200.5", "Рис"}), XLSX, ""},
		} {
			im := h.take(c.name, c.body)
			want(t, c.name, counts(im), "done 2 records: 2 new, 0 amended, 0 unchanged, 0 quarantined")
			want(t, c.name+" format, sender", string(im.Format)+" "+im.Sender, string(c.format)+" "+c.sender)
			want(t, c.name+" bytes", im.BytesDone, len(c.body))
			cs := h.of(im)
			if len(cs) != 2 {
				t.Fatalf("%s: %d consignments", c.name, len(cs))
			}
			got := fmt.Sprint(cs[1].Document.Number, cs[1].Packages(), cs[1].GrossMass(), cs[1].Source.Sender)
			want(t, c.name+" second", got, fmt.Sprint(strings.ToUpper(c.name[:1])+"2", 20, 200.5, c.sender))
			want(t, c.name+" source", fmt.Sprint(cs[0].Source.Import == im.ID, cs[0].Source.File, cs[0].Source.Format), fmt.Sprint(true, c.name, c.format))
		}
		want(t, "announced", h.news, 8)
	})
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		body := cuscarFile("A", [3]string{"A1", "10", "100"})
		first := h.take("a.edi", body)
		again := h.receive(Upload{Name: "copy.edi"}, body)
		storetest.Drain(t, h.bus)
		if !again.Known || again.ID != first.ID || again.Name != "a.edi" {
			t.Errorf("again: %+v, want the import %d, known", again, first.ID)
		}
		list, err := h.Recent(context.Background(), h.scope, time.Now().Add(time.Hour), 10)
		if err != nil || len(list) != 1 {
			t.Errorf("%d imports, %v; want one", len(list), err)
		}
		want(t, "announced", h.news, 1)

		// The same documents in another file are unchanged, not amendments.
		other := h.take("b.edi", strings.ReplaceAll(body, "+A'", "+B'"))
		want(t, "other file", counts(other), "done 1 records: 0 new, 0 amended, 1 unchanged, 0 quarantined")
		want(t, "announced", h.news, 1)
	})
}

func TestOtherScopesDoNotSeeAnImport(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	ctx := context.Background()
	body := csvFile([3]string{"C1", "ten", "100"}, [3]string{"C2", "10", "100"}, [3]string{"C3", "10", "100"})
	im := h.take("c.csv", body)
	other, err := h.cargo.LiveScope(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	item := h.held(im)[0]
	for name, call := range map[string]func() error{
		"get":      func() error { _, err := h.Get(ctx, other.ID, im.ID); return err },
		"excerpt":  func() error { _, err := h.Excerpt(ctx, other.ID, im.ID, 0, 10); return err },
		"show":     func() error { _, err := h.Show(ctx, other.ID, im.ID, 0, 10); return err },
		"raw":      func() error { _, _, err := h.Raw(ctx, other.ID, im.ID); return err },
		"cancel":   func() error { return h.Cancel(ctx, other.ID, im.ID) },
		"resume":   func() error { return h.Resume(ctx, other.ID, im.ID) },
		"proposal": func() error { _, err := h.Imports.Proposal(ctx, other.ID, im.ID); return err },
		"held":     func() error { _, _, err := h.Held(ctx, other.ID, item.ID); return err },
		"mend":     func() error { _, err := h.Mend(ctx, other.ID, item.ID, "x", 1); return err },
		"dismiss":  func() error { return h.Dismiss(ctx, other.ID, item.ID, "x", 1) },
	} {
		if err := call(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s from another scope: %v, want not found", name, err)
		}
	}
	same, err := h.Receive(ctx, Upload{Scope: other.ID, Name: "c.csv", Accept: true}, strings.NewReader(body))
	if err != nil || same.Known {
		t.Errorf("the file in another scope: %+v, %v; want an import of its own", same, err)
	}
}

func TestALaterMessageIsAnAmendment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		first := h.take("a.edi", cuscarFile("A", [3]string{"A1", "10", "100"}, [3]string{"A2", "10", "100"}))
		later := h.take("b.edi", cuscarFile("B", [3]string{"A1", "10", "90"}, [3]string{"A2", "10", "100"}))
		want(t, "later", counts(later), "done 2 records: 0 new, 1 amended, 1 unchanged, 0 quarantined")
		versions, err := h.cargo.Versions(context.Background(), h.scope, h.of(first)[0].ID)
		if err != nil || len(versions) != 2 {
			t.Fatalf("%d versions, %v; want both", len(versions), err)
		}
		want(t, "masses", fmt.Sprint(versions[0].GrossMass(), versions[1].GrossMass()), "100 90")
		want(t, "imports", fmt.Sprint(versions[0].Source.Import, versions[1].Source.Import), fmt.Sprint(first.ID, later.ID))
	})
}

func TestAConfirmedMappingIsRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		ctx := context.Background()
		body := func(n string) string { return "Alpha;Beta;Gamma\n" + n + ";12,5;tea\n" }
		im := h.receive(Upload{Name: "a.csv", Sender: "Depot", Accept: true}, body("X1"))
		want(t, "state", im.State, Mapping)
		p, err := h.Imports.Proposal(ctx, h.scope, im.ID)
		if err != nil || p.Missing == "" || p.Remembered {
			t.Fatalf("proposal %+v, %v; want one with something missing", p, err)
		}
		m := table.Mapping{Columns: []table.Column{{Index: 0, Target: "goods_description"}}}
		if err := h.Confirm(ctx, h.scope, im.ID, "Depot", m, 7); !fault.Is(err, fault.Invalid) {
			t.Errorf("a mapping without a document number: %v, want invalid", err)
		}
		m.Columns = []table.Column{{Index: 0, Target: "document_number"}, {Index: 1, Target: "gross_mass", Unit: "t", Decimal: ","}, {Index: 2, Target: "goods_description"}}
		if err := h.Confirm(ctx, h.scope, im.ID, "Depot", m, 7); err != nil {
			t.Fatal(err)
		}
		if err := h.Confirm(ctx, h.scope, im.ID, "Depot", m, 7); !fault.Is(err, fault.Conflict) {
			t.Errorf("confirmed twice: %v, want a conflict", err)
		}
		storetest.Drain(t, h.bus)
		want(t, "first", counts(h.get(im.ID)), "done 1 records: 1 new, 0 amended, 0 unchanged, 0 quarantined")
		want(t, "mass", h.of(im)[0].GrossMass(), 12500)

		second := h.receive(Upload{Name: "b.csv", Sender: "Depot"}, body("X2"))
		want(t, "second", second.State, Reading)
		storetest.Drain(t, h.bus)
		want(t, "mass by the remembered mapping", h.of(second)[0].GrossMass(), 12500)
		want(t, "another sender", h.receive(Upload{Name: "c.csv", Sender: "Other"}, body("X3")).State, Mapping)
	})
}

func TestAnInterruptedReadingGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		ctx := context.Background()
		var bills [][3]string
		for i := range 600 {
			mass := "100"
			if i%100 == 7 {
				mass = "1OO"
			}
			bills = append(bills, [3]string{fmt.Sprintf("N%04d", i), "10", mass})
		}
		im := h.receive(Upload{Name: "long.edi"}, cuscarFile("L", bills...))
		if err := h.Cancel(ctx, h.scope, im.ID); err != nil { // keeps the job from reading it
			t.Fatal(err)
		}
		storetest.Drain(t, h.bus)
		before := h.get(im.ID)
		saved := before.Records

		// A process reads on, and dies behind the next batch: its progress is committed.
		if _, err := moveImport(ctx, db.Write, im.ID, []State{Cancelled}, Reading); err != nil {
			t.Fatal(err)
		}
		before = h.get(im.ID)
		src, done, err := h.open(ctx, before, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = h.readAll(ctx, before, &dyingSource{source: src, after: saved + batchRecords + 3})
		done()
		if !errors.Is(err, errDied) {
			t.Fatalf("the reading ended with %v, want the crash", err)
		}
		if n := h.get(im.ID).Records; n != saved+batchRecords+3 {
			t.Fatalf("%d records were saved before the crash, want %d", n, saved+batchRecords+3)
		}
		h.announce(im.ID)
		storetest.Drain(t, h.bus)
		want(t, "after all", counts(h.get(im.ID)), "done 600 records: 594 new, 0 amended, 0 unchanged, 6 quarantined")
		want(t, "consignments", len(h.of(im)), 594)
		want(t, "held", len(h.held(im)), 6)
		want(t, "announced", h.news, 594)
	})
}

var errDied = errors.New("the process died")

// dyingSource fails behind some records, as a killed process would.
type dyingSource struct {
	source
	after int
}

func (s *dyingSource) next() (*Record, error) {
	if s.after == 0 {
		return nil, errDied
	}
	s.after--
	return s.source.next()
}

func TestCancelAndResume(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		ctx := context.Background()
		im := h.receive(Upload{Name: "a.csv"}, csvFile([3]string{"C1", "10", "100"}))
		want(t, "waits", im.State, Mapping)
		if err := h.Cancel(ctx, h.scope, im.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.Cancel(ctx, h.scope, im.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("cancelled twice: %v, want a conflict", err)
		}
		if err := h.Resume(ctx, h.scope, im.ID); err != nil {
			t.Fatal(err)
		}
		want(t, "waits again", h.get(im.ID).State, Mapping)
		p, err := h.Imports.Proposal(ctx, h.scope, im.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Confirm(ctx, h.scope, im.ID, "", p.Mapping, 1); err != nil {
			t.Fatal(err)
		}
		storetest.Drain(t, h.bus)
		want(t, "read", counts(h.get(im.ID)), "done 1 records: 1 new, 0 amended, 0 unchanged, 0 quarantined")
		if err := h.Resume(ctx, h.scope, im.ID); err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("resume what is done: %v", err)
		}
		want(t, "still done", h.get(im.ID).State, Done)
	})
}

func TestTheReadingStopsWhenCancelled(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	ctx := context.Background()
	im := h.receive(Upload{Name: "a.edi"}, cuscarFile("A", [3]string{"A1", "10", "100"}))
	_ = h.Cancel(ctx, h.scope, im.ID)
	storetest.Drain(t, h.bus)
	im = h.get(im.ID)
	if im.State == Done {
		t.Skip("the reading was quicker than the cancelling")
	}
	im.State = Reading // as the reading process still believes
	rec := &Record{Number: 1, Document: "Z", Problems: []Problem{{Reason: "x"}}}
	going, err := h.saveBatch(ctx, im, []*Record{rec})
	if going || err != nil {
		t.Errorf("save of a cancelled import: %v, %v; want false", going, err)
	}
	want(t, "nothing was saved", len(h.held(im)), 0)
}

// TestAResumedImportForgetsWhyItWasRefused holds a refusal that a newer version of the
// program would not repeat.
func TestAResumedImportForgetsWhyItWasRefused(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	im := h.take("a.edi", cuscarFile("A", [3]string{"A1", "10", "100"}))
	if _, err := h.db.Write.Exec(`UPDATE intake_imports SET state = 'refused', reason = 'an older version could not' WHERE id = $1`, im.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.Resume(context.Background(), h.scope, im.ID); err != nil {
		t.Fatal(err)
	}
	storetest.Drain(t, h.bus)
	im = h.get(im.ID)
	want(t, "state and reason", string(im.State)+" "+im.Reason, "done ")
}

func TestFilesThatComeInAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		body := cuscarFile("A", [3]string{"A1", "10", "100"})
		ids := make([]int64, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				im, err := h.Receive(context.Background(), Upload{Scope: h.scope, Name: "a.edi"}, strings.NewReader(body))
				if err != nil {
					t.Errorf("receive: %v", err)
					return
				}
				ids[i] = im.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("imports %v, want one", ids)
				break
			}
		}
		var chunks int
		if err := db.Read.QueryRow(`SELECT count(*) FROM evidence_chunks`).Scan(&chunks); err != nil || chunks != 1 {
			t.Errorf("%d pieces are kept, %v; want one", chunks, err)
		}
	})
}

func TestNamesAreCleaned(t *testing.T) {
	for in, out := range map[string]string{
		`C:\Users\aida\манифест.edi`: "манифест.edi", "../../etc/passwd": "passwd", "": "", "/": "", "a\x00b\n.csv": "ab.csv",
		strings.Repeat("ж", 150): strings.Repeat("ж", 100), "\xff.csv": "\uFFFD.csv",
	} {
		if got := cleanName(in); got != out {
			t.Errorf("cleanName(%q) = %q, want %q", in, got, out)
		}
	}
}

func TestAFailedUploadLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		broken := io.MultiReader(strings.NewReader(strings.Repeat("x", 768<<10)), failing{})
		if _, err := h.Receive(context.Background(), Upload{Scope: h.scope}, broken); !errors.Is(err, errDied) {
			t.Fatalf("receive: %v, want the reader's error", err)
		}
		var rows int
		if err := db.Read.QueryRow(`SELECT (SELECT count(*) FROM evidence_chunks) + (SELECT count(*) FROM intake_imports)`).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows are left, %v; want none", rows, err)
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDied }
