package intakeweb

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
)

// shownConsignments is how many consignments of an import its page lists.
const shownConsignments = 100

// importView is the page of one import.
type importView struct {
	Import       *intake.Import
	Consignments []*cargo.Consignment // each once, in its newest version of this import
	More         bool                 // there are more than listed
	Held         []intake.Quarantined // the first open ones
	MayImport    bool
	MayMend      bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, im, err := p.importOf(r, identity.SeeQueue)
	if err != nil {
		return err
	}
	v := importView{Import: im, MayImport: viewer.Can(identity.Import), MayMend: viewer.Can(identity.Mend)}
	all, err := p.Cargo.OfImport(ctx, im.Scope, im.ID, shownConsignments+1)
	if err != nil {
		return err
	}
	v.More = len(all) > shownConsignments
	v.Consignments = newest(all[:min(len(all), shownConsignments)])
	if v.Held, err = p.Imports.Quarantine(ctx, im.Scope, im.ID, true, 0, 5); err != nil {
		return err
	}
	if err := p.Audit.Saw(ctx, "import", strconv.FormatInt(im.ID, 10)); err != nil {
		return err
	}
	return web.Render(w, r, importPage(v))
}

// newest leaves of the versions of one consignment, which follow each other, the last.
func newest(versions []*cargo.Consignment) (out []*cargo.Consignment) {
	for _, c := range versions {
		if n := len(out); n > 0 && out[n-1].ID == c.ID {
			out[n-1] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

// progress is what the island live-progress hears.
type progress struct {
	Value int64  `json:"value"`
	Max   int64  `json:"max"`
	Text  string `json:"text"`
	Done  string `json:"done,omitempty"`
}

func progressOf(ctx context.Context, im *intake.Import) progress {
	p := progress{Value: im.BytesDone, Max: max(im.Size, 1), Text: web.T(ctx, "intake.progress", "Count", im.Records)}
	if im.State != intake.Reading {
		p.Done = importHref(im.ID, "")
	}
	return p
}

// events tells how far the reading is, until it has ended.
func (p *Pages) events(w http.ResponseWriter, r *http.Request) error {
	_, im, err := p.importOf(r, identity.SeeQueue)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	out := make(chan web.Event)
	go p.follow(ctx, im, out)
	return web.Events(w, r, out)
}

// follow looks at the import until it has ended or nobody listens.
func (p *Pages) follow(ctx context.Context, im *intake.Import, out chan<- web.Event) {
	defer close(out)
	every := p.Poll
	if every <= 0 {
		every = 500 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for last := ""; ; {
		state := progressOf(ctx, im)
		if now := fmt.Sprint(state); now != last {
			last = now
			select {
			case out <- web.Event{Name: "progress", Data: state}:
			case <-ctx.Done():
				return
			}
		}
		if state.Done != "" {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		next, err := p.Imports.Get(ctx, im.Scope, im.ID)
		if err != nil {
			return
		}
		im = next
	}
}

func (p *Pages) cancel(w http.ResponseWriter, r *http.Request) error {
	_, im, err := p.importOf(r, identity.Import)
	if err != nil {
		return err
	}
	if err := p.Imports.Cancel(r.Context(), im.Scope, im.ID); err != nil {
		return err
	}
	web.AddFlash(w, r, web.Info, web.T(r.Context(), "intake.cancelled", "Name", nameOf(r.Context(), im)))
	return web.Redirect(w, r, importHref(im.ID, ""))
}

func (p *Pages) resume(w http.ResponseWriter, r *http.Request) error {
	_, im, err := p.importOf(r, identity.Import)
	if err != nil {
		return err
	}
	if err := p.Imports.Resume(r.Context(), im.Scope, im.ID); err != nil {
		return err
	}
	return web.Redirect(w, r, importHref(im.ID, ""))
}

// download gives the file as it came. It is never shown in the browser: what came from
// outside may be a page.
func (p *Pages) download(w http.ResponseWriter, r *http.Request) error {
	_, im, err := p.importOf(r, identity.SeeQueue)
	if err != nil {
		return err
	}
	im, body, err := p.Imports.Raw(r.Context(), im.Scope, im.ID)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := p.noteDownload(r.Context(), im); err != nil {
		return err
	}
	kind := "text/plain"
	if im.Format == intake.XLSX || im.Format == "" {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": downloadName(im)}))
	h.Set("Content-Length", strconv.FormatInt(im.Size, 10))
	h.Set("Cache-Control", "no-store")
	_, err = io.Copy(w, body)
	return err
}

// unsafeName is what a file system, or a person who reads a name, could mistake.
var unsafeName = regexp.MustCompile(`[\x00-\x1f"<>|?*:\\/\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]+`)

// downloadName is the sender's name for the file, made safe.
func downloadName(im *intake.Import) string {
	name := unsafeName.ReplaceAllString(filepath.Base(im.Name), "_")
	if im.Name == "" || name == "." {
		return im.Hash[:12]
	}
	return name
}
