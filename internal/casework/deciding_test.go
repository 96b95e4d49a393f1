package casework

import (
	"slices"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func TestReleaseInBulk(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(5)
		ref := d.open(ids[0])
		bulk := Bulk{Consignments: ids, Reason: Reason{Code: "low-risk"}, Key: "bulk-1"}
		answer, err := d.Release(d.asBak, d.scope, bulk)
		d.want(err, fault.Conflict, "one is in a case")
		if len(answer.Released) != 0 || len(answer.Refused) != 1 || answer.Refused[0].Why != InCase || answer.Refused[0].Case != ref.Case {
			t.Fatalf("got %+v", answer)
		}
		bulk.Rest = true
		answer, err = d.Release(d.asBak, d.scope, bulk)
		d.ok(err)
		again, err := d.Release(d.asBak, d.scope, bulk)
		d.ok(err)
		if len(answer.Released) != 4 || answer.Again || !again.Again || !slices.Equal(again.Released, answer.Released) || len(again.Refused) != 1 {
			t.Errorf("got %+v, then %+v", answer, again)
		}
		bulk.Key = "bulk-2"
		answer, err = d.Release(d.asBak, d.scope, bulk)
		d.ok(err)
		if len(answer.Released) != 0 || answer.Refused[1].Why != IsReleased {
			t.Errorf("released twice: %+v", answer)
		}
		marks, err := d.Marks(d.asAigul, d.scope, append(ids, 1))
		d.ok(err)
		if len(marks) != 5 || marks[ids[0]].Case != ref.Case || marks[ids[0]].State != Selected || !marks[ids[1]].Released || marks[ids[1]].Version != 1 {
			t.Errorf("marks %+v", marks)
		}
		trail, err := d.reg.Audit.List(d.asBak, identity.AuditFilter{Act: "consignment.released"})
		d.ok(err)
		if len(trail.Entries) != 4 {
			t.Errorf("%d entries on the trail", len(trail.Entries))
		}
		note, err := d.ReleaseOf(d.asAigul, d.scope, ids[1])
		d.ok(err)
		if note.Officer != d.bakyt.ID || note.Reason.Code != "low-risk" {
			t.Errorf("got %+v", note)
		}
	})
}

func TestWhatIsNotLowIsNotReleased(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.settings(func(s *risk.UnitSettings) { s.Draw.Share = 1 })
		random := d.bring(1)[0]
		d.settings(func(s *risk.UnitSettings) {
			s.Draw.Share, s.Capacity = 0, risk.Capacity{ExamineFloor: -100, LookFloor: -100}
		})
		high := d.bring(1)[0]
		d.settings(func(s *risk.UnitSettings) { s.Capacity = risk.Capacity{ExamineFloor: 100, LookFloor: -100, Look: 100} })
		look := d.bring(1)[0]
		gone := sample("CANCELLED")
		gone.Withdrawn = true
		withdrawn := d.save(gone)[0]
		for id, want := range map[int64]Why{random: NotLow, look: NotLow, withdrawn: IsWithdrawn} {
			answer, err := d.Release(d.asAigul, d.scope, Bulk{Consignments: []int64{id}, Reason: Reason{Code: "low-risk"}})
			d.want(err, fault.Conflict, string(want))
			if answer.Refused[0].Why != want {
				t.Errorf("got %+v, want %s", answer, want)
			}
		}
		d.settings(func(s *risk.UnitSettings) { s.Capacity = risk.Capacity{ExamineFloor: -100, LookFloor: 100} })
		answer, err := d.Release(d.asAigul, d.scope, Bulk{Consignments: []int64{high}, Reason: Reason{Code: "low-risk"}})
		d.want(err, fault.Conflict, "a score from the floor on, without capacity")
		if answer.Refused[0].Why != NotLow {
			t.Errorf("got %+v", answer)
		}
	})
}

