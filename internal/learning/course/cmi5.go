package course

import (
	"archive/zip"
	"embed"
	"encoding/json"
	"encoding/xml"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
)

//go:embed cmi5
var cmi5Files embed.FS

var cmi5Unit = template.Must(template.ParseFS(cmi5Files, "cmi5/unit.html"))

// cmi5Structure is the course structure (cmi5 Sandstone §13).
type cmi5Structure struct {
	XMLName xml.Name   `xml:"https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd courseStructure"`
	Course  cmi5Node   `xml:"course"`
	Units   []cmi5Node `xml:"au"`
}

// cmi5Node is the course, or an assignable unit.
type cmi5Node struct {
	ID          string       `xml:"id,attr"`
	MoveOn      string       `xml:"moveOn,attr,omitempty"`
	Mastery     string       `xml:"masteryScore,attr,omitempty"`
	Title       []langstring `xml:"title>langstring"`
	Description []langstring `xml:"description>langstring"`
	URL         string       `xml:"url,omitempty"`
}

type langstring struct {
	Lang string `xml:"lang,attr"`
	Text string `xml:",chardata"`
}

func langstrings(t Text) (list []langstring) {
	for _, l := range Languages {
		if t[l] != "" {
			list = append(list, langstring{l, t[l]})
		}
	}
	return list
}

// WriteCmi5 writes the course in one language as a cmi5 package (Sandstone §14): every
// lesson is a unit that is completed when it is read, and the test after it one to be
// passed. In a package the learner's browser marks, so whoever opens its files finds the
// right answers; use it where the other system has no bank of questions of its own.
func (c *Course) WriteCmi5(w io.Writer, lang string) error {
	z := zip.NewWriter(w)
	root := "https://tidewaiter.invalid/courses/" + c.ID
	s := cmi5Structure{Course: cmi5Node{ID: root, Title: langstrings(c.Title), Description: langstrings(c.Summary)}}
	for _, l := range c.Lessons {
		page, err := c.Render(l, lang, "")
		if err != nil {
			return err
		}
		unit := map[string]any{"Lang": page.Lang, "Title": page.Title, "Unit": "lesson", "Body": template.HTML(page.HTML), "Sources": page.Sources}
		if err := addUnit(z, l.ID+".html", unit); err != nil {
			return err
		}
		s.Units = append(s.Units, cmi5Node{
			ID: root + "/lessons/" + l.ID, MoveOn: "Completed", Title: langstrings(l.Title), Description: langstrings(l.Title), URL: l.ID + ".html",
		})
	}
	if c.Posttest.PerLesson > 0 {
		unit := map[string]any{"Lang": lang, "Title": c.Title.In(lang), "Unit": "test", "Pass": strconv.FormatFloat(float64(c.Posttest.Pass)/100, 'f', -1, 64)}
		var questions []cmi5Question
		for _, id := range c.Draw(After, 0, 1) {
			q, _ := c.Question(id)
			questions = append(questions, q.cmi5(lang))
		}
		unit["Questions"] = questions
		if err := addUnit(z, "test.html", unit); err != nil {
			return err
		}
		s.Units = append(s.Units, cmi5Node{
			ID: root + "/test", MoveOn: "Passed", Mastery: unit["Pass"].(string), Title: langstrings(c.Title), Description: langstrings(c.Summary), URL: "test.html",
		})
	}
	if err := c.addFiles(z, s); err != nil {
		return err
	}
	return z.Close()
}

func addUnit(z *zip.Writer, name string, data map[string]any) error {
	out, err := z.Create(name)
	if err != nil {
		return err
	}
	return cmi5Unit.Execute(out, data)
}

// addFiles adds the structure, the run time and the pictures.
func (c *Course) addFiles(z *zip.Writer, s cmi5Structure) error {
	files := map[string][]byte{}
	var err error
	if files["cmi5.xml"], err = xml.MarshalIndent(s, "", "  "); err != nil {
		return err
	}
	files["cmi5.xml"] = append([]byte(xml.Header), files["cmi5.xml"]...)
	for _, name := range []string{"au.js", "au.css"} {
		if files[name], err = cmi5Files.ReadFile("cmi5/" + name); err != nil {
			return err
		}
	}
	pictures, err := fs.Glob(c.files, "pictures/*")
	if err != nil {
		return err
	}
	for _, name := range pictures {
		if MediaType(name) == "" {
			continue
		}
		if files[name], err = c.Picture(name); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := out.Write(files[name]); err != nil {
			return err
		}
	}
	return nil
}

// cmi5Question is a question as the page of a package shows and marks it.
type cmi5Question struct {
	Kind      Kind
	Text, Why string
	Picture   string
	Right     string // JSON: what the fields hold when all is right, in their order
	Fields    []cmi5Field
}

type cmi5Field struct {
	Type, Name, Before, After string
	Options                   []string
}

// cmi5 lays a question out.
func (q *Question) cmi5(lang string) cmi5Question {
	out := cmi5Question{Kind: q.Kind, Text: q.Text.In(lang), Why: q.Why.In(lang), Picture: q.Picture}
	order := q.Order(0)
	var right []any
	switch q.Kind {
	case Single, Multiple, Hotspot:
		kind := "radio"
		if q.Kind == Multiple {
			kind = "checkbox"
		}
		for _, part := range order {
			is := q.Kind == Hotspot && q.Spots[part].Right || q.Kind != Hotspot && q.Choices[part].Right
			right = append(right, is)
			out.Fields = append(out.Fields, cmi5Field{Type: kind, Name: q.ID, After: q.Part(part, lang)})
		}
	case Matching:
		var options []string
		for _, part := range order {
			options = append(options, q.Part(part, lang))
		}
		for i, p := range q.Pairs {
			right = append(right, q.Part(i, lang))
			out.Fields = append(out.Fields, cmi5Field{Before: p.Left.In(lang), Options: options})
		}
	case Ordering:
		var ranks []string
		for i := range order {
			ranks = append(ranks, strconv.Itoa(i+1))
		}
		for _, part := range order {
			right = append(right, strconv.Itoa(part+1))
			out.Fields = append(out.Fields, cmi5Field{Options: ranks, After: q.Part(part, lang)})
		}
	case Numeric:
		right = []any{q.Answer, q.Tolerance}
		out.Fields = []cmi5Field{{Type: "text", Name: q.ID, After: q.Unit}}
	case Short:
		for _, s := range q.Accept {
			right = append(right, s)
		}
		out.Fields = []cmi5Field{{Type: "text", Name: q.ID}}
	}
	raw, _ := json.Marshal(right) // texts, numbers and truths have no fault
	out.Right = string(raw)
	return out
}
