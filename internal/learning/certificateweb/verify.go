package certificateweb

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// answer is the public page: what was asked, and what there is to say.
type answer struct {
	Number      string // as it was typed
	NumberError string
	FileError   string
	Found       *certificate.Certificate
	ByBadge     bool // a badge was shown, and it is as it was signed
}

// problems are what the form is shown again with.
func (a answer) problems() (list []c.FieldError) {
	if a.NumberError != "" {
		list = append(list, c.FieldError{Field: "number", Text: a.NumberError})
	}
	if a.FileError != "" {
		list = append(list, c.FieldError{Field: "badge", Text: a.FileError})
	}
	return list
}

// ask shows the form, or leads to the certificate with the number typed into it.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	typed := r.FormValue("number")
	if typed == "" {
		return web.Render(w, r, verifyPage(answer{}))
	}
	number, err := certificate.ParseNumber(typed)
	if err != nil {
		return p.say(w, r, answer{Number: clip(typed, 60)}, err)
	}
	return web.Redirect(w, r, "/verify/"+number)
}

func (p *Pages) verify(w http.ResponseWriter, r *http.Request) error {
	a := answer{Number: clip(r.PathValue("number"), 60)}
	number, err := certificate.ParseNumber(r.PathValue("number"))
	if err == nil {
		a.Number = certificate.Spaced(number)
		var found certificate.Certificate
		if found, err = p.Certificates.Find(r.Context(), number, p.Address(r)); err == nil {
			a.Found = &found
		}
	}
	return p.say(w, r, a, err)
}

// say answers with the page; an error that a person can do something about stands next to
// the field with the number.
func (p *Pages) say(w http.ResponseWriter, r *http.Request, a answer, err error) error {
	ctx := r.Context()
	w.Header().Set("Cache-Control", "no-store")
	var wait *certificate.Wait
	switch {
	case err == nil:
		return web.Render(w, r, verifyPage(a))
	case fault.KindOf(err) == fault.Failure:
		return err
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.For.Seconds())))
		a.NumberError = web.T(ctx, "certificate.verify.wait", "Wait", web.Duration(ctx, wait.For))
	case fault.Is(err, fault.NotFound):
		a.NumberError = web.T(ctx, "certificate.verify.unknown", "Number", a.Number)
	default:
		a.NumberError = web.Explain(ctx, err)
	}
	return web.RenderStatus(w, r, fault.Status(err), verifyPage(a))
}

// verifyBadge says whether a badge file is as it was signed, and how its certificate stands.
func (p *Pages) verifyBadge(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	token, err := badgeIn(r)
	var found certificate.Certificate
	if err == nil {
		found, err = p.Certificates.CheckBadge(r.Context(), token)
	}
	if err == nil {
		return web.Render(w, r, verifyPage(answer{Found: &found, ByBadge: true, Number: certificate.Spaced(found.Number)}))
	}
	var large *http.MaxBytesError
	if fault.KindOf(err) == fault.Failure || errors.As(err, &large) {
		return err
	}
	return web.RenderStatus(w, r, fault.Status(err), verifyPage(answer{FileError: web.Explain(r.Context(), err)}))
}

// badgeIn returns the file that the form brought.
func badgeIn(r *http.Request) (string, error) {
	file, _, err := r.FormFile("badge")
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return "", err
	}
	if err != nil {
		return "", fault.New(fault.Invalid, "choose a badge file")
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, badge.MaxFile+1))
	return badge.Unbake(raw), err
}

// document answers with the issuer's DID document (did:web §2.2). Wallets in browsers of
// other sites may read it.
func (p *Pages) document(w http.ResponseWriter, r *http.Request) error {
	raw, err := p.Certificates.Document(r.Context())
	if err != nil {
		return err
	}
	return open(w, "application/did+json", raw)
}

// statusList answers with a status list (BSL §2.2).
func (p *Pages) statusList(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("list"))
	if err != nil {
		n = 0 // there is no such list
	}
	token, err := p.Certificates.StatusList(r.Context(), n)
	if err != nil {
		return err
	}
	return open(w, "application/vc+jwt", []byte(token))
}

// open answers with what is for everybody.
func open(w http.ResponseWriter, mediaType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err := w.Write(body)
	return err
}
