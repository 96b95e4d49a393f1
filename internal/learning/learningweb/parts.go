package learningweb

import (
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

// writeStatements answers with JSON, or with JSON and the attachments that were sent with
// the statements, each once (§1.5.2).
func (a *API) writeStatements(w http.ResponseWriter, c *call, body []byte, kept []learning.Kept, form answerForm) error {
	if !form.attachments {
		return writeJSON(w, body)
	}
	var attachments []xapi.Attachment
	for _, k := range kept {
		s, err := xapi.Read(k.Body)
		if err != nil {
			return err
		}
		attachments = append(attachments, s.Attachments()...)
	}
	parts := multipart.NewWriter(w)
	w.Header().Set("Content-Type", "multipart/mixed; boundary="+parts.Boundary())
	if c.Method == http.MethodHead {
		return nil
	}
	if err := a.writeParts(c, parts, body, attachments); err != nil {
		a.log.ErrorContext(c.Context(), "xapi attachments", "error", err)
		panic(http.ErrAbortHandler) // the answer has begun: the client must see that it is cut
	}
	return nil
}

func (a *API) writeParts(c *call, parts *multipart.Writer, body []byte, attachments []xapi.Attachment) error {
	first, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {"application/json"}})
	if err != nil {
		return err
	}
	if _, err := first.Write(body); err != nil {
		return nil // who has gone needs no answer
	}
	sent := map[string]bool{}
	for _, at := range attachments {
		if sent[at.SHA2] {
			continue
		}
		sent[at.SHA2] = true
		content, err := a.records.OpenAttachment(c.Context(), at.SHA2)
		if fault.Is(err, fault.NotFound) { // it is at its fileUrl
			continue
		}
		if err != nil {
			return err
		}
		err = writePart(parts, at, content)
		content.Close()
		if err != nil {
			return err
		}
	}
	return parts.Close()
}

func writePart(parts *multipart.Writer, at xapi.Attachment, content io.Reader) error {
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {at.ContentType},
		"Content-Transfer-Encoding": {"binary"},
		"X-Experience-API-Hash":     {at.SHA2}, // as the standard spells it
	})
	if err != nil {
		return err
	}
	_, err = io.Copy(part, content)
	return err
}
