package play

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/pack"
)

// maxCMI is the largest data model that is kept, in bytes of JSON. SCORM 2004 asks for
// 64,000 characters of suspend data, and many interactions.
const maxCMI = 2 << 20

// Run is what the page that plays a unit of SCORM needs to know.
type Run struct {
	Session  *Session
	Package  *Package
	Unit     pack.Unit
	Progress *Progress

	// The data model that the unit begins with: what was suspended, as it was committed, since
	// the order of its elements matters to the run time; and what the program says over it.
	Suspended json.RawMessage // {} for a new attempt
	Said      json.RawMessage
}

// Play returns an open session of the viewer's own, ready to be played.
func (p *Player) Play(ctx context.Context, key, learner string) (*Run, error) {
	s, r, err := p.session(ctx, key)
	if err != nil {
		return nil, err
	}
	one, err := p.packageOf(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	run := &Run{Session: s, Package: one, Unit: one.Units[s.Unit], Progress: r.of(s.Unit), Suspended: json.RawMessage("{}")}
	entry := "ab-initio"
	switch g := run.Progress; {
	case g.Suspended && g.CMI != nil:
		run.Suspended, entry = g.CMI, "resume"
	case g.CMI != nil:
		entry = ""
	}
	say := said2004
	if one.Standard == pack.SCORM12 {
		say = said12
	}
	run.Said, err = json.Marshal(object{"cmi": say(run.Unit, run.Progress, r.Account, learner, entry)})
	return run, err
}

// object is a JSON object.
type object = map[string]any

// said12 is what the LMS says in the data model of SCORM 1.2 (RTE 3.4.4).
func said12(u pack.Unit, g *Progress, id, name, entry string) object {
	core := object{
		"student_id": id, "student_name": name, "entry": entry, "credit": "credit", "lesson_mode": "normal", "total_time": timespan(g.Seconds),
	}
	if g.Completed && entry == "" { // a new attempt at what is done
		core["lesson_status"] = "completed"
	}
	return object{"core": core, "launch_data": u.DataFromLMS, "student_data": object{
		"mastery_score": u.RawMastery, "max_time_allowed": u.MaxTime, "time_limit_action": u.TimeLimitAction,
	}}
}

// said2004 is what the LMS says in the data model of SCORM 2004 (RTE 4.2).
func said2004(u pack.Unit, g *Progress, id, name, entry string) object {
	cmi := object{
		"learner_id": id, "learner_name": name, "entry": entry, "credit": "credit", "mode": "normal",
		"total_time": fmt.Sprintf("PT%dS", g.Seconds), "launch_data": u.DataFromLMS,
	}
	if u.TimeLimitAction != "" {
		cmi["time_limit_action"] = u.TimeLimitAction
	}
	if u.MasteryScore != nil {
		cmi["scaled_passing_score"] = strconv.FormatFloat(*u.MasteryScore, 'f', -1, 64)
	}
	if u.CompletionThreshold != nil {
		cmi["completion_threshold"] = strconv.FormatFloat(*u.CompletionThreshold, 'f', -1, 64)
	}
	return cmi
}

// timespan writes a CMITimespan (SCORM 1.2 RTE 3.4.4).
func timespan(seconds int64) string {
	return fmt.Sprintf("%04d:%02d:%02d", min(seconds/3600, 9999), seconds/60%60, seconds%60)
}

// Commit is what a unit of SCORM says of itself.
type Commit struct {
	Sequence   int64           `json:"sequence"`   // rises within the session
	Data       json.RawMessage `json:"data"`       // {"cmi": …}
	Completion string          `json:"completion"` // completed, incomplete, …
	Success    string          `json:"success"`    // passed, failed, …
	Score      *float64        `json:"score"`      // scaled, or raw between min and max; 0 to 1
	Seconds    float64         `json:"seconds"`    // of the unit in all
	Exit       string          `json:"exit"`       // suspend, logout, …
	Ended      bool            `json:"ended"`      // by LMSFinish or Terminate
}

// Commit keeps what a unit of SCORM has said of itself. A commit that is older than one
// that was kept is dropped. Done stays done, and the best score stands.
func (p *Player) Commit(ctx context.Context, key string, c Commit) (*Progress, error) {
	s, r, err := p.session(ctx, key)
	if err != nil {
		return nil, err
	}
	if len(c.Data) > maxCMI {
		return nil, fault.New(fault.Invalid, "the unit's data has %d bytes; %d are the most", len(c.Data), maxCMI)
	}
	var data struct {
		CMI object `json:"cmi"`
	}
	if err := json.Unmarshal(c.Data, &data); err != nil || data.CMI == nil {
		return nil, fault.New(fault.Invalid, "the unit's data is not a data model of SCORM")
	}
	one, err := p.packageOf(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if one.Standard == pack.CMI5 || s.Abandoned {
		return nil, fault.New(fault.Conflict, "the session has ended").WithHint("launch the unit again")
	}
	var g *Progress
	var before outcome
	err = p.locked(ctx, r.ID, func(tx *sql.Tx, r *Registration) error {
		if s, err = selectSession(ctx, tx, `id = $1`, s.ID); err != nil {
			return err
		}
		g = r.of(s.Unit)
		before = outcomeOf(g)
		if c.Sequence <= s.Sequence {
			return nil
		}
		p.take(s, g, c)
		r.Progress[s.Unit] = g
		err := errors.Join(updateSession(ctx, tx, s), saveProgress(ctx, tx, r.ID, g))
		if err != nil {
			return err
		}
		return p.complete(ctx, tx, one, r, allUnits(one, r))
	})
	if err == nil {
		err = p.sayOutcome(ctx, one.Units[s.Unit], r, s, before, g)
	}
	return g, err
}

// take writes a commit into session and progress.
func (p *Player) take(s *Session, g *Progress, c Commit) {
	now := p.DB.Now()
	s.Sequence, s.Last = c.Sequence, now
	if c.Ended {
		s.Ended = now
	}
	g.CMI, g.Updated = c.Data, now
	g.Suspended = !c.Ended || c.Exit == "suspend" || c.Exit == "logout"
	g.Completed = g.Completed || c.Completion == "completed"
	if c.Success == passed || c.Success == failed && g.Success != passed {
		g.Success = c.Success
	}
	if c.Score != nil && !math.IsNaN(*c.Score) {
		g.best(*c.Score)
	}
	// A unit tells its own time, which can not be longer than the session was open.
	told := int64(min(max(c.Seconds, 0), 1e9))
	open := s.Seconds + int64(now.Sub(s.Launched).Seconds()) + 1
	g.Seconds = max(g.Seconds, min(told, open))
}

// allUnits reports whether a learner has done everything.
func allUnits(one *Package, r *Registration) bool {
	for i := range one.Units {
		if !r.Progress[i].Done() {
			return false
		}
	}
	return true
}

// Seen notes that the viewer has opened a unit that has no run time: an asset, which is
// completed by that.
func (p *Player) Seen(ctx context.Context, key string) error {
	_, err := p.Commit(ctx, key, Commit{Sequence: 1, Data: json.RawMessage(`{"cmi":{}}`), Completion: "completed", Ended: true})
	return err
}
