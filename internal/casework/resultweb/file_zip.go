package resultweb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/casework"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/picture"
	"tidewaiter/internal/risk"
)

// fileZIP answers with the case file and its evidence.
func (p *Pages) fileZIP(w http.ResponseWriter, r *http.Request) error {
	f, err := p.file(r, "zip")
	if err != nil {
		return err
	}
	return hand(w, r, "case-"+f.safeNumber()+".zip", "application/zip", func(out io.Writer) error { return p.writeZIP(r.Context(), f, out) })
}

func (p *Pages) writeZIP(ctx context.Context, f *caseFile, out io.Writer) error {
	b := newBundle(out, "case-"+f.safeNumber())
	err := b.add("case.pdf", f.At, false, func(w io.Writer) error { return p.writePaper(ctx, f, w) })
	if err != nil {
		return err
	}
	if err := b.add("acts.json", f.At, false, func(w io.Writer) error { return writeJSON(w, actsOf(f)) }); err != nil {
		return err
	}
	if err := p.packConsignments(ctx, f, b); err != nil {
		return err
	}
	for _, a := range f.Attachments {
		if err := p.packAttachment(ctx, f, b, a); err != nil {
			return err
		}
	}
	head := fmt.Sprintf("Case %s, version %d, handed out %s by %s", f.Number, f.Version, f.At.Format(time.RFC3339), f.Viewer.Officer.Name)
	return b.close(head, f.At)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// actsFile is everything that was done, as data: casework.Replay makes the case of it.
type actsFile struct {
	Number   string           `json:"number"`
	Version  int              `json:"version"`
	Exported time.Time        `json:"exported"`
	By       string           `json:"by"`
	Metadata string           `json:"metadata"`           // "original", or "strip": without time, place and camera of photos
	Officers map[int64]string `json:"officers,omitempty"` // names by the ids in the acts
	Acts     []casework.Act   `json:"acts"`
}

func actsOf(f *caseFile) actsFile {
	out := actsFile{Number: f.Number, Version: f.Version, Exported: f.At, By: f.Viewer.Officer.Name, Metadata: "original", Officers: f.Names, Acts: f.Acts}
	if f.Strip {
		out.Metadata = "strip"
		out.Acts = make([]casework.Act, len(f.Acts))
		for i, a := range f.Acts {
			a.Body = withoutMetadata(a.Body)
			out.Acts[i] = a
		}
	}
	return out
}

// consignmentFile is what the unit knows of a consignment, as data.
type consignmentFile struct {
	Document   string        `json:"document"`
	Versions   []versionFile `json:"versions"`
	Assessment *risk.Kept    `json:"assessment,omitempty"` // the newest
}

type versionFile struct {
	Version     int                `json:"version"`
	Received    time.Time          `json:"received"`
	Source      cargo.Source       `json:"source"`
	Consignment *cargo.Consignment `json:"consignment"`
}

// packConsignments adds each consignment as data and as its raw messages.
func (p *Pages) packConsignments(ctx context.Context, f *caseFile, b *bundle) error {
	for i, m := range f.Consignments {
		name := fmt.Sprintf("%03d-%s", i+1, safe(m.Document))
		data := consignmentFile{Document: m.Document}
		if kept, assessed := f.Kept[m.Consignment]; assessed {
			data.Assessment = &kept
		}
		for _, c := range f.Versions[m.Consignment] {
			data.Versions = append(data.Versions, versionFile{c.Version, c.Received, c.Source, c})
		}
		if err := b.add("consignments/"+name+".json", f.At, false, func(w io.Writer) error { return writeJSON(w, data) }); err != nil {
			return err
		}
		for _, c := range f.Versions[m.Consignment] {
			if err := p.packMessage(ctx, f, b, c, fmt.Sprintf("messages/%s-v%d", name, c.Version)); err != nil {
				return err
			}
		}
	}
	return nil
}

// extensions of raw messages, by their format.
var extensions = map[string]string{"cuscar": ".edi", "awmds": ".xml", "csv": ".csv"}

// rawPart is how many bytes of a message are read at once.
const rawPart = 256 << 10

// packMessage adds the record of a consignment as its sender wrote it: not the whole
// file, in which other consignments stand.
func (p *Pages) packMessage(ctx context.Context, f *caseFile, b *bundle, c *cargo.Consignment, name string) error {
	src := c.Source
	if p.Raw == nil || src.Import == 0 || src.At.Length <= 0 || src.Format == "xlsx" {
		b.note("Not here: %s, of which no raw message can be reached.", name)
		return nil
	}
	first, err := p.Raw.Excerpt(ctx, f.Scope, src.Import, src.At.Offset, min(rawPart, src.At.Length))
	if fault.Is(err, fault.NotFound) {
		b.note("Not here: %s, whose file is no longer kept.", name)
		return nil
	}
	if err != nil {
		return err
	}
	if src.Mended {
		b.note("%s stands as its sender wrote it; an officer mended it when it was read.", name)
	}
	return b.add(name+orText(extensions[src.Format], ".txt"), c.Received, false, func(w io.Writer) error {
		for part, at := first, 0; ; {
			if _, err := w.Write(part); err != nil {
				return err
			}
			if at += len(part); at >= src.At.Length || len(part) == 0 {
				return nil
			}
			var err error
			if part, err = p.Raw.Excerpt(ctx, f.Scope, src.Import, src.At.Offset+int64(at), min(rawPart, src.At.Length-at)); err != nil {
				return err
			}
		}
	})
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// packAttachment adds a photo or paper: the bytes that were attached, or a copy without
// metadata, which papers have none of.
func (p *Pages) packAttachment(ctx context.Context, f *caseFile, b *bundle, a casework.Attachment) error {
	kind := picture.Kind(a.MediaType)
	name := fmt.Sprintf("attachments/%03d-%s", a.Seq, strings.TrimLeft(picture.CleanName(a.Name, kind), "-"))
	if f.Strip && kind.Paper() {
		b.note("Not here: %s, for the metadata of a paper cannot be taken off. SHA-256 of the original: %s.", name, a.Hash)
		return nil
	}
	as := casework.Original
	if f.Strip {
		as = casework.Stripped
		b.note("%s is a copy without metadata. SHA-256 of the original: %s.", name, a.Hash)
	}
	_, body, err := p.Cases.OpenAttachment(ctx, f.Scope, f.ID, a.Seq, as)
	if err != nil {
		return err
	}
	err = b.add(name, a.At, !kind.Paper(), func(w io.Writer) error {
		_, err := io.Copy(w, body)
		return err
	})
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	if got := b.files[len(b.files)-1].hash; !f.Strip && got != a.Hash {
		return fmt.Errorf("case %s: attachment %d has the hash %s and should have %s", f.Number, a.Seq, got, a.Hash)
	}
	return nil
}
