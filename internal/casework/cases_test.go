package casework

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// agree fails the test when the tables of lists, or the audit trail, say anything else
// than the acts.
func (d *desk) agree(c *Case) {
	d.Helper()
	ctx := context.Background()
	stored, err := scanSummary(d.db.Read.QueryRowContext(ctx, summaryColumns+` WHERE c.id = $1`, c.ID).Scan)
	d.ok(err)
	if want := c.Summary(); stored != want {
		d.Errorf("case %d: the list says\n%+v\nthe acts say\n%+v", c.ID, stored, want)
	}
	for i, query := range []string{
		`SELECT case_id, consignment_id, is_open FROM casework_consignments WHERE case_id = $1`,
		`SELECT case_id, officer_id, part FROM casework_people WHERE case_id = $1`,
		`SELECT case_id, seq, done FROM casework_tasks WHERE case_id = $1`,
		`SELECT case_id, scope_id FROM casework_words WHERE case_id = $1`,
	} {
		var n int
		var have, want []string
		d.ok(store.Select(ctx, d.db.Read, query, []any{c.ID}, func(rows *sql.Rows) error {
			n++
			if i == 2 || i == 3 {
				return nil
			}
			var a, b, e any
			err := rows.Scan(&a, &b, &e)
			have = append(have, fmt.Sprint(a, b, e == true || e == int64(1) || e == "x", text(e)))
			return err
		}))
		rows := indexOf(c)[i]
		if n != len(rows) {
			d.Errorf("case %d: table %d has %d rows, the acts make %d", c.ID, i, n, len(rows))
		}
		if i == 2 || i == 3 {
			continue
		}
		for _, r := range rows {
			want = append(want, fmt.Sprint(r[0], r[1], r[2] == true, text(r[2])))
		}
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			d.Errorf("case %d: table %d has %v, the acts make %v", c.ID, i, have, want)
		}
	}
	if fromTrail := d.fromTrail(c); !reflect.DeepEqual(bare(fromTrail), bare(c)) {
		d.Errorf("case %d: rebuilt from the audit trail it is\n%+v\nfrom the acts\n%+v", c.ID, bare(fromTrail), bare(c))
	}
}

func text(v any) string {
	switch s := v.(type) {
	case string:
		return s
	case []byte:
		return string(s)
	}
	return ""
}

// fromTrail rebuilds the case from the audit trail alone.
func (d *desk) fromTrail(c *Case) *Case {
	d.Helper()
	page, err := d.reg.Audit.List(d.asBak, identity.AuditFilter{ObjectKind: "case", ObjectID: strconv.FormatInt(c.ID, 10), Limit: 500})
	d.ok(err)
	var acts []Act
	for _, e := range slices.Backward(page.Entries) {
		var detail struct {
			Act Act `json:"act"`
		}
		d.ok(json.Unmarshal(e.Detail, &detail))
		if e.Act != "case."+string(detail.Act.Kind) || e.Officer != detail.Act.Officer {
			d.Errorf("the trail says %s by %d of an act %s by %d", e.Act, e.Officer, detail.Act.Kind, detail.Act.Officer)
		}
		acts = append(acts, detail.Act)
	}
	slices.SortFunc(acts, func(a, b Act) int { return a.Seq - b.Seq })
	again, err := Replay(acts)
	d.ok(err)
	again.ID, again.Scope = c.ID, c.Scope
	return again
}

// bare returns the case without the texts of its acts, which PostgreSQL writes in its
// own way.
func bare(c *Case) Case {
	out := *c
	out.Acts = slices.Clone(c.Acts)
	for i := range out.Acts {
		out.Acts[i].Body = nil
	}
	out.SetAside = slices.Clone(c.SetAside)
	for i := range out.SetAside {
		out.SetAside[i].Body = nil
	}
	return out
}

