package learningweb

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// The parameters of GET: those that name one statement, those that filter, those that say
// how to answer, and the one of links to more.
var (
	byID    = []string{"statementId", "voidedStatementId", "format", "attachments"}
	filters = []string{"agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until",
		"limit", "format", "attachments", "ascending", cursor}
)

const cursor = "cursor"

// getStatements answers with one statement, or with a page of those that match (§2.1.3).
func (a *API) getStatements(w http.ResponseWriter, c *call) error {
	form, err := c.readFormat()
	if err != nil {
		return err
	}
	if c.query.Has("statementId") || c.query.Has("voidedStatementId") {
		return a.getOne(w, c, form)
	}
	if err := c.only(filters...); err != nil {
		return err
	}
	q, err := c.readFilters()
	if err != nil {
		return err
	}
	page, err := a.records.Find(c.Context(), c.client, q)
	if err != nil {
		return err
	}
	if n := len(page.Statements); n > 0 {
		newest := page.Statements[0].Stored
		if q.Ascending {
			newest = page.Statements[n-1].Stored
		}
		setModified(w, newest)
	}
	body := []byte(`{"statements":[`)
	if body, err = a.appendStatements(c, body, page.Statements, form); err != nil {
		return err
	}
	more, err := json.Marshal(c.more(page.More))
	if err != nil {
		return err
	}
	body = append(append(append(body, `],"more":`...), more...), '}')
	return a.writeStatements(w, c, body, page.Statements, form)
}

// getOne answers with the statement that has an id.
func (a *API) getOne(w http.ResponseWriter, c *call, form answerForm) error {
	if err := c.only(byID...); err != nil {
		return err
	}
	voided := c.query.Has("voidedStatementId")
	if voided && c.query.Has("statementId") {
		return refuse("statementId and voidedStatementId can not stand together")
	}
	id, ok := xapi.ParseUUID(c.query.Get("statementId") + c.query.Get("voidedStatementId"))
	if !ok {
		return refuse("the id of the statement must be a UUID")
	}
	kept, err := a.records.Statement(c.Context(), c.client, id, voided)
	if err != nil {
		return err
	}
	setModified(w, kept.Stored)
	statements := []learning.Kept{kept}
	body, err := a.appendStatements(c, nil, statements, form)
	if err != nil {
		return err
	}
	return a.writeStatements(w, c, body, statements, form)
}

// answerForm is how statements are answered.
type answerForm struct {
	format      xapi.Format
	attachments bool
	languages   []string // of the header Accept-Language, best first
}

func (c *call) readFormat() (f answerForm, err error) {
	f.format = xapi.Format(c.query.Get("format"))
	switch f.format {
	case xapi.Exact, xapi.IDs:
	case xapi.Canonical:
		tags, _, err := language.ParseAcceptLanguage(c.Header.Get("Accept-Language"))
		if err != nil {
			tags = nil // a header that can not be read says nothing
		}
		for _, t := range tags {
			f.languages = append(f.languages, t.String())
		}
	default:
		if c.query.Has("format") {
			return f, refuse("the parameter format is one of ids, exact and canonical")
		}
		f.format = xapi.Exact
	}
	f.attachments, err = c.flag("attachments")
	return f, err
}

// flag returns a parameter that is true or false, false when it is not there.
func (c *call) flag(name string) (bool, error) {
	switch v := c.query.Get(name); {
	case !c.query.Has(name) || v == "false":
		return false, nil
	case v == "true":
		return true, nil
	}
	return false, refuse("the parameter %s must be true or false", name)
}

