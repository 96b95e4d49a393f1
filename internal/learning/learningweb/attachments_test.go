package learningweb_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"tidewaiter/internal/learning"
)

// part is one of several of a body; header names and values stand in turns.
type part struct {
	headers []string
	content string
}

func sha(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// file is an attachment as a part of a request.
func file(content string) part {
	return part{[]string{"Content-Type", "text/plain", "Content-Transfer-Encoding", "binary", "X-Experience-API-Hash", sha(content)}, content}
}

func inJSON(content string) part { return part{[]string{"Content-Type", "application/json"}, content} }

func several(t testing.TB, parts ...part) (contentType, body string) {
	t.Helper()
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		for i := 0; i < len(p.headers); i += 2 {
			header[p.headers[i]] = []string{p.headers[i+1]}
		}
		into, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(into, p.content)
	}
	w.Close()
	return "multipart/mixed; boundary=" + w.Boundary(), b.String()
}

func (w *world) sendParts(parts ...part) reply {
	w.Helper()
	contentType, body := several(w, parts...)
	return w.ask("POST", "/statements", body, "Content-Type", contentType)
}

// readParts returns the parts of an answer.
func (r reply) readParts() (contents []string, headers []textproto.MIMEHeader) {
	r.Helper()
	media, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil || media != "multipart/mixed" {
		r.Fatalf("XAPI-00167: %s is %s, %v", r.what, media, err)
	}
	reader := multipart.NewReader(bytes.NewReader(r.body), params["boundary"])
	for {
		p, err := reader.NextRawPart()
		if err == io.EOF {
			return contents, headers
		}
		if err != nil {
			r.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			r.Fatal(err)
		}
		contents, headers = append(contents, string(content)), append(headers, p.Header)
	}
}

func attachment(sha2, more string) string {
	return fmt.Sprintf(`{"usageType":"http://example.com/note","display":{"en":"A note"},"contentType":"text/plain","length":27,"sha2":%q%s}`, sha2, more)
}

func attachments(list ...string) string { return `"attachments":[` + strings.Join(list, ",") + `]` }

func TestAttachmentsGoInAndComeBack(t *testing.T) {
	eachVersion(t, func(w *world) {
		one, two := "the seal was glued\r\n--not a boundary", strings.Repeat("noise \x00\xff", 400_000) // 3 MB
		sum := sha512.Sum512([]byte("long"))
		long := part{[]string{"Content-Type", "text/plain", "Content-Transfer-Encoding", "binary", "X-Experience-API-Hash", strings.ToUpper(hex.EncodeToString(sum[:]))}, "long"}
		s := statement("aigul", "noted", "seal", attachments(attachment(sha(one), ""), attachment(strings.ToUpper(sha(two)), ""), attachment(hex.EncodeToString(sum[:]), ""),
			attachment(sha("elsewhere"), `,"fileUrl":"http://example.com/note.txt"`)))
		var ids []string
		w.sendParts(inJSON("["+s+","+statement("aigul", "noted", "seal", attachments(attachment(sha(one), "")))+"]"), file(one), file(two), long).
			is(200, "XAPI-00127 XAPI-00130").into(&ids)
		contents, headers := w.ask("GET", "/statements"+query("statementId", ids[0], "attachments", "true"), nil).is(200, "XAPI-00167").readParts()
		if len(contents) != 4 || contents[1] != one || contents[2] != two || contents[3] != "long" {
			w.Fatalf("XAPI-00167: %d parts come back", len(contents))
		}
		for i, want := range []string{sha(one), sha(two)} {
			h := headers[i+1]
			if h.Get("X-Experience-API-Hash") != want || h.Get("Content-Transfer-Encoding") != "binary" || h.Get("Content-Type") != "text/plain" {
				w.Errorf("XAPI-00132 XAPI-00135: part %d has %v", i, h)
			}
		}
		contents, _ = w.ask("GET", "/statements"+query("attachments", "true", "limit", "2"), nil).is(200, "XAPI-00161").readParts()
		if len(contents) != 4 || !strings.Contains(contents[0], `"statements":[`) {
			w.Errorf("XAPI-00161: a page of two statements with one file in common has %d parts", len(contents))
		}
		got := w.ask("GET", "/statements"+query("statementId", ids[0], "attachments", "false"), nil)
		if got.header.Get("Content-Type") != "application/json" {
			w.Errorf("XAPI-00161: %s without attachments", got.header.Get("Content-Type"))
		}
		w.ask("GET", "/statements"+query("attachments", "true", "verb", verbID("nobody")), nil).is(200, "XAPI-00167").readParts()
	})
}