func TestFromTheQueueToTheOutcome(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(2)
		ref := d.open(ids...)
		done := d.done(&ref)
		done(d.Hold(d.asAigul, ref, Reason{Code: "awaiting-examination"}))
		done(d.OrderExamination(d.asAigul, ref))
		done(d.PlanExamination(d.asAigul, ref, Plan{Place: "Yard 3", Team: []int64{d.aigul.ID, d.bakyt.ID}, At: d.clock()}))
		c := d.load(ref)
		if c.State != AtExamination || c.Number != "KGOSS-PCU-2026-0001" || c.Owner != d.aigul.ID || len(c.Examination.Items) < 20 {
			t.Fatalf("got %+v", c.Summary())
		}
		item := c.Examination.Items[0].ID
		done(d.CheckItem(d.asAigul, ref, Entry{Item: item, State: ItemNotInOrder, Words: "painted over", ClientAt: d.clock()}))
		d.turn(26 * time.Hour)
		done(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Full, Result: Seizure, Goods: []FoundGoods{
			{Category: Heroin, Quantity: 12.5, Unit: Kilogram, Concealment: "false-wall", Position: "front-wall"}}, Arrests: 1}))
		done(d.Conclude(d.asAigul, ref, Conclusion{Ending: Found, Reason: Reason{Code: "seized"}}))
		c = d.load(ref)
		if c.State != Closed || c.Conclusion.Ending != Found || c.Examination.Items[0].State() != ItemNotInOrder {
			t.Errorf("got %+v", c.Summary())
		}
		d.drain()
		if len(d.news) != 1 || len(d.news[0].Consignments) != 2 {
			t.Fatalf("heard %+v", d.news)
		}
		first, second := d.news[0].Consignments[0], d.news[0].Consignments[1]
		if !first.Examined || first.Result != Seizure || first.Revision != 1 || !slices.Equal(first.Categories, []Category{Heroin}) ||
			first.Selection != ByOfficer || second.Examined || second.Result != "" {
			t.Errorf("heard %+v and %+v", first, second)
		}
	})
}

func TestTwoOfficersOnOneCase(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ref := d.open(d.bring(1)...)
		stale := ref
		d.done(&ref)(d.Hold(d.asAigul, ref, Reason{Code: "suspicion"}))
		stale.Key = "bakyt-1"
		_, err := d.Assign(d.asBak, stale, d.bakyt.ID, "I take over")
		d.want(err, fault.Conflict, "an act on an older version")
		_, err = d.Assign(d.asBak, stale, d.bakyt.ID, "I take over")
		d.want(err, fault.Conflict, "the same again")
		if _, err := d.Note(d.asBak, stale.without(), "a note never conflicts"); err != nil {
			t.Errorf("a note: %v", err)
		}
		c := d.load(ref)
		if c.Owner != d.aigul.ID || len(c.SetAside) != 1 || !c.SetAside[0].Waiting() || c.SetAside[0].Officer != d.bakyt.ID || c.SetAside[0].Saw != 1 {
			t.Fatalf("owner %d, set aside %+v", c.Owner, c.SetAside)
		}
		done, err := d.ApplyAside(d.asBak, ref, c.SetAside[0].Seq)
		d.ok(err)
		_, err = d.ApplyAside(d.asBak, Ref{Scope: d.scope, Case: ref.Case, Saw: done.Version}, c.SetAside[0].Seq)
		d.want(err, fault.Conflict, "applied twice")
		c = d.load(ref)
		if c.Owner != d.bakyt.ID || !c.SetAside[0].Applied || c.State != Held {
			t.Errorf("owner %d, %+v", c.Owner, c.SetAside[0])
		}
	})
}

func (r Ref) without() Ref { r.Key = ""; return r }

