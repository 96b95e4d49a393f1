package crew

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// deed is a form of a case's page.
type deed struct {
	path   string // below the case
	fields map[string]string
	ends   bool // concludes the case
}

// deeds are what officers do to a case. Which of them a case takes, its page says.
var deeds = []deed{
	{path: "notes", fields: map[string]string{"notes-text": "Пломба осмотрена, номер совпадает. Seal compared."}},
	{path: "notes", fields: map[string]string{"notes-text": "Called the carrier: the container stands in row 7."}},
	{path: "tasks", fields: map[string]string{"tasks-text": "Ask for the packing list"}},
	{path: "hold", fields: map[string]string{"hold-reason": "awaiting-examination"}},
	{path: "lift", fields: map[string]string{"lift-reason": "documents-received"}},
	{path: "scan"},
	{path: "examine"},
	{path: "watch"},
	{path: "deadline", fields: map[string]string{"deadline-deadline": "2027-03-01T12:00"}},
	{path: "conclude/released", ends: true, fields: map[string]string{
		"released-reason": "examined-clear", "released-words": "Opened and unloaded in part: as the papers say."}},
}

// act loads a case and does something to it, as its page allows.
func (o *Officer) act(ctx context.Context, id int64) error {
	at := "/cases/" + strconv.FormatInt(id, 10)
	_, page, err := o.send(ctx, "case", "GET", at, nil)
	if err != nil {
		return err
	}
	seen := version.FindStringSubmatch(page)
	if seen == nil {
		return nil
	}
	if m := member.FindStringSubmatch(page); m != nil && o.dice.IntN(5) == 0 {
		return o.outcome(ctx, id, m[1])
	}
	var may []deed
	for _, d := range deeds {
		if strings.Contains(page, `action="`+at+"/"+d.path+`"`) {
			may = append(may, d)
		}
	}
	if len(may) == 0 {
		o.crew.closed(id)
		return nil
	}
	d := may[o.dice.IntN(len(may))]
	if d.ends && o.dice.IntN(3) > 0 {
		return nil
	}
	form := url.Values{"version": {seen[1]}, "key": {o.key()}}
	for name, value := range d.fields {
		form.Set(name, value)
	}
	return o.acknowledged(ctx, id, "act "+d.path, at+"/"+d.path, form, d.ends)
}

// acknowledged sends the form of an act and remembers what the program answers.
func (o *Officer) acknowledged(ctx context.Context, id int64, what, path string, form url.Values, ends bool) error {
	answer, _, err := o.send(ctx, what, "POST", path, form)
	if err != nil {
		return err
	}
	switch answer.StatusCode {
	case http.StatusSeeOther:
		o.crew.mu.Lock()
		o.crew.Acks = append(o.crew.Acks, Ack{id, form.Get("key")})
		o.crew.mu.Unlock()
		if ends {
			o.crew.closed(id)
		}
	case http.StatusConflict, http.StatusUnprocessableEntity: // not done, and said so
	default:
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	return nil
}

// outcome records that nothing was found in a consignment of the case.
func (o *Officer) outcome(ctx context.Context, id int64, consignment string) error {
	path := "/cases/" + strconv.FormatInt(id, 10) + "/outcomes/" + consignment
	_, page, err := o.send(ctx, "outcome form", "GET", path, nil)
	if err != nil {
		return err
	}
	seen := version.FindStringSubmatch(page)
	if seen == nil {
		return nil
	}
	form := url.Values{"version": {seen[1]}, "key": {o.key()}, "outcome-method": {"partial"}, "outcome-result": {"nothing"}}
	return o.acknowledged(ctx, id, "act outcome", path, form, false)
}
