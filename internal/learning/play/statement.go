package play

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
)

// Keep keeps the statements of one request that a unit sends, all or none. What counts is
// noted before, so that no second process lets a second one pass; it is unnoted where the
// record store refuses. The same statements may be sent again, should the answer be lost.
func (b *bound) Keep(ctx context.Context, statements []*xapi.Statement, keep func() ([]string, error)) ([]string, error) {
	noted, err := b.admit(ctx, statements)
	if err != nil {
		return nil, err
	}
	ids, err := keep()
	if err != nil {
		return nil, errors.Join(err, b.unnote(context.WithoutCancel(ctx), noted))
	}
	if noted[cmi5.Passed]+noted[cmi5.Completed] == "" {
		return ids, nil
	}
	one, err := b.p.packageOf(ctx, b.session.Registration)
	if err != nil {
		return nil, err
	}
	return ids, b.p.settle(context.WithoutCancel(ctx), one, b.session.Registration, b.session.Key)
}

// admit holds statements against the rules, and notes those that count. It returns what
// was noted, by verb.
func (b *bound) admit(ctx context.Context, statements []*xapi.Statement) (noted cmi5.Heard, err error) {
	err = b.p.locked(ctx, b.session.Registration, func(tx *sql.Tx, r *Registration) error {
		s, err := selectSession(ctx, tx, `id = $1`, b.session.ID)
		if err != nil {
			return err
		}
		if !s.Ended.IsZero() {
			return learning.ErrCredentials
		}
		before := maps.Clone(s.Heard)
		g := r.of(s.Unit)
		past := &cmi5.Past{Preferences: s.Preferences, Session: s.Heard, Unit: g.Heard}
		for _, one := range statements {
			if err := s.Launch.Admit(one, past); err != nil {
				return err
			}
		}
		noted = cmi5.Heard{}
		for verb, id := range s.Heard {
			if before[verb] != id {
				noted[verb] = id
			}
		}
		s.Last = b.p.DB.Now()
		if s.Heard[cmi5.Terminated] != "" {
			s.Ended = s.Last
		}
		b.judge(g, statements)
		g.Seconds = s.Seconds + int64(s.Last.Sub(s.Launched).Seconds())
		g.Updated = s.Last
		return errors.Join(updateSession(ctx, tx, s), saveProgress(ctx, tx, r.ID, g))
	})
	return noted, err
}

// judge notes what statements mean for the learner's progress.
func (b *bound) judge(g *Progress, statements []*xapi.Statement) {
	g.Completed = g.Completed || g.Heard[cmi5.Completed] != ""
	switch {
	case g.Heard[cmi5.Passed] != "":
		g.Success = passed
	case g.Heard[cmi5.Failed] != "":
		g.Success = failed
	}
	for _, s := range statements {
		scaled := s.Node().Get("result").Get("score").Get("scaled")
		if scaled == nil {
			continue
		}
		if score, err := strconv.ParseFloat(scaled.Text, 64); err == nil {
			g.best(score)
		}
	}
}

// best keeps the better of two scores.
func (g *Progress) best(score float64) {
	score = min(max(score, 0), 1)
	if g.Score == nil || *g.Score < score {
		g.Score = &score
	}
}

// unnote forgets statements that the record store did not take.
func (b *bound) unnote(ctx context.Context, noted cmi5.Heard) error {
	return b.p.locked(ctx, b.session.Registration, func(tx *sql.Tx, r *Registration) error {
		s, err := selectSession(ctx, tx, `id = $1`, b.session.ID)
		if err != nil {
			return err
		}
		g := r.of(s.Unit)
		for verb, id := range noted {
			for _, heard := range []cmi5.Heard{s.Heard, g.Heard} {
				if heard[verb] == id {
					delete(heard, verb)
				}
			}
		}
		if noted[cmi5.Terminated] != "" {
			reopen(s)
		}
		g.Completed = g.Heard[cmi5.Completed] != ""
		if g.Heard[cmi5.Passed]+g.Heard[cmi5.Failed] == "" {
			g.Success = ""
		}
		return errors.Join(updateSession(ctx, tx, s), saveProgress(ctx, tx, r.ID, g))
	})
}

// reopen takes back that a session has ended, but not that it was abandoned.
func reopen(s *Session) {
	if !s.Abandoned {
		s.Ended = time.Time{}
	}
}

// packageOf returns the package of a registration.
func (p *Player) packageOf(ctx context.Context, registration int64) (*Package, error) {
	return selectPackageOf(ctx, p.DB.Read, registration)
}