func TestAnActThatComesTwiceCountsOnce(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(2)
		var opened [4]Done
		var wg sync.WaitGroup
		for i := range opened {
			wg.Go(func() {
				var err error
				opened[i], err = d.Open(d.asAigul, d.scope, Opening{Consignments: ids[:1], Origin: FromQueue, Key: "open-1"})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		ref := Ref{Scope: d.scope, Case: opened[0].Case, Saw: 1, Key: "hold-1"}
		for _, o := range opened {
			if o.Case != ref.Case {
				t.Errorf("opened %+v", opened)
			}
		}
		first, err := d.Hold(d.asAigul, ref, Reason{Code: "suspicion"})
		d.ok(err)
		second, err := d.Hold(d.asAigul, ref, Reason{Code: "suspicion"})
		d.ok(err)
		if first.Again || !second.Again || second.Seq != first.Seq {
			t.Errorf("%+v and %+v", first, second)
		}
		_, err = d.Hold(d.asBak, ref, Reason{Code: "suspicion"})
		d.want(err, fault.Conflict, "somebody else's key")
		if c := d.load(ref); len(c.Acts) != 2 {
			t.Errorf("%d acts", len(c.Acts))
		}
	})
}

func TestOneOpenCaseForAConsignment(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(3)
		ref := d.open(ids[0])
		_, err := d.Open(d.asBak, d.scope, Opening{Consignments: ids[:2], Origin: FromQueue})
		var elsewhere *OpenElsewhere
		if !errors.As(err, &elsewhere) || elsewhere.Case != ref.Case || elsewhere.Consignment != ids[0] || !fault.Is(err, fault.Conflict) {
			t.Fatalf("got %v", err)
		}
		second := d.open(ids[1], ids[2])
		_, err = d.AddConsignments(d.asAigul, ref, ids[1:2])
		if !errors.As(err, &elsewhere) || elsewhere.Case != second.Case {
			t.Errorf("added from another case: %v", err)
		}
		d.done(&second)(d.RemoveConsignment(d.asAigul, second, ids[1], "belongs to the other case"))
		d.done(&ref)(d.AddConsignments(d.asAigul, ref, ids[1:2]))
		_, err = d.RemoveConsignment(d.asAigul, second, ids[2], "the only one that is left")
		d.want(err, fault.Conflict, "the last consignment")
		d.done(&second)(d.Conclude(d.asAigul, second, Conclusion{Ending: Released, Reason: Reason{Code: "low-risk"}}))
		third := d.open(ids[2])
		_, err = d.Reopen(d.asAigul, second, Reason{Code: "new-information", Words: "the sender called again"})
		if !errors.As(err, &elsewhere) || elsewhere.Case != third.Case {
			t.Errorf("reopened beside an open case: %v", err)
		}
		d.load(ref)
		d.load(second)
	})
}

func TestAConcludedCaseStaysAsItIs(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(1)
		ref := d.open(ids...)
		done := d.done(&ref)
		early := ref
		done(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: AtDoors, Result: NothingFound}))
		done(d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "examined-clear"}}))
		for what, try := range map[string]func() (Done, error){
			"hold":     func() (Done, error) { return d.Hold(d.asAigul, ref, Reason{Code: "suspicion"}) },
			"note":     func() (Done, error) { return d.Note(d.asAigul, ref, "late") },
			"task":     func() (Done, error) { return d.AddTask(d.asAigul, ref, NewTask{Text: "late"}) },
			"deadline": func() (Done, error) { return d.SetDeadline(d.asAigul, ref, d.clock()) },
			"conclude": func() (Done, error) {
				return d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "low-risk"}})
			},
			"plan": func() (Done, error) { return d.PlanExamination(d.asAigul, ref, Plan{Place: "Yard"}) },
		} {
			_, err := try()
			d.want(err, fault.Conflict, what)
		}
		if c := d.load(ref); len(c.SetAside) != 0 || len(c.Acts) != 3 {
			t.Errorf("%d acts, set aside %+v", len(c.Acts), c.SetAside)
		}
		_, err := d.Note(d.asAigul, Ref{Scope: d.scope, Case: ref.Case, Saw: early.Saw, Key: "phone-7"}, "written in the yard, sent late")
		d.want(err, fault.Conflict, "a note from a phone that was offline")
		if c := d.load(ref); len(c.SetAside) != 1 || len(c.Notes) != 0 {
			t.Errorf("set aside %+v", c.SetAside)
		}
		_, err = d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Full, Result: Irregularity, Words: "wrong weight"})
		d.want(err, fault.Invalid, "a correction without a reason")
		done(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Full, Result: Irregularity, Words: "wrong weight",
			Correction: "the laboratory has answered"}))
		done(d.Addendum(d.asAigul, ref, "laboratory report 17 of today"))
		c := d.load(ref)
		if len(c.Outcomes) != 2 || c.Outcomes[0].Result != NothingFound || c.Outcomes[1].Version != 2 || !c.Notes[0].Addendum {
			t.Errorf("got %+v", c.Outcomes)
		}
		d.drain()
		if len(d.news) != 2 || !d.news[1].Corrected || d.news[1].Consignments[0].Revision != 2 || d.news[1].Consignments[0].Result != Irregularity {
			t.Errorf("heard %+v", d.news)
		}
		_, err = d.Reopen(d.asAigul, ref, Reason{Code: "new-information"})
		d.want(err, fault.Invalid, "reopened without words")
		done(d.Reopen(d.asAigul, ref, Reason{Code: "new-information", Words: "a second container came"}))
		if c := d.load(ref); c.State != Reopened || !c.ConcludedAt.IsZero() || c.Reopenings != 1 {
			t.Errorf("got %+v", c.Summary())
		}
	})
}

