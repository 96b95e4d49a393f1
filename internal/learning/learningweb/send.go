package learningweb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// What one request may bring.
const (
	maxBatch       = 10_000
	maxAttachments = 200
)

// putStatement keeps one statement under the id that the address says (§2.1.1).
func (a *API) putStatement(w http.ResponseWriter, c *call) error {
	if err := c.only("statementId"); err != nil {
		return err
	}
	id, ok := xapi.ParseUUID(c.query.Get("statementId"))
	if !ok {
		return refuse("the parameter statementId must be the UUID of the statement")
	}
	_, err := a.keep(c, func(body []byte) ([]*xapi.Statement, error) {
		s, err := xapi.ParseStatement(body, c.version)
		if err != nil {
			return nil, err
		}
		if !s.HasID() {
			s.SetID(id)
		}
		if s.ID != id {
			return nil, refuse("the statement has the id %s, and the parameter statementId says %s", s.ID, id)
		}
		return []*xapi.Statement{s}, nil
	})
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// postStatements keeps one statement or several, and answers with their ids (§2.1.2).
func (a *API) postStatements(w http.ResponseWriter, c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	ids, err := a.keep(c, func(body []byte) ([]*xapi.Statement, error) {
		statements, err := xapi.ParseStatements(body, c.version)
		if len(statements) > maxBatch {
			err = &status{http.StatusRequestEntityTooLarge, fmt.Sprintf("a request may bring %d statements", maxBatch)}
		}
		return statements, err
	})
	if err != nil {
		return err
	}
	return answerJSON(w, ids)
}

// keep reads the statements of a request, with their attachments, and keeps them.
func (a *API) keep(c *call, read func(body []byte) ([]*xapi.Statement, error)) ([]string, error) {
	body, parts, err := c.statements()
	if err != nil {
		return nil, err
	}
	statements, err := read(body)
	if err != nil {
		return nil, err
	}
	uploads, err := receive(statements, parts)
	defer func() {
		for _, u := range uploads {
			u.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	for _, u := range uploads {
		if err := a.records.KeepAttachment(c.Context(), u); err != nil {
			return nil, err
		}
	}
	return a.records.Keep(c.Context(), c.client, statements)
}

// statements returns the JSON of a request, and what follows it when the request is of
// several parts (§1.5); parts is nil otherwise.
func (c *call) statements() (body []byte, parts *multipart.Reader, err error) {
	media, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	switch {
	case err == nil && media == "application/json":
		body, err = readBody(c.Body, maxStatements)
		return body, nil, err
	case err != nil || media != "multipart/mixed":
		return nil, nil, refuse("statements are sent as application/json, or with attachments as multipart/mixed")
	case params["boundary"] == "":
		return nil, nil, refuse("multipart/mixed needs a boundary")
	}
	parts = multipart.NewReader(c.Body, params["boundary"])
	first, err := parts.NextRawPart()
	if err != nil {
		return nil, nil, badPart(err)
	}
	if media, _, err := mime.ParseMediaType(first.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, nil, refuse("the first part must hold the statements, as application/json")
	}
	body, err = readBody(first, maxStatements)
	return body, parts, err
}

func badPart(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return refuse("the parts of the request can not be read: %v", err)
}

// receive reads the attachments that go with statements, holds each against its
// statement, and checks signatures. What is returned must be closed, with an error, too.
func receive(statements []*xapi.Statement, parts *multipart.Reader) (uploads []*learning.Upload, err error) {
	wanted := map[string]bool{}
	for _, s := range statements {
		for _, at := range s.Attachments() {
			wanted[at.SHA2] = true
		}
	}
	got := map[string]*learning.Upload{}
	for n := 2; parts != nil; n++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return uploads, badPart(err)
		}
		u, err := receivePart(part, n, wanted)
		if err != nil {
			return uploads, err
		}
		uploads = append(uploads, u)
		got[u.SHA2] = u
	}
	return uploads, complete(statements, got)
}

// receivePart reads one attachment (§1.5.2).
func receivePart(part *multipart.Part, n int, wanted map[string]bool) (*learning.Upload, error) {
	sha2 := strings.ToLower(part.Header.Get("X-Experience-API-Hash"))
	switch {
	case n > maxAttachments+1:
		return nil, refuse("a request may bring %d attachments", maxAttachments)
	case sha2 == "":
		return nil, refuse("part %d must say the SHA-2 sum of its content in the header X-Experience-API-Hash", n)
	case part.Header.Get("Content-Transfer-Encoding") != "binary":
		return nil, refuse("part %d must have the header Content-Transfer-Encoding: binary", n)
	case !wanted[sha2]:
		return nil, refuse("part %d has the SHA-2 sum %.12s, which no attachment of the statements has", n, sha2)
	}
	u, err := learning.Receive(sha2, part)
	return u, badContent(err)
}

func badContent(err error) error {
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) || problemOf(&http.Request{}, err).Status < http.StatusInternalServerError {
		return err
	}
	return badPart(err)
}

// complete refuses statements of which an attachment neither came along nor can be
// fetched, and those whose signature is not theirs (part 2 §2.6).
func complete(statements []*xapi.Statement, got map[string]*learning.Upload) error {
	for _, s := range statements {
		for _, at := range s.Attachments() {
			u := got[at.SHA2]
			switch {
			case u == nil && at.Signature:
				return refuse("the signature %.12s of a statement did not come along", at.SHA2)
			case u == nil && at.FileURL == "":
				return refuse("the attachment %.12s did not come along, and has no fileUrl", at.SHA2)
			case u == nil || !at.Signature:
				continue
			}
			jws, err := u.Bytes()
			if err != nil {
				return err
			}
			if err := s.CheckSignature(jws); err != nil {
				return err
			}
		}
	}
	return nil
}

// answerJSON answers with a value as JSON.
func answerJSON(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeJSON(w, body)
}

// writeJSON answers with JSON.
func writeJSON(w http.ResponseWriter, body []byte) error {
	w.Header().Set("Content-Type", "application/json")
	w.Write(body) // who has gone needs no answer
	return nil
}
