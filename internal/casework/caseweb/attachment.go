package caseweb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/picture"
	"tidewaiter/internal/web"
)

const (
	// maxFile bounds a photo or paper, in bytes.
	maxFile = 25 << 20
	// maxUpload bounds a form with files: attachments, or an entry of the checklist with
	// its photos.
	maxUpload = 4*maxFile + maxForm
	// limitText is maxFile as pages say it.
	limitText = "25 MiB"
	// inMemory is how much of a form with files is held; the rest waits on disk.
	inMemory = 1 << 20
)

// attachForm is the name of the form of photos and papers.
const attachForm = "attach"

// attach adds the files of a form to the case.
func (p *Pages) attach(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseMultipartForm(inMemory); err != nil {
		return readFault(ctx, err)
	}
	defer r.MultipartForm.RemoveAll() // of files that are read by then
	in := input{r, attachForm}
	files := r.MultipartForm.File[fieldName(attachForm, "file")]
	ref := refOf(r, k)
	up := casework.Upload{Caption: in.get("caption"), Consignment: in.number("consignment")}
	err = p.attachAll(ctx, ref, up, files, false)
	if err == nil && (len(files) == 0 || files[0].Filename == "") {
		err = wrong(ctx, "file", "case.wrong.file.none")
	}
	if err != nil {
		return p.refused(w, r, viewer, k, form{Name: attachForm, Typed: r.PostForm}, casework.Done{}, err)
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "case.done.attach"))
	return web.Redirect(w, r, caseHref(k.ID)+"#attachments")
}

// attachAll adds the files to the case, each under a key of its own: of the form's key
// and of its bytes, so that a form that comes twice brings each of them once.
func (p *Pages) attachAll(ctx context.Context, ref casework.Ref, up casework.Upload, files []*multipart.FileHeader, photos bool) error {
	for _, header := range files {
		if header.Size == 0 && header.Filename == "" {
			continue // the browser's way of sending no file
		}
		if err := p.attachOne(ctx, ref, up, header, photos); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pages) attachOne(ctx context.Context, ref casework.Ref, up casework.Upload, header *multipart.FileHeader, photo bool) error {
	field := "file"
	if photo {
		field = "photos"
	}
	file, err := header.Open()
	if err != nil {
		return fmt.Errorf("open the upload %q: %w", header.Filename, err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return readFault(ctx, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	up.Name = header.Filename
	ref.Key = attachmentKey(ref.Key, sum.Sum(nil))
	done, err := p.Cases.Attach(ctx, ref, up, file)
	if done.Seq != 0 {
		return nil // it is in the case, or set aside there
	}
	return attachFault(ctx, field, header.Filename, err)
}

func attachmentKey(key string, sum []byte) string {
	if key == "" {
		return ""
	}
	return key + "-" + hex.EncodeToString(sum[:12])
}

// readFault says why a form with files could not be read: it is too large, which the site
// says, or it did not arrive whole.
func readFault(ctx context.Context, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return fault.Wrap(fault.Invalid, err, "%s", web.T(ctx, "case.wrong.file.sent"))
}

// attachFault says why a file was refused, with its name.
func attachFault(ctx context.Context, field, name string, err error) error {
	if picture.RefusalOf(err) == "" {
		return err
	}
	return say(field, caseword.Joined(": ", name, web.Explain(ctx, err)))
}

// copyOf is the copy of an attachment that a request asks for.
func (p *Pages) copyOf(r *http.Request, as casework.Copy) (*casework.Case, casework.Attachment, io.ReadCloser, error) {
	_, k, err := p.caseOf(r)
	if err != nil {
		return nil, casework.Attachment{}, nil, err
	}
	seq, err := pathNumber(r, "seq")
	if err != nil {
		return nil, casework.Attachment{}, nil, err
	}
	a, body, err := p.Cases.OpenAttachment(r.Context(), k.Scope, k.ID, int(seq), as)
	return k, a, body, orNotFound(r.Context(), err)
}

// download gives an attachment as it came, or with ?clean=1 without what the camera wrote.
func (p *Pages) download(w http.ResponseWriter, r *http.Request) error {
	as := casework.Original
	if r.URL.Query().Get("clean") != "" {
		as = casework.Stripped
	}
	k, a, body, err := p.copyOf(r, as)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := p.Cases.Audit.Saw(r.Context(), "attachment", fmt.Sprintf("%d/%d", k.ID, a.Seq)); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Cache-Control", "private, no-store")
	if as == casework.Original {
		h.Set("Content-Length", strconv.FormatInt(a.Size, 10))
	}
	return send(w, a.MediaType, body)
}

// thumbnail gives the small picture of an attachment, which a phone may keep for the yard.
func (p *Pages) thumbnail(w http.ResponseWriter, r *http.Request) error {
	_, _, body, err := p.copyOf(r, casework.Thumb)
	if err != nil {
		return err
	}
	defer body.Close()
	web.KeepOffline(w, r)
	w.Header().Set("Cache-Control", "private, max-age="+strconv.Itoa(int(thumbFor.Seconds())))
	return send(w, string(picture.JPEG), body)
}

// thumbFor is how long a browser need not ask for a thumbnail again: it never changes, but
// who may see it does.
const thumbFor = time.Hour

func send(w http.ResponseWriter, kind string, body io.Reader) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, err := io.Copy(w, body)
	return err
}
