package casework

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/store"
)

// Rule proposes a case for each consignment to which all of its conditions apply. An
// empty condition says nothing.
type Rule struct {
	Title     string        `json:"title"`               // why such a consignment deserves a look; a case names it
	MinScore  *risk.LogOdds `json:"min_score,omitempty"` // at least; nil for any
	Indicator string        `json:"indicator,omitempty"` // fires
	Party     string        `json:"party,omitempty"`     // words of the name of a party, whatever its role
	Paused    bool          `json:"paused,omitempty"`
}

// RuleSet is the rules of a unit, as one version. Every version is kept.
type RuleSet struct {
	Version int    `json:"-"` // 0 when there is none yet
	Rules   []Rule `json:"rules"`

	Reason  string    `json:"-"` // why this version was made
	Officer int64     `json:"-"`
	At      time.Time `json:"-"`
}

// maxRules bounds the rules of a unit.
const maxRules = 100

// Rules returns the rules of a scope that are in force.
func (s *Cases) Rules(ctx context.Context, scope cargo.ScopeID) (RuleSet, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return RuleSet{}, err
	}
	return selectRules(ctx, s.DB.Read, scope)
}

// RulesHistory returns the newest versions of a scope's rules, the latest first, 200 of
// them at most.
func (s *Cases) RulesHistory(ctx context.Context, scope cargo.ScopeID, limit int) ([]RuleSet, error) {
	if _, err := identity.May(ctx, identity.SeeQueue); err != nil {
		return nil, err
	}
	return selectRuleSets(ctx, s.DB.Read, scope, min(max(1, limit), maxPage))
}

// SaveRules makes set the next version; set.Version is the version that the head saw.
// Consignments are held against it from their next assessment on. Errors: fault.Denied,
// fault.Invalid with a FieldError ("rules.0.title"), and fault.Conflict when somebody
// has saved another version since.
func (s *Cases) SaveRules(ctx context.Context, scope cargo.ScopeID, set RuleSet) (RuleSet, error) {
	v, err := identity.May(ctx, identity.EditLists)
	if err != nil {
		return set, err
	}
	if strings.TrimSpace(set.Reason) == "" {
		return set, invalid("reason", "say in a few words why the rules are changed")
	}
	if err := set.check(); err != nil {
		return set, err
	}
	unit, err := s.Unit(ctx, scope)
	if err != nil {
		return set, err
	}
	set.Reason = store.Text(set.Reason)
	set.Version, set.Officer, set.At = set.Version+1, v.Officer.ID, s.now()
	err = s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertRules(ctx, tx, scope, set); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{
			Act: auditRules, ObjectKind: "case-rules", ObjectID: fmt.Sprint(set.Version), Unit: unit.ID, At: set.At,
			Detail: map[string]any{"rules": set.Rules, "reason": set.Reason},
		})
	})
	if fault.Is(err, fault.Conflict) {
		return set, fault.New(fault.Conflict, "somebody else has changed the rules in the meantime").
			WithHint("load the page again and repeat the change")
	}
	return set, err
}

// check returns a fault.Invalid for the first rule that can't be.
func (set RuleSet) check() error {
	if len(set.Rules) > maxRules {
		return invalid("rules", "a unit has %d rules at most", maxRules)
	}
	for i, r := range set.Rules {
		if err := r.check(func(name string) string { return fmt.Sprintf("rules.%d.%s", i, name) }); err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) check(field func(string) string) error {
	if strings.TrimSpace(r.Title) == "" {
		return invalid(field("title"), "give the rule a title: a case will name it")
	}
	if err := checkLength(field("title"), r.Title, maxLine); err != nil {
		return err
	}
	if r.Indicator != "" && !slices.ContainsFunc(risk.Indicators(), func(i risk.Indicator) bool { return i.ID == r.Indicator }) {
		return invalid(field("indicator"), "there is no indicator %q", r.Indicator)
	}
	if r.Party != "" && len([]rune(cargo.NormalName(r.Party))) < 3 {
		return invalid(field("party"), "the name has fewer than three letters: it would be everybody's")
	}
	if err := checkLength(field("party"), r.Party, maxLine); err != nil {
		return err
	}
	if r.MinScore == nil && r.Indicator == "" && r.Party == "" {
		return invalid(field("title"), "the rule has no condition: it would propose everything")
	}
	return nil
}

// fits reports whether all conditions of the rule apply. parties are the normal names of
// the consignment's parties.
func (r Rule) fits(row risk.Row, parties []string) bool {
	if r.Paused || r.MinScore != nil && row.Score < *r.MinScore {
		return false
	}
	if r.Indicator != "" && !slices.Contains(row.Indicators, r.Indicator) {
		return false
	}
	if r.Party == "" {
		return true
	}
	wanted := " " + cargo.NormalName(r.Party) + " "
	return slices.ContainsFunc(parties, func(p string) bool { return strings.Contains(" "+p+" ", wanted) })
}

// firstFit returns the first rule that fits, or false.
func (set RuleSet) firstFit(row risk.Row, parties []string) (Rule, bool) {
	for _, r := range set.Rules {
		if r.fits(row, parties) {
			return r, true
		}
	}
	return Rule{}, false
}

// byParty reports whether a rule asks for a name.
func (set RuleSet) byParty() bool {
	return slices.ContainsFunc(set.Rules, func(r Rule) bool { return r.Party != "" && !r.Paused })
}
