package learningweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// kind is one of the resources that hold documents.
type kind struct {
	name     string   // parameter with the id of a document
	owner    []string // parameters that say whose it is
	several  bool     // all of an owner can be deleted at once
	cautious bool     // by 1.0.3, too, PUT needs a condition
}

// The resources for documents (§2.3, §2.6, §2.7).
var (
	state           = kind{name: "stateId", owner: []string{"activityId", "agent", "registration"}, several: true}
	activityProfile = kind{name: "profileId", owner: []string{"activityId"}, cautious: true}
	agentProfile    = kind{name: "profileId", owner: []string{"agent"}, cautious: true}
)

func (a *API) documents(k kind) map[string]handler {
	return map[string]handler{
		"GET":    func(w http.ResponseWriter, c *call) error { return a.getDocuments(w, c, k) },
		"PUT":    func(w http.ResponseWriter, c *call) error { return a.writeDocument(w, c, k, a.records.PutDocument) },
		"POST":   func(w http.ResponseWriter, c *call) error { return a.writeDocument(w, c, k, a.records.MergeDocument) },
		"DELETE": func(w http.ResponseWriter, c *call) error { return a.deleteDocuments(w, c, k) },
	}
}

// place reads whose documents are meant, and which of them; none when the id is not said.
func (k kind) place(c *call) (p learning.Place, err error) {
	for _, name := range k.owner {
		switch name {
		case "activityId":
			p.Activity, err = c.activityID()
		case "agent":
			p.Agent, err = c.agent()
		case "registration":
			if c.query.Has(name) {
				id, ok := xapi.ParseUUID(c.query.Get(name))
				if !ok {
					err = refuse("the parameter registration must be a UUID")
				}
				p.Registration = id.String()
			}
		}
		if err != nil {
			return p, err
		}
	}
	p.Name = c.query.Get(k.name)
	if c.query.Has(k.name) && p.Name == "" {
		return p, refuse("the parameter %s must not be empty", k.name)
	}
	return p, nil
}

func (k kind) params(more ...string) []string { return append(append(more, k.name), k.owner...) }

// getDocuments answers with a document, or with the ids of all that are there.
func (a *API) getDocuments(w http.ResponseWriter, c *call, k kind) error {
	if err := c.only(k.params("since")...); err != nil {
		return err
	}
	p, err := k.place(c)
	if err != nil {
		return err
	}
	since, err := c.readTime("since")
	if err != nil {
		return err
	}
	if p.Name == "" {
		return a.getNames(w, c, p, since)
	}
	d, err := a.records.Document(c.Context(), c.client, p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("ETag", `"`+d.ETag+`"`)
	setModified(w, d.Updated)
	for _, tag := range tags(c.Header, "If-None-Match") {
		if tag == d.ETag || tag == "*" {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", d.ContentType)
	w.Write(d.Body)
	return nil
}

// getNames answers with the ids of an owner's documents.
func (a *API) getNames(w http.ResponseWriter, c *call, p learning.Place, since time.Time) error {
	names, last, err := a.records.DocumentNames(c.Context(), c.client, p.Owner, p.Registration, since)
	if err != nil {
		return err
	}
	if !last.IsZero() {
		setModified(w, last)
	}
	return answerJSON(w, names)
}

// writeDocument keeps a document, in the way of PUT or of POST.
func (a *API) writeDocument(w http.ResponseWriter, c *call, k kind,
	write func(ctx context.Context, client learning.Client, p learning.Place, d learning.Document, cond learning.Condition) error) error {
	if err := c.only(k.params()...); err != nil {
		return err
	}
	p, err := k.place(c)
	if err != nil {
		return err
	}
	if p.Name == "" {
		return refuse("the parameter %s must say which document is meant", k.name)
	}
	d := learning.Document{ContentType: c.Header.Get("Content-Type")}
	if d.ContentType == "" {
		d.ContentType = "application/octet-stream"
	}
	if d.Body, err = readBody(c.Body, learning.MaxDocument); err != nil {
		return err
	}
	if err := xapi.CheckDocument(d.ContentType, d.Body); err != nil {
		return err
	}
	cond := condition(c.Header)
	if c.Method == http.MethodPut {
		cond.Careful = k.cautious || c.version != xapi.V103
		cond.Needed = k.cautious && c.version == xapi.V103 // 2.0.0 asks for it only where there is one
	}
	if err := write(c.Context(), c.client, p, d, cond); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deleteDocuments removes a document, or where the resource knows that all of them.
func (a *API) deleteDocuments(w http.ResponseWriter, c *call, k kind) error {
	if err := c.only(k.params()...); err != nil {
		return err
	}
	p, err := k.place(c)
	if err != nil {
		return err
	}
	switch {
	case p.Name != "":
		err = a.records.DeleteDocument(c.Context(), c.client, p, condition(c.Header))
	case k.several:
		err = a.records.DeleteDocuments(c.Context(), c.client, p.Owner, p.Registration)
	default:
		err = refuse("the parameter %s must say which document is meant", k.name)
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// condition reads the headers that say in which case a document may be written (§3.1).
func condition(h http.Header) learning.Condition {
	return learning.Condition{Match: tags(h, "If-Match"), None: tags(h, "If-None-Match")}
}

// tags returns the ETags of a header; weak or not makes no difference here.
func tags(h http.Header, name string) (all []string) {
	for _, value := range h.Values(name) {
		for tag := range strings.SplitSeq(value, ",") {
			if tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`); tag != "" {
				all = append(all, tag)
			}
		}
	}
	return all
}