func TestBadParts(t *testing.T) {
	eachVersion(t, func(w *world) {
		note := "a note"
		s := statement("aigul", "noted", "seal", attachments(attachment(sha(note), "")))
		without := func(p part, name string) part {
			for i := 0; i < len(p.headers); i += 2 {
				if p.headers[i] == name {
					return part{append(append([]string{}, p.headers[:i]...), p.headers[i+2:]...), p.content}
				}
			}
			return p
		}
		as := func(name, value string) part {
			p := without(file(note), name)
			return part{append(p.headers, name, value), p.content}
		}
		for ids, parts := range map[string][]part{
			"XAPI-00128":         {inJSON(s), file(note), file("excess")},
			"XAPI-00129":         {inJSON(s)},
			"XAPI-00132":         {inJSON(s), without(file(note), "X-Experience-API-Hash")},
			"XAPI-00133":         {inJSON(s), as("X-Experience-API-Hash", sha("another"))},
			"XAPI-00135":         {inJSON(s), without(file(note), "Content-Transfer-Encoding")},
			"XAPI-00135 base64":  {inJSON(s), as("Content-Transfer-Encoding", "base64")},
			"XAPI-00134":         {{[]string{"Content-Type", "text/plain"}, s}, file(note)},
			"XAPI-00130":         {file(note), inJSON(s)},
			"XAPI-00133 content": {inJSON(s), {file(note).headers, "another note"}},
		} {
			w.sendParts(parts...).is(400, ids)
		}
		contentType, body := several(w, inJSON(s), file(note))
		for ids, bad := range map[string]string{
			"XAPI-00131":           "multipart/mixed",
			"XAPI-00127":           strings.Replace(contentType, "mixed", "form-data", 1),
			"XAPI-00131 other":     "multipart/mixed; boundary=other",
			"XAPI-00127 text":      "text/plain",
			"XAPI-00127 none":      "",
			"XAPI-00127 malformed": "multipart/mixed; boundary",
		} {
			w.ask("POST", "/statements", body, "Content-Type", bad).is(400, ids)
		}
		w.ask("POST", "/statements", body[:len(body)-60], "Content-Type", contentType).is(400, "XAPI-00131")
		w.ask("POST", "/statements", s).is(400, "XAPI-00129")
		w.ask("POST", "/statements", statement("aigul", "noted", "seal", attachments(attachment(sha(note), `,"fileUrl":"http://example.com/x"`)))).is(200, "XAPI-00127")
		w.sendParts(inJSON(statement("aigul", "noted", "seal"))).is(200, "XAPI-00127")
	})
}

// The signature's own tests stand in package xapi; here it comes along as a part.
func TestSignedStatements(t *testing.T) {
	eachVersion(t, func(w *world) {
		encode := base64.RawURLEncoding.EncodeToString
		bare := statement("aigul", "signed", "papers")
		sign := func(algorithm, payload string) string {
			return encode([]byte(`{"alg":"`+algorithm+`"}`)) + "." + encode([]byte(payload)) + "." + encode([]byte("signature"))
		}
		send := func(jws, contentType string) reply {
			signed := strings.Replace(bare, "{", `{`+attachments(fmt.Sprintf(`{"usageType":"http://adlnet.gov/expapi/attachments/signature","display":{"en":"Signature"},
				"contentType":%q,"length":%d,"sha2":%q}`, contentType, len(jws), sha(jws)))+",", 1)
			return w.sendParts(inJSON(signed), file(jws))
		}
		for _, algorithm := range []string{"RS256", "RS384", "RS512"} {
			send(sign(algorithm, bare), "application/octet-stream").is(200, "XAPI-00117")
		}
		send(sign("HS256", bare), "application/octet-stream").is(400, "XAPI-00117")
		send(sign("RS256", strings.ReplaceAll(bare, `"`, `'`)), "application/octet-stream").is(400, "XAPI-00116")
		send(sign("RS256", statement("aigul", "signed", "other")), "application/octet-stream").is(400, "XAPI-00116")
		send(sign("RS256", bare), "text/plain").is(400, "XAPI-00115")
		send("no signature", "application/octet-stream").is(400, "XAPI-00115")
		missing := strings.Replace(bare, "{", `{`+attachments(`{"usageType":"http://adlnet.gov/expapi/attachments/signature","display":{"en":"Signature"},
			"contentType":"application/octet-stream","length":1,"sha2":"`+sha("x")+`","fileUrl":"http://example.com/signature"}`)+",", 1)
		w.ask("POST", "/statements", missing).is(400, "XAPI-00115")
	})
}

// A file that is too large is refused, and its statement with it.
func TestTooLargeAnAttachment(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 64 MiB")
	}
	each(t, func(w *world) {
		content := strings.Repeat("0123456789abcdef", (learning.MaxAttachment+16)/16)
		s := statement("aigul", "noted", "seal", attachments(attachment(sha(content), "")))
		w.sendParts(inJSON(s), file(content)).is(400, "bounds").has("bounds", "larger than")
		if got := w.find("bounds", "verb", verbID("noted")); len(got.Statements) != 0 {
			t.Errorf("%d statements were kept", len(got.Statements))
		}
	})
}
