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
	CMI      json.RawMessage // the data model that the unit begins with
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
	run := &Run{Session: s, Package: one, Unit: one.Units[s.Unit], Progress: r.of(s.Unit)}
	run.CMI, err = json.Marshal(starting(one.Standard, run.Unit, run.Progress, r.Account, learner))
	return run, err
}

// object is a JSON object.
type object = map[string]any

// starting returns the data model that a unit begins with: what the learner suspended, or
// a new attempt, and what the LMS says (SCORM 1.2 RTE 3.4.4, 2004 RTE 4.2).
func starting(standard pack.Standard, u pack.Unit, g *Progress, id, name string) object {
	var root struct {
		CMI object `json:"cmi"`
	}
	entry := "ab-initio"
	if g.Suspended && json.Unmarshal(g.CMI, &root) == nil && root.CMI != nil {
		entry = "resume"
	} else if g.CMI != nil {
		entry = ""
	}
	cmi := root.CMI
	if cmi == nil {
		cmi = object{}
	}
	if standard == pack.SCORM12 {
		return object{"cmi": starting12(cmi, u, g, id, name, entry)}
	}
	return object{"cmi": starting2004(cmi, u, g, id, name, entry)}
}

func starting12(cmi object, u pack.Unit, g *Progress, id, name, entry string) object {
	core := within(cmi, "core")
	delete(core, "session_time")
	delete(core, "exit")
	core["student_id"], core["student_name"], core["entry"] = id, name, entry
	core["credit"], core["lesson_mode"], core["total_time"] = "credit", "normal", timespan(g.Seconds)
	if g.Completed && entry == "" { // a new attempt at what is done
		core["lesson_status"] = "completed"
	}
	data := within(cmi, "student_data")
	data["mastery_score"], data["max_time_allowed"], data["time_limit_action"] = u.RawMastery, u.MaxTime, u.TimeLimitAction
	cmi["launch_data"] = u.DataFromLMS
	return cmi
}

func starting2004(cmi object, u pack.Unit, g *Progress, id, name, entry string) object {
	delete(cmi, "session_time")
	delete(cmi, "exit")
	cmi["learner_id"], cmi["learner_name"], cmi["entry"] = id, name, entry
	cmi["credit"], cmi["mode"], cmi["total_time"] = "credit", "normal", fmt.Sprintf("PT%dS", g.Seconds)
	cmi["launch_data"] = u.DataFromLMS
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

// within returns an object in an object, a new one where there is none.
func within(o object, name string) object {
	inner, ok := o[name].(object)
	if !ok {
		inner = object{}
		o[name] = inner
	}
	return inner
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
	err = p.locked(ctx, r.ID, func(tx *sql.Tx, r *Registration) error {
		if s, err = selectSession(ctx, tx, `id = $1`, s.ID); err != nil {
			return err
		}
		g = r.of(s.Unit)
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
