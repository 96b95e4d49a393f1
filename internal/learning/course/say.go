package course

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // pictures of courses
	_ "image/png"
	"path"
	"regexp"
	"strconv"
	"strings"

	_ "golang.org/x/image/webp"
)

// Part returns the text of one part of the question in a language; of a matching, its
// right side.
func (q *Question) Part(i int, lang string) string {
	switch q.Kind {
	case Single, Multiple:
		return q.Choices[i].Text().In(lang)
	case Matching:
		return q.Pairs[i].Right.In(lang)
	case Ordering:
		return q.Steps[i].In(lang)
	case Hotspot:
		return q.Spots[i].Label.In(lang)
	}
	return ""
}

// Right returns the right answer in words, a line for each part.
func (q *Question) Right(lang string) (lines []string) {
	switch q.Kind {
	case Single, Multiple:
		for i, c := range q.Choices {
			if c.Right {
				lines = append(lines, q.Part(i, lang))
			}
		}
	case Matching:
		for i, p := range q.Pairs {
			lines = append(lines, p.Left.In(lang)+" — "+q.Part(i, lang))
		}
	case Ordering:
		for i := range q.Steps {
			lines = append(lines, strconv.Itoa(i+1)+". "+q.Part(i, lang))
		}
	case Numeric:
		lines = append(lines, strings.TrimSpace(figure(q.Answer)+" "+q.Unit))
		if q.Tolerance > 0 {
			lines[0] += " (± " + figure(q.Tolerance) + ")"
		}
	case Short:
		lines = append(lines, q.Accept[0])
	case Hotspot:
		for i, s := range q.Spots {
			if s.Right {
				lines = append(lines, q.Part(i, lang))
			}
		}
	}
	return lines
}

// Given returns an answer in words, a line for each part; none where nothing was answered.
func (q *Question) Given(sheet uint64, a Answer, lang string) (lines []string) {
	if a.Empty() {
		return nil
	}
	order := q.Order(sheet)
	switch q.Kind {
	case Matching:
		for i, p := range q.Pairs {
			text := "…"
			if at, ok := at(a, i, len(order)); ok {
				text = q.Part(order[at], lang)
			}
			lines = append(lines, p.Left.In(lang)+" — "+text)
		}
	case Ordering:
		for rank := range q.Steps {
			for at, s := range a {
				if at < len(order) && strings.TrimSpace(s) == strconv.Itoa(rank+1) {
					lines = append(lines, s+". "+q.Part(order[at], lang))
				}
			}
		}
	case Numeric, Short:
		lines = append(lines, strings.TrimSpace(a[0]+" "+q.Unit))
	default:
		for _, i := range q.Chosen(sheet, a) {
			lines = append(lines, q.Part(i, lang))
		}
		if len(lines) == 0 {
			lines = append(lines, a[0])
		}
	}
	return lines
}

func figure(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

var viewBox = regexp.MustCompile(`viewBox\s*=\s*["']\s*0[ ,]+0[ ,]+([0-9.]+)[ ,]+([0-9.]+)\s*["']`)

// Canvas returns the width and height of a picture in its own units: those of the viewBox,
// or pixels.
func (c *Course) Canvas(name string) (width, height float64, err error) {
	raw, err := c.Picture(name)
	if err != nil {
		return 0, 0, err
	}
	if path.Ext(name) != ".svg" {
		config, _, err := image.DecodeConfig(bytes.NewReader(raw))
		return float64(config.Width), float64(config.Height), err
	}
	m := viewBox.FindSubmatch(raw[:min(len(raw), 4096)])
	if m == nil {
		return 0, 0, fmt.Errorf("picture %s has no viewBox that begins at 0 0", name)
	}
	width, errW := strconv.ParseFloat(string(m[1]), 64)
	height, errH := strconv.ParseFloat(string(m[2]), 64)
	if errW != nil || errH != nil || width <= 0 || height <= 0 {
		return 0, 0, fmt.Errorf("picture %s has the viewBox %s", name, m[0])
	}
	return width, height, nil
}
