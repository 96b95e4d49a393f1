package intakeweb

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

// listed is how many imports one page lists.
const listed = 50

// listView is the page of imports.
type listView struct {
	Imports   []*intake.Import
	Senders   []string
	Open      int
	MayImport bool
	Sender    string
	Wrong     []components.FieldError
	Next      string // address of the older ones
	Older     bool   // not the first page
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.listing(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

func (p *Pages) listing(r *http.Request) (v listView, err error) {
	ctx := r.Context()
	viewer, scope, err := enter(ctx, identity.SeeQueue)
	if err != nil {
		return v, err
	}
	before := time.Now().Add(time.Hour)
	if s := r.URL.Query().Get("before"); s != "" {
		us, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return v, fault.New(fault.Invalid, "%.40q is no place in the list", s)
		}
		before, v.Older = time.UnixMicro(us), true
	}
	if v.Imports, err = p.Imports.Recent(ctx, scope, before, listed+1); err != nil {
		return v, err
	}
	if len(v.Imports) > listed {
		v.Imports = v.Imports[:listed]
		v.Next = "/imports?before=" + strconv.FormatInt(v.Imports[listed-1].Received.UnixMicro(), 10)
	}
	if v.Senders, err = p.Imports.Senders(ctx, scope); err != nil {
		return v, err
	}
	v.MayImport = viewer.Can(identity.Import)
	v.Open, err = p.Imports.OpenProblems(ctx, scope)
	return v, err
}

// upload takes the files of a form one after the other, as they arrive. The field of
// the sender stands before them in the form.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	viewer, scope, err := enter(r.Context(), identity.Import)
	if err != nil {
		return err
	}
	form, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the request is no form with files")
	}
	up := intake.Upload{Scope: scope, Via: intake.ViaPage, Officer: viewer.Officer.ID}
	taken, err := p.takeParts(r.Context(), form, up, "sender")
	if err == nil && len(taken) == 0 {
		return p.noFile(w, r)
	}
	for _, im := range taken {
		if err != nil || len(taken) > 1 || im.Known {
			web.AddFlash(w, r, toneOfTaken(im), takenText(r.Context(), im))
		}
	}
	switch {
	case err != nil:
		return err
	case len(taken) > 1:
		return web.Redirect(w, r, "/imports")
	case taken[0].State == intake.Mapping:
		return web.Redirect(w, r, importHref(taken[0].ID, "/mapping"))
	}
	return web.Redirect(w, r, importHref(taken[0].ID, ""))
}

// noFile shows the form again when nothing was chosen.
func (p *Pages) noFile(w http.ResponseWriter, r *http.Request) error {
	v, err := p.listing(r)
	if err != nil {
		return err
	}
	v.Wrong = []components.FieldError{{Field: "files", Text: web.T(r.Context(), "intake.upload.none")}}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, listPage(v))
}

// maxParts bounds the parts of one form.
const maxParts = 1000

// takeParts receives each file of a form while it is still being sent; what came before
// an error is kept. A field of the given name says the sender of the files behind it.
func (p *Pages) takeParts(ctx context.Context, form *multipart.Reader, up intake.Upload, senderField string) (taken []*intake.Import, err error) {
	for range maxParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return taken, nil
		}
		if err != nil {
			return taken, brokenForm(err)
		}
		switch {
		case part.FormName() == senderField:
			text, err := io.ReadAll(io.LimitReader(part, 1000))
			if err != nil {
				return taken, brokenForm(err)
			}
			up.Sender = senderName(string(text))
		case part.FileName() != "":
			up.Name = part.FileName()
			im, err := p.take(ctx, up, part)
			if err != nil {
				return taken, err
			}
			taken = append(taken, im)
		}
	}
	return taken, fault.New(fault.Invalid, "the form has more than %d parts", maxParts)
}

// take receives one file.
func (p *Pages) take(ctx context.Context, up intake.Upload, body io.Reader) (*intake.Import, error) {
	im, err := p.Imports.Receive(ctx, up, body)
	if err != nil {
		return nil, brokenForm(err)
	}
	return im, nil
}

// brokenForm makes a cut-off or malformed body the sender's fault; other errors stay.
func brokenForm(err error) error {
	var tooLarge *http.MaxBytesError
	var known *fault.Error
	switch {
	case errors.As(err, &tooLarge), errors.As(err, &known):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "multipart"):
		return fault.Wrap(fault.Invalid, err, "the file did not arrive whole").WithHint("send it again")
	}
	return err
}

// senderName cleans what a person typed.
func senderName(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

func toneOfTaken(im *intake.Import) web.Tone {
	switch {
	case im.State == intake.Refused:
		return web.Bad
	case im.Known:
		return web.Info
	case im.State == intake.Mapping:
		return web.Warning
	}
	return web.Good
}

func takenText(ctx context.Context, im *intake.Import) string {
	id := "intake.taken"
	switch {
	case im.Known:
		id = "intake.taken.known"
	case im.State == intake.Refused:
		return web.T(ctx, "intake.taken.refused", "Name", nameOf(ctx, im), "Reason", web.Reword(ctx, im.Reason))
	case im.State == intake.Mapping:
		id = "intake.taken.mapping"
	}
	return web.T(ctx, id, "Name", nameOf(ctx, im))
}

func importHref(id int64, rest string) string {
	return "/imports/" + strconv.FormatInt(id, 10) + rest
}

func consignmentHref(c *cargo.Consignment) string {
	return "/consignments/" + strconv.FormatInt(c.ID, 10)
}