func TestProposals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db, true)
		score := risk.LogOdds(90)
		_, err := d.SaveRules(d.asAigul, d.scope, RuleSet{Reason: "a try", Rules: []Rule{{Title: "x", Indicator: "W01"}}})
		d.want(err, fault.Denied, "an officer changes rules")
		_, err = d.SaveRules(d.asBak, d.scope, RuleSet{Reason: "a try", Rules: []Rule{{Title: "everything"}}})
		d.want(err, fault.Invalid, "a rule without a condition")
		_, err = d.SaveRules(d.asBak, d.scope, RuleSet{Reason: "a tip from the port", Rules: []Rule{
			{Title: "Never", MinScore: &score}, {Title: "Paused", Party: "Bright", Paused: true}, {Title: "A tip: Ak-Zhol", Party: "ак-жол"}}})
		d.ok(err)
		_, err = d.SaveRules(d.asBak, d.scope, RuleSet{Reason: "another", Rules: nil})
		d.want(err, fault.Conflict, "rules on an older version")

		history, err := d.RulesHistory(d.asAigul, d.scope, 10)
		d.ok(err)
		if len(history) != 1 || history[0].Version != 1 || history[0].Officer != d.bakyt.ID || len(history[0].Rules) != 3 {
			t.Errorf("history %+v", history)
		}

		plain := sample("PLAIN")
		plain.Parties[1].Name = "Somebody else"
		ids := d.save(sample("TIP"), plain)
		marks, err := d.Marks(d.asAigul, d.scope, ids)
		d.ok(err)
		if len(marks) != 1 || marks[ids[0]].State != Proposed {
			t.Fatalf("marks %+v", marks)
		}
		c := d.load(Ref{Scope: d.scope, Case: marks[ids[0]].Case})
		if c.Origin != ByRule || c.Because != "A tip: Ak-Zhol" || c.OpenedBy != 0 || c.Owner != 0 || c.Consignments[0].Selection != RuleMade {
			t.Errorf("got %+v", c.Summary())
		}
		// The same batch again, and an amendment, propose nothing new.
		d.ok(d.Propose(t.Context(), risk.Assessed{Scope: d.scope, Versions: []cargo.VersionRef{{ID: ids[0], Version: 1}, {ID: ids[0], Version: 1}}}))
		amended := sample("TIP")
		amended.Remarks = "amended"
		d.save(amended)
		d.settings(func(s *risk.UnitSettings) { s.Draw.Share = 1 })
		drawn := sample("DRAWN")
		drawn.Parties = nil
		id := d.save(drawn)[0]
		page, err := d.List(d.asAigul, d.scope, Filter{States: []State{Proposed}}, 0, 10)
		d.ok(err)
		if page.Total != 2 || page.Cases[0].Origin != ByDraw || !page.Cases[0].Random {
			t.Fatalf("got %+v", page)
		}
		ref := Ref{Scope: d.scope, Case: page.Cases[0].ID, Saw: 1}
		d.done(&ref)(d.Select(d.asAigul, ref))
		_, err = d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "low-risk"}})
		d.want(err, fault.Invalid, "a part of the random sample is released without a word")
		d.done(&ref)(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: id, Method: ByScan, Result: NothingFound}))
		d.done(&ref)(d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "scan-clear"}}))
		d.drain()
		if got := d.news[0].Consignments[0]; got.Selection != AtRandom || got.Inclusion != 1 || !got.Examined {
			t.Errorf("heard %+v", got)
		}
	})
}

func TestAMessageProposes(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(1)
		_, err := d.ProposeByMessage(t.Context(), d.scope, ids, "", "")
		d.want(err, fault.Invalid, "a message that says nothing")
		done, err := d.ProposeByMessage(t.Context(), d.scope, ids, "EGALY-PCU asks to look behind the false wall", "message-9")
		d.ok(err)
		again, err := d.ProposeByMessage(t.Context(), d.scope, ids, "EGALY-PCU asks to look behind the false wall", "message-9")
		d.ok(err)
		_, err = d.ProposeByMessage(t.Context(), d.scope, ids, "asks once more", "message-10")
		d.want(err, fault.Conflict, "in an open case")
		c := d.load(Ref{Scope: d.scope, Case: done.Case})
		if !again.Again || c.State != Proposed || c.OpenedBy != 0 || c.Consignments[0].Selection != Requested {
			t.Errorf("got %+v, again %+v", c.Summary(), again)
		}
	})
}

