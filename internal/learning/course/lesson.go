package course

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Page is a lesson as HTML in one language.
type Page struct {
	Title   string
	HTML    string   // safe: raw HTML and script addresses of the source are left out
	Sources []Source // that the lesson cites, numbered from 1 in this order
	Lang    string   // of the text; another one than was asked for where that is missing
}

// Render renders a lesson (CommonMark and tables). Pictures are found at base + their path.
// A fenced block "card" becomes a card that opens: its first line is the front.
func (c *Course) Render(l Lesson, lang, base string) (Page, error) {
	if l.body[lang] == "" {
		lang = "en"
	}
	p := Page{Title: l.Title.In(lang), Lang: lang}
	source := p.cite(c, l.body[lang])
	html, err := toHTML(source, base)
	if err != nil {
		return p, fmt.Errorf("render lesson %s of course %s: %w", l.ID, c.ID, err)
	}
	p.HTML = html
	return p, nil
}

// cite numbers the citations and makes links of them.
func (p *Page) cite(c *Course, body string) string {
	return cites.ReplaceAllStringFunc(body, func(m string) string {
		id := strings.TrimSuffix(strings.TrimPrefix(m, "[@"), "]")
		i := slices.IndexFunc(p.Sources, func(s Source) bool { return s.ID == id })
		if i < 0 {
			at := slices.IndexFunc(c.Sources, func(s Source) bool { return s.ID == id })
			if at < 0 {
				return m
			}
			i = len(p.Sources)
			p.Sources = append(p.Sources, c.Sources[at])
		}
		return fmt.Sprintf(`[\[%d\]](#source-%s)`, i+1, id)
	})
}

// toHTML renders Markdown.
func toHTML(source, base string) (string, error) {
	cards := &cardRenderer{base: base}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(cards, 100))),
	)
	raw := []byte(source)
	doc := md.Parser().Parse(text.NewReader(raw))
	if err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, ok := n.(*ast.Image); ok && entering {
			img.Destination = append([]byte(base), img.Destination...)
		}
		return ast.WalkContinue, nil
	}); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, raw, doc); err != nil {
		return "", err
	}
	return b.String(), nil
}

// cardRenderer renders fenced blocks: cards, and plain ones. Wide tables get a frame that
// scrolls by itself.
type cardRenderer struct{ base string }

// RegisterFuncs says what is rendered here.
func (r *cardRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, r.fenced)
}

func (r *cardRenderer) fenced(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(source))
	}
	if string(n.Language(source)) != "card" {
		fmt.Fprintf(w, "<pre><code>%s</code></pre>\n", util.EscapeHTML([]byte(b.String())))
		return ast.WalkSkipChildren, nil
	}
	front, back, _ := strings.Cut(b.String(), "\n")
	inside, err := toHTML(back, r.base)
	if err != nil {
		return ast.WalkStop, err
	}
	summary, err := toHTML(front, r.base)
	if err != nil {
		return ast.WalkStop, err
	}
	summary = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(summary), "<p>"), "</p>")
	fmt.Fprintf(w, "<details class=\"card\"><summary>%s</summary><div>%s</div></details>\n", summary, inside)
	return ast.WalkSkipChildren, nil
}

// Preview renders a lesson's text for its author, without numbering its citations.
func Preview(markdown, base string) (string, error) {
	_, body, _ := strings.Cut(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n")
	return toHTML(body, base)
}
