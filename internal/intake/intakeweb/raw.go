package intakeweb

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/charset"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

// The page of a raw file shows one window of it at a time.
const (
	rawWindow = 64 << 10
	rawBefore = 8 << 10 // of the window stands before the place that is asked for
)

// rawView is a window of a raw file.
type rawView struct {
	Import         *intake.Import
	Lines          []components.RawLine
	From, To       int64
	Encoding       string
	First          string
	Previous, Next string
	Marked         bool
}

// span is a place in a file that is marked.
type span struct{ offset, length int64 }

func (p *Pages) raw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, im, err := p.importOf(r, identity.SeeQueue)
	if err != nil {
		return err
	}
	at, err := numbers(r, im.Size, "offset", "length", "from")
	if err != nil {
		return err
	}
	mark, from := span{at[0], min(at[1], im.Size-at[0])}, at[2]
	if !r.URL.Query().Has("from") {
		from = max(0, mark.offset-rawBefore)
	}
	v := rawView{Import: im, From: from, To: min(im.Size, from+rawWindow), Marked: mark.length > 0}
	if im.Format != intake.XLSX {
		x, err := p.Imports.Show(ctx, im.Scope, im.ID, from, rawWindow)
		if err != nil {
			return err
		}
		lines, err := p.Imports.Lines(ctx, x)
		if err != nil {
			return err
		}
		v.Encoding = x.Encoding.Name
		v.Lines = rawLines(lines, x.Encoding, mark, web.T(ctx, "intake.raw.mark"))
	}
	link := func(from int64) string {
		return fmt.Sprintf("/imports/%d/raw?offset=%d&length=%d&from=%d", im.ID, mark.offset, mark.length, from)
	}
	if v.From > 0 {
		v.First, v.Previous = link(0), link(max(0, v.From-rawWindow))
	}
	if v.To < im.Size {
		v.Next = link(v.To)
	}
	return web.Render(w, r, rawPage(v))
}

// numbers returns the parameters of the names, each within the file; 0 where not given.
func numbers(r *http.Request, size int64, names ...string) ([]int64, error) {
	out := make([]int64, len(names))
	for i, name := range names {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > size && name != "length" {
			return nil, fault.New(fault.Invalid, "%s=%.40q is no place in a file of %d bytes", name, text, size)
		}
		out[i] = n
	}
	return out, nil
}

// rawLines writes lines as a person reads them, with the span marked.
func rawLines(lines []intake.Line, enc charset.Encoding, mark span, note string) []components.RawLine {
	out := make([]components.RawLine, 0, len(lines))
	noted := false
	for _, l := range lines {
		line := components.RawLine{Number: l.Number}
		body := trimEnd(l.Raw, enc)
		from, to := clamp(mark.offset-l.Offset, len(body), enc.Width), clamp(mark.offset+mark.length-l.Offset, len(body), enc.Width)
		add := func(raw []byte, note, id string) {
			if len(raw) > 0 {
				line.Parts = append(line.Parts, components.RawPart{Text: visible(raw, enc), Note: note, ID: id})
			}
		}
		add(body[:from], "", "")
		if from < to {
			id := ""
			if !noted {
				id, noted = "mark", true
			}
			add(body[from:to], note, id)
		}
		add(body[max(from, to):], "", "")
		out = append(out, line)
	}
	return out
}

// trimEnd leaves out the line break that the page shows as one, and the blanks behind it.
func trimEnd(raw []byte, enc charset.Encoding) []byte {
	width := max(enc.Width, 1)
	end := len(raw) - len(raw)%width
	for at := end; at >= width; at -= width {
		switch enc.Unit(raw[at-width:]) {
		case '\n', '\r':
			end = at - width
		case ' ', '\t':
		default:
			return raw[:end]
		}
	}
	return raw[:end]
}

func clamp(n int64, size, width int) int {
	k := int(max(0, min(n, int64(size))))
	return k - k%max(width, 1)
}

// visible decodes text, with control characters and those that turn the direction of
// writing as signs that can be seen.
func visible(raw []byte, enc charset.Encoding) string {
	text, _ := enc.Decode(raw)
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t' || c == '\n' || c == '\r':
			return c
		case c < 0x20:
			return 0x2400 + c // Unicode, Control Pictures
		case c == 0x7f:
			return 0x2421
		case unicode.Is(unicode.Cf, c), unicode.Is(unicode.Cc, c):
			return 0x2426 // symbol for substitute
		}
		return c
	}, text)
}