func TestListsAndBoard(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(4)
		a, b, e := d.open(ids[0]), d.open(ids[1]), d.open(ids[2], ids[3])
		d.done(&a)(d.Hold(d.asAigul, a, Reason{Code: "suspicion"}))
		d.done(&a)(d.SetDeadline(d.asAigul, a, d.clock().Add(48*time.Hour)))
		d.done(&b)(d.SetDeadline(d.asAigul, b, d.clock().Add(24*time.Hour)))
		d.done(&b)(d.Assign(d.asAigul, b, d.bakyt.ID, ""))
		d.done(&e)(d.Assign(d.asAigul, e, 0, ""))
		d.done(&e)(d.AddTask(d.asAigul, e, NewTask{Text: "call the agent", For: d.bakyt.ID, Due: d.clock().Add(time.Hour)}))
		number := d.load(e).Number
		for name, c := range map[string]struct {
			f    Filter
			want []Ref
		}{
			"all":       {Filter{}, []Ref{e, b, a}},
			"held":      {Filter{States: []State{Held}}, []Ref{a}},
			"urgent":    {Filter{Order: ByDeadline}, []Ref{b, a, e}},
			"due":       {Filter{DueBefore: d.clock().Add(30 * time.Hour)}, []Ref{b}},
			"nobody's":  {Filter{Nobody: true}, []Ref{e}},
			"Bakyt's":   {Filter{Owner: d.bakyt.ID}, []Ref{b}},
			"by number": {Filter{Text: number}, []Ref{e}},
			"by party":  {Filter{Text: "АК-жол брай"}, nil},
			"by names":  {Filter{Text: "АК-жол bright"}, []Ref{e, b, a}},
			"by box":    {Filter{Text: "tgcu02", States: []State{Held, Closed}}, []Ref{a}},
			"no such":   {Filter{Text: "100%_"}, nil},
		} {
			page, err := d.List(d.asAigul, d.scope, c.f, 0, 10)
			d.ok(err)
			var got, want []int64
			for _, s := range page.Cases {
				got = append(got, s.ID)
			}
			for _, r := range c.want {
				want = append(want, r.Case)
			}
			if !slices.Equal(got, want) || page.Total != len(want) {
				t.Errorf("%s: got %v of %d, want %v", name, got, page.Total, want)
			}
		}
		defer func(n int) { fewCases = n }(fewCases)
		fewCases = 1 // every word is a frequent one
		for text, want := range map[string]int{"АК-жол bright": 3, number: 1, number + " нет": 0} {
			page, err := d.List(d.asAigul, d.scope, Filter{Text: text}, 0, 1)
			d.ok(err)
			if page.Total != want || len(page.Cases) != min(want, 1) {
				t.Errorf("%s as frequent words: %+v", text, page)
			}
		}
		page, err := d.List(d.asBak, d.scope, Filter{Mine: true}, 1, 1)
		d.ok(err)
		if page.Total != 2 || len(page.Cases) != 1 || page.Cases[0].ID != b.Case {
			t.Errorf("mine: %+v", page)
		}
		tasks, err := d.Tasks(d.asBak, d.scope, d.bakyt.ID, 10)
		d.ok(err)
		if len(tasks) != 1 || tasks[0].Case != e.Case || tasks[0].Text != "call the agent" {
			t.Errorf("tasks %+v", tasks)
		}
		board, err := d.Board(d.asAigul, d.scope, Filter{}, 1)
		d.ok(err)
		if len(board) != len(States) || board[1].Count != 2 || len(board[1].Cases) != 1 || board[2].Count != 1 {
			t.Errorf("board %+v", board)
		}
		of, err := d.CasesOf(d.asAigul, d.scope, ids[3])
		d.ok(err)
		if len(of) != 1 || of[0].ID != e.Case {
			t.Errorf("cases of a consignment: %+v", of)
		}
	})
}

