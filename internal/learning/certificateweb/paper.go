package certificateweb

import (
	"bytes"
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"

	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/web"
)

// verifyAddress is where a certificate is verified: at the address that the program was
// told, or else where the request came to.
func (p *Pages) verifyAddress(r *http.Request, one certificate.Certificate) string {
	origin := string(p.Certificates.Home)
	if origin == "" {
		scheme := "http://"
		if p.Secure || r.TLS != nil {
			scheme = "https://"
		}
		origin = scheme + r.Host
	}
	return origin + "/verify/" + one.Number
}

// paper answers with the certificate as a PDF, in the language asked for.
func (p *Pages) paper(w http.ResponseWriter, r *http.Request) error {
	one, err := p.certificateOf(r)
	if err != nil {
		return err
	}
	if err := one.Good(); err != nil {
		return err
	}
	ctx := r.Context()
	if lang := web.Language(r.FormValue("lang")); slices.Contains(web.Languages, lang) {
		ctx = web.SetLanguage(ctx, lang)
	}
	var out bytes.Buffer
	if err := writePaper(ctx, &out, one, p.verifyAddress(r, one)); err != nil {
		return err
	}
	return hand(w, "certificate-"+certificate.Spaced(one.Number)+"-"+string(web.LanguageOf(ctx))+".pdf", "application/pdf", out.Bytes())
}

// badge answers with the certificate's badge as a file (OB §5.1, §5.2).
func (p *Pages) badge(w http.ResponseWriter, r *http.Request) error {
	one, err := p.certificateOf(r)
	if err != nil {
		return err
	}
	token, err := p.Certificates.Badge(r.Context(), one)
	if err != nil {
		return err
	}
	return hand(w, "badge-"+certificate.Spaced(one.Number)+".jwt", "text/plain; charset=utf-8", []byte(token+"\n"))
}

// picture answers with the badge as a picture that carries it (OB §5.3).
func (p *Pages) picture(w http.ResponseWriter, r *http.Request) error {
	one, err := p.certificateOf(r)
	if err != nil {
		return err
	}
	token, err := p.Certificates.Badge(r.Context(), one)
	if err != nil {
		return err
	}
	title := one.TitleIn(string(web.LanguageOf(r.Context())))
	return hand(w, "badge-"+certificate.Spaced(one.Number)+".svg", "image/svg+xml", badge.Bake(token, title))
}

// hand answers with a file to keep.
func hand(w http.ResponseWriter, name, mediaType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(body)
	return err
}

// Colours of the paper: ink, the blue of deep water, and a grey for what is said in passing.
var (
	ink   = pdf.Colour{R: 26, G: 32, B: 38}
	water = pdf.Colour{R: 22, G: 72, B: 99}
	quiet = pdf.Colour{R: 95, G: 105, B: 113}
)

// Measures of the paper in millimetres.
const (
	centre   = pdf.SheetWidth / 2
	wide     = 220.0 // of texts in the middle
	codeSide = 34.0
	codeLeft = 30.0
	codeTop  = 150.0
)

// writePaper writes the certificate. It has a QR code of the address that says whether the
// certificate is good, and a line for the signature and stamp of the unit's head.
func writePaper(ctx context.Context, w io.Writer, one certificate.Certificate, verify string) error {
	t := func(id string, args ...any) string { return web.T(ctx, "certificate.paper."+id, args...) }
	lang := string(web.LanguageOf(ctx))
	s := pdf.NewSheet(pdf.Options{Title: t("heading") + " " + certificate.Spaced(one.Number), Author: one.Unit, Lang: lang, Made: one.Issued})
	s.Frame(8, 1.2, water)
	s.Frame(10.5, 0.3, water)
	middle := func(y float64) pdf.Area { return pdf.Area{X: centre, Y: y, Width: wide, Centred: true} }

	y := s.Fitted(middle(29), pdf.Letters{Size: 13, Colour: quiet}, 9, one.Unit)
	y = s.Text(middle(y+3), pdf.Letters{Size: 34, Bold: true, Colour: water}, strings.ToUpper(t("heading")))
	y = s.Text(middle(y+3), pdf.Letters{Size: 13, Colour: quiet}, t("that"))
	y = s.Fitted(middle(y+4), pdf.Letters{Size: 28, Bold: true, Colour: ink}, 16, one.Name)
	s.Rule(centre-60, y+1, 120, 0.3, water)
	y = s.Text(middle(y+5), pdf.Letters{Size: 13, Colour: quiet}, t("completed"))
	y = s.Fitted(middle(y+4), pdf.Letters{Size: 20, Bold: true, Colour: ink}, 13, one.TitleIn(lang))
	study := t("study", "Version", one.Version, "Time", web.Duration(ctx, time.Duration(one.Minutes)*time.Minute), "Score", web.Percent(ctx, math.Round(one.Score*100)/100))
	y = s.Text(middle(y+3), pdf.Letters{Size: 11, Colour: quiet}, study)
	s.Text(middle(y+3), pdf.Letters{Size: 13, Colour: ink}, t("at", "Date", web.Date(ctx, one.At)))
	return foot(s, t, one, verify, w)
}

// foot writes the code with the number beside it, and where the head of the unit signs.
func foot(s *pdf.Sheet, t func(string, ...any) string, one certificate.Certificate, verify string, w io.Writer) error {
	code, err := qr.Encode(verify, qr.M)
	if err != nil {
		return err
	}
	s.Modules(codeLeft, codeTop, codeSide, code.Size, code.Black)
	beside := func(y float64) pdf.Area { return pdf.Area{X: codeLeft + codeSide + 6, Y: y, Width: 95} }
	y := s.Text(beside(codeTop+3), pdf.Letters{Size: 9, Colour: quiet}, t("number"))
	y = s.Text(beside(y), pdf.Letters{Size: 14, Bold: true, Colour: ink}, certificate.Spaced(one.Number))
	y = s.Text(beside(y+1.5), pdf.Letters{Size: 9, Colour: quiet}, t("verify"))
	s.Text(beside(y), pdf.Letters{Size: 9, Colour: ink}, verify)
	s.Rule(190, codeTop+26, 77, 0.3, ink)
	s.Text(pdf.Area{X: 228.5, Y: codeTop + 27.5, Width: 77, Centred: true}, pdf.Letters{Size: 9, Colour: quiet}, t("head"))
	return s.Write(w)
}