func TestAHighScoreIsReleasedInWords(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.settings(func(s *risk.UnitSettings) { s.Capacity = risk.Capacity{Examine: 10, ExamineFloor: -100} })
		ids := d.bring(1)
		ref := d.open(ids...)
		_, err := d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "no-capacity"}})
		var field *FieldError
		if !errors.As(err, &field) || field.Field != "words" {
			t.Fatalf("released without a word: %v", err)
		}
		_, err = d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "no-capacity", Words: "   short   "}})
		d.want(err, fault.Invalid, "released with too few words")
		d.done(&ref)(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Partial, Result: NothingFound}))
		d.done(&ref)(d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "examined-clear"}}))
		d.drain()
		if got := d.news[0].Consignments[0].Selection; got != ByEngine {
			t.Errorf("selected by %s", got)
		}
	})
}

func TestOtherScopesAreOutOfSight(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(2)
		ref := d.open(ids[0])
		foreign := ref
		foreign.Scope = d.other
		ctx := d.asStranger
		for what, try := range map[string]func() error{
			"case":     func() error { _, err := d.Case(ctx, d.other, ref.Case); return err },
			"hold":     func() error { _, err := d.Hold(ctx, foreign, Reason{Code: "suspicion"}); return err },
			"note":     func() error { _, err := d.Note(ctx, foreign, "a note"); return err },
			"conclude": func() error { _, err := d.Conclude(ctx, foreign, Conclusion{Ending: Released}); return err },
			"outcome":  func() error { _, err := d.RecordOutcome(ctx, foreign, Outcome{Consignment: ids[0]}); return err },
			"apply":    func() error { _, err := d.ApplyAside(ctx, foreign, 1); return err },
			"open": func() error {
				_, err := d.Open(ctx, d.other, Opening{Consignments: ids[1:], Origin: FromQueue})
				return err
			},
			"release": func() error {
				_, err := d.Release(ctx, d.other, Bulk{Consignments: ids[1:], Reason: Reason{Code: "low-risk"}})
				return err
			},
			"release note": func() error { _, err := d.ReleaseOf(ctx, d.other, ids[1]); return err },
		} {
			d.want(try(), fault.NotFound, what)
		}
		marks, err := d.Marks(ctx, d.other, ids)
		d.ok(err)
		page, err := d.List(ctx, d.other, Filter{}, 0, 10)
		d.ok(err)
		of, err := d.CasesOf(ctx, d.other, ids[0])
		d.ok(err)
		results, err := d.Results(ctx, d.other, ResultsFilter{})
		d.ok(err)
		if len(marks)+len(page.Cases)+len(of)+results.All.Examined != 0 {
			t.Errorf("seen from another unit: %v %v %v %+v", marks, page, of, results.All)
		}
		_, err = d.Case(context.Background(), d.scope, ref.Case)
		d.want(err, fault.Denied, "nobody")
	})
}

// What no database keeps is refused as what it is, and not as a failure of ours.
func TestWhatCannotBeKept(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(1)
		ref := d.open(ids...)
		odd := ref
		odd.Key = "a\x00b"
		_, err := d.Note(d.asAigul, odd, "text")
		d.want(err, fault.Invalid, "a key with NUL")
		_, err = d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: ids[0], Method: Full, Result: Seizure, Goods: []FoundGoods{
			{Category: Alcohol, Quantity: math.NaN(), Unit: Litre}}})
		d.want(err, fault.Invalid, "not a number")
		_, err = d.SetDeadline(d.asAigul, ref, time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC))
		d.want(err, fault.Invalid, "the year 12026")
		_, err = d.Assign(d.asAigul, ref, 12345, "")
		d.want(err, fault.Invalid, "an officer of no unit")
		_, err = d.Note(d.asAigul, ref, strings.Repeat("x", maxText+1))
		d.want(err, fault.Invalid, "a long note")
		d.done(&ref)(d.Note(d.asAigul, ref, "one\x00two \xff \\u0000"))
		if c := d.load(ref); len(c.Notes) != 1 || c.Notes[0].Text != "onetwo \uFFFD \\u0000" {
			t.Errorf("notes %+v", c.Notes)
		}
	})
}