func TestResultsFollowTheCases(t *testing.T) {
	eachDesk(t, func(d *desk) {
		ids := d.bring(6)
		d.turn(4 * time.Hour)
		conclude := func(id int64, r Result, goods ...FoundGoods) Ref {
			ref := d.open(id)
			d.done(&ref)(d.RecordOutcome(d.asAigul, ref, Outcome{Consignment: id, Method: Full, Result: r, Goods: goods, Words: "as seen"}))
			end := Conclusion{Ending: Found, Reason: Reason{Code: "seized"}}
			if r == NothingFound {
				end = Conclusion{Ending: Released, Reason: Reason{Code: "examined-clear"}}
			}
			d.done(&ref)(d.Conclude(d.asAigul, ref, end))
			return ref
		}
		clear := conclude(ids[0], NothingFound)
		conclude(ids[1], Seizure, FoundGoods{Category: Alcohol, Quantity: 100, Unit: Litre, Value: cargo.Money{Amount: 1000, Currency: "EUR"}})
		get := func(f ResultsFilter) Tally {
			r, err := d.Results(d.asAigul, d.scope, f)
			d.ok(err)
			return r
		}
		r := get(ResultsFilter{})
		if r.All.Examined != 2 || r.All.Found != 1 || r.All.Low <= 0 || len(r.Categories) != 1 || r.Categories[0].Category != Alcohol ||
			r.Value < 1000 || r.Corridors[0].Loading != "CN" || r.Corridors[0].Unloading != "KG" || r.Places[0].Code != "CNXSZ" {
			t.Errorf("got %+v", r)
		}
		// A correction takes the place of what it corrects, and a release counts as a wait only.
		d.done(&clear)(d.RecordOutcome(d.asAigul, clear, Outcome{Consignment: ids[0], Method: Full, Result: Irregularity, Words: "as seen",
			Correction: "the laboratory has answered"}))
		_, err := d.Release(d.asAigul, d.scope, Bulk{Consignments: ids[2:5], Reason: Reason{Code: "low-risk"}})
		d.ok(err)
		r = get(ResultsFilter{})
		if r.All.Examined != 2 || r.All.Found != 2 || len(r.Waits) != 1 || r.Waits[0].Released != 4 || r.Waits[0].Median != 4 {
			t.Errorf("got %+v, waits %+v", r.All, r.Waits)
		}
		// A case about what was released without one decides anew.
		conclude(ids[2], NothingFound)
		fresh := New(d.Needs)
		cold, err := fresh.Results(d.asAigul, d.scope, ResultsFilter{})
		d.ok(err)
		r = get(ResultsFilter{})
		if r.All.Examined != 3 || r.Waits[0].Released != 4 || cold.All != r.All || cold.Waits[0] != r.Waits[0] {
			t.Errorf("got %+v %+v, and from the beginning %+v %+v", r.All, r.Waits, cold.All, cold.Waits)
		}
		for name, c := range map[string]struct {
			f    ResultsFilter
			want int
		}{
			"from tomorrow": {ResultsFilter{From: d.clock().Add(24 * time.Hour)}, 0},
			"until today":   {ResultsFilter{To: d.clock()}, 0},
			"today":         {ResultsFilter{From: d.clock(), To: d.clock().Add(24 * time.Hour)}, 3},
			"from China":    {ResultsFilter{Loading: "CN"}, 3},
			"to a place":    {ResultsFilter{Unloading: "KGOSS"}, 3},
			"to elsewhere":  {ResultsFilter{Unloading: "KGFRU"}, 0},
			"alcohol":       {ResultsFilter{Category: Alcohol}, 1},
			"by the draw":   {ResultsFilter{Selection: AtRandom}, 0},
			"examine":       {ResultsFilter{Channel: risk.Examine}, 0},
		} {
			if got := get(c.f).All.Examined; got != c.want {
				t.Errorf("%s: %d examinations, want %d", name, got, c.want)
			}
		}
		rows, err := d.ResultRows(d.asAigul, d.scope, ResultsFilter{}, 100)
		d.ok(err)
		if len(rows) != 5 || rows[0].Consignment != ids[2] || rows[0].Number == "" {
			t.Errorf("rows %+v", rows)
		}
	})
}