// readFilters turns parameters into a query.
func (c *call) readFilters() (q learning.Query, err error) {
	if q.Keys, err = c.readKeys(); err != nil {
		return q, err
	}
	if q.Since, err = c.readTime("since"); err != nil {
		return q, err
	}
	if q.Until, err = c.readTime("until"); err != nil {
		return q, err
	}
	if q.Ascending, err = c.flag("ascending"); err != nil {
		return q, err
	}
	if c.query.Has("limit") {
		if q.Limit, err = strconv.Atoi(c.query.Get("limit")); err != nil || q.Limit < 0 {
			return q, refuse("the parameter limit must be a whole number that is not negative")
		}
		if q.Limit == 0 {
			q.Limit = learning.MaxPage
		}
	}
	if c.query.Has(cursor) {
		if q.Cursor, err = strconv.ParseInt(c.query.Get(cursor), 36, 64); err != nil || q.Cursor < 1 {
			return q, refuse("this link to more statements is damaged")
		}
	}
	return q, nil
}

func (c *call) readKeys() (keys []xapi.Key, err error) {
	broadActivities, err := c.flag("related_activities")
	if err != nil {
		return nil, err
	}
	broadAgents, err := c.flag("related_agents")
	if err != nil {
		return nil, err
	}
	if c.query.Has("agent") {
		agent, err := xapi.ParseAgent(c.query.Get("agent"), c.version)
		if err != nil {
			return nil, err
		}
		keys = append(keys, agent.Key(broadAgents))
	}
	for _, name := range []string{"verb", "activity"} {
		if c.query.Has(name) && !xapi.IsIRI(c.query.Get(name)) {
			return nil, refuse("the parameter %s must be an IRI", name)
		}
	}
	if c.query.Has("activity") {
		keys = append(keys, xapi.ActivityKey(c.query.Get("activity"), broadActivities))
	}
	if c.query.Has("registration") {
		id, ok := xapi.ParseUUID(c.query.Get("registration"))
		if !ok {
			return nil, refuse("the parameter registration must be a UUID")
		}
		keys = append(keys, xapi.RegistrationKey(id))
	}
	if c.query.Has("verb") { // last: it is what most statements have in common
		keys = append(keys, xapi.VerbKey(c.query.Get("verb")))
	}
	return keys, nil
}

// readTime returns a parameter that is a timestamp, zero when it is not there.
func (c *call) readTime(name string) (time.Time, error) {
	if !c.query.Has(name) {
		return time.Time{}, nil
	}
	at, ok := xapi.ParseTime(c.query.Get(name), xapi.V103)
	if !ok {
		return at, refuse("the parameter %s must be a timestamp (ISO 8601)", name)
	}
	return at, nil
}

// more is the address of the next page, or "" when there is none.
func (c *call) more(at int64) string {
	if at == 0 {
		return ""
	}
	next := maps.Clone(c.query)
	next.Set(cursor, strconv.FormatInt(at, 36))
	return Root + "/statements?" + next.Encode()
}

// appendStatements writes statements as they are wanted, parted by commas.
func (a *API) appendStatements(c *call, b []byte, kept []learning.Kept, form answerForm) ([]byte, error) {
	if form.format == xapi.Exact {
		for i, k := range kept {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, k.Body...)
		}
		return b, nil
	}
	statements := make([]*xapi.Statement, len(kept))
	var ids []string
	for i, k := range kept {
		s, err := xapi.Read(k.Body)
		if err != nil {
			return nil, err
		}
		statements[i] = s
		ids = append(ids, s.Activities()...)
	}
	var known map[string]*xapi.Node
	if form.format == xapi.Canonical {
		var err error
		if known, err = a.records.Definitions(c.Context(), ids); err != nil {
			return nil, err
		}
	}
	for i, s := range statements {
		if i > 0 {
			b = append(b, ',')
		}
		if form.format == xapi.IDs {
			b = s.AppendIDs(b)
		} else {
			b = s.AppendCanonical(b, known, form.languages)
		}
	}
	return b, nil
}

// setModified says when what is answered was stored, to the second as HTTP has it.
func setModified(w http.ResponseWriter, at time.Time) {
	w.Header().Set("Last-Modified", at.UTC().Format(http.TimeFormat))
}