// settle says which blocks are satisfied, and the course, of which it has not been said
// yet; session is the one in whose course this happened (§9.3.9).
func (p *Player) settle(ctx context.Context, one *Package, registration int64, session string) error {
	r, err := p.registration(ctx, p.DB.Read, `id = $1`, registration)
	if err != nil {
		return err
	}
	var fresh []string
	var statements []*xapi.Statement
	launch := cmi5.Launch{Actor: r.Actor, Registration: r.Key, Session: session}
	for _, g := range cmi5.SatisfiedGroups(&one.Package, func(unit int) cmi5.Heard { return r.of(unit).Heard }) {
		place := "block/" + g.Path
		if g.Course {
			place = "course"
		}
		if slices.Contains(r.Satisfied, place) {
			continue
		}
		activity := p.Home + "/packages/" + strconv.FormatInt(one.ID, 10) + "/" + place
		s, err := launch.SaySatisfied(derived(r.Key, place), p.DB.Now(), g, activity)
		if err != nil {
			return err
		}
		fresh, statements = append(fresh, place), append(statements, s)
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := p.say(ctx, statements...); err != nil && !fault.Is(err, fault.Conflict) { // another request said so at the same moment
		return err
	}
	return p.locked(ctx, registration, func(tx *sql.Tx, r *Registration) error {
		for _, place := range fresh {
			if !slices.Contains(r.Satisfied, place) {
				r.Satisfied = append(r.Satisfied, place)
			}
		}
		return p.complete(ctx, tx, one, r, slices.Contains(r.Satisfied, "course"))
	})
}

// complete saves a registration, and announces that the package is completed when it now
// is.
func (p *Player) complete(ctx context.Context, tx *sql.Tx, one *Package, r *Registration, whole bool) error {
	first := whole && r.Completed.IsZero()
	if first {
		r.Completed = p.DB.Now()
	}
	if err := updateRegistration(ctx, tx, r); err != nil || !first {
		return err
	}
	return p.Bus.Announce(ctx, tx, Completed{Registration: r.ID, Officer: r.Officer, Unit: r.Unit, Package: one.ID, Title: one.Title, At: r.Completed})
}

// Waive says that a learner need not take a unit of cmi5, and why (§9.3.7); registration
// is its UUID. It is said once of a unit in a registration.
func (p *Player) Waive(ctx context.Context, registration string, unit int, reason string) error {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return err
	}
	r, err := p.registration(ctx, p.DB.Read, `key = $1 AND unit_id = $2`, registration, v.Unit.ID)
	if err != nil {
		return err
	}
	if r == nil {
		return fault.New(fault.NotFound, "there is no such registration")
	}
	one, err := p.packageOf(ctx, r.ID)
	if err != nil {
		return err
	}
	u, err := one.unit(unit)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > 200 {
		return fault.New(fault.Invalid, "say in few words why the unit is waived")
	}
	if one.Standard != pack.CMI5 {
		return fault.New(fault.Invalid, "only units of cmi5 can be waived")
	}
	if r.of(unit).Heard[cmi5.Waived] != "" {
		return fault.New(fault.Conflict, "the unit is waived already")
	}
	return p.waive(ctx, one, r, unit, u, reason)
}

func (p *Player) waive(ctx context.Context, one *Package, r *Registration, unit int, u pack.Unit, reason string) error {
	launch := cmi5.Launch{Actor: r.Actor, Registration: r.Key, Session: xapi.NewUUID().String(), Activity: p.activity(one.ID, unit), Publisher: u.ID}
	id := derived(r.Key, strconv.Itoa(unit), "waived")
	said, err := launch.SayWaived(id, p.DB.Now(), reason)
	if err != nil {
		return err
	}
	if err := p.say(ctx, said); err != nil && !fault.Is(err, fault.Conflict) { // a process that was killed said it
		return err
	}
	err = p.locked(ctx, r.ID, func(tx *sql.Tx, r *Registration) error {
		g := r.of(unit)
		g.Heard[cmi5.Waived], g.Updated = id.String(), p.DB.Now()
		if err := saveProgress(ctx, tx, r.ID, g); err != nil {
			return err
		}
		return p.Audit.Record(ctx, tx, identity.Entry{Act: "unit.waived", ObjectKind: "package", ObjectID: strconv.FormatInt(one.ID, 10),
			Detail: map[string]any{"officer": strconv.FormatInt(r.Officer, 10), "unit": u.Title.In("en"), "reason": reason}})
	})
	if err != nil {
		return err
	}
	return p.settle(ctx, one, r.ID, launch.Session)
}
