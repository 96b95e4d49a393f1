package resultweb

import (
	"io"
	"net/http"

	"tidewaiter/internal/web"
)

// download is an answer that is written as it is made. Until its first byte an error is
// still a page.
type download struct {
	w         http.ResponseWriter
	name      string // of the file, ASCII
	mediaType string
	begun     bool
}

// Write sends bytes, behind the headers.
func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		h := d.w.Header()
		h.Set("Content-Type", d.mediaType)
		h.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
		h.Set("Cache-Control", "private, no-store")
	}
	return d.w.Write(b)
}

// hand answers with a file. When making it fails on the way, the connection is broken
// off: a browser then says that the download failed, and keeps no half of it.
func hand(w http.ResponseWriter, r *http.Request, name, mediaType string, write func(io.Writer) error) error {
	d := &download{w: w, name: name, mediaType: mediaType}
	err := write(d)
	if err == nil || !d.begun {
		return err
	}
	if r.Context().Err() == nil { // else the person has gone, which is nobody's fault
		web.Fail(w, r, err)
	}
	panic(http.ErrAbortHandler)
}
