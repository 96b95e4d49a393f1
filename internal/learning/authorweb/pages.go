// Package authorweb holds the pages on which courses are written: the files of a draft,
// an editor with a preview, what is wrong with it, and the button that publishes it.
package authorweb

import (
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/author"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/courseweb"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Options are what the pages work on.
type Options struct {
	Desk  *author.Desk
	Shelf func() study.Shelf // courses that a new one can begin from
}

// Pages are the pages of authors.
type Pages struct{ Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// maxForm bounds a form with a file of a course.
const maxForm = 2 << 20

// Routes registers the pages; require wraps a handler for those who may do the action.
func (p *Pages) Routes(site *web.Site, require func(identity.Action, web.Handler) web.Handler) {
	teach := identity.Teach
	site.Get("/authoring", require(teach, p.list))
	site.Post("/authoring", require(teach, p.begin))
	site.Get("/authoring/{course}", require(teach, p.draft))
	site.Post("/authoring/{course}/publish", require(teach, p.publish))
	site.Get("/authoring/{course}/file", require(teach, p.file))
	site.Post("/authoring/{course}/file", require(teach, p.save), web.MaxBody(maxForm))
	site.Post("/authoring/{course}/remove", require(teach, p.remove))
	site.Post("/authoring/{course}/pictures", require(teach, p.upload), web.MaxBody(maxForm))
	site.Get("/authoring/{course}/pictures/{name}", require(teach, p.picture))
}

func lang(ctx context.Context) string { return string(web.LanguageOf(ctx)) }

func draftHref(id string) string { return "/authoring/" + url.PathEscape(id) }

func fileHref(id, file string) string { return draftHref(id) + "/file?path=" + url.QueryEscape(file) }

// listView are the courses that are written here.
type listView struct {
	Courses []author.Course
	Shelf   study.Shelf
	ID      c.FieldInfo
	From    string
	Errors  []c.FieldError
}

func (v listView) options(ctx context.Context) []c.Option {
	var out []c.Option
	for _, one := range v.Shelf {
		out = append(out, c.Option{Value: one.ID, Label: one.Title.In(lang(ctx))})
	}
	return out
}

func (p *Pages) listView(ctx context.Context) (v listView, err error) {
	v.Courses, err = p.Desk.Courses(ctx)
	v.Shelf = p.Shelf()
	v.ID = c.FieldInfo{Name: "id", Label: web.T(ctx, "author.id"), Hint: web.T(ctx, "author.id.hint"), Width: "medium"}
	return v, err
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.listView(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

// begin begins a course from one that there is.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := strings.TrimSpace(r.PostFormValue("id"))
	from, err := p.Shelf().Course(r.PostFormValue("from"))
	if err == nil {
		err = p.Desk.New(ctx, id, from.Files())
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		v, viewErr := p.listView(ctx)
		if viewErr != nil {
			return viewErr
		}
		v.ID.Value, v.From = id, r.PostFormValue("from")
		v.Errors = []c.FieldError{{Field: "id", Text: web.Explain(ctx, err)}}
		v.ID = v.ID.With(v.Errors)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, listPage(v))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, draftHref(id))
}

// draftView are the files of a draft and what is wrong with it.
type draftView struct {
	ID      string
	Files   []author.File
	Flaws   course.Flaws
	Course  *course.Course // nil where it has flaws
	Preview templ.Component
}

func (p *Pages) draft(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := draftView{ID: r.PathValue("course")}
	var err error
	if v.Files, err = p.Desk.Files(ctx, v.ID); err != nil {
		return err
	}
	v.Course, err = p.Desk.Read(ctx, v.ID)
	if err != nil && !errors.As(err, &v.Flaws) {
		return err
	}
	if v.Course != nil && r.URL.Query().Has("questions") {
		v.Preview = courseweb.Preview(v.Course)
	}
	return web.Render(w, r, draftPage(v))
}

func (p *Pages) publish(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := r.PathValue("course")
	err := p.Desk.Publish(ctx, id)
	var flaws course.Flaws
	if errors.As(err, &flaws) {
		return web.Redirect(w, r, draftHref(id)) // which lists them
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "author.published"))
	return web.Redirect(w, r, draftHref(id))
}

// fileView is a file in the editor.
type fileView struct {
	ID      string
	File    author.File
	Text    c.FieldInfo
	Errors  []c.FieldError
	Preview string // HTML of a lesson
}

func (p *Pages) fileView(r *http.Request, name string) (v fileView, err error) {
	ctx := r.Context()
	v.ID = r.PathValue("course")
	if v.File, err = p.Desk.File(ctx, v.ID, name); err != nil {
		return v, err
	}
	if strings.HasPrefix(name, "pictures/") {
		return v, fault.New(fault.Invalid, "a picture is not edited here").WithHint("send another one of the same name")
	}
	v.Text = c.FieldInfo{Name: "text", Label: name, Value: string(v.File.Body), Attrs: templ.Attributes{"spellcheck": "false"}}
	return v, v.preview()
}

// preview renders what is in the editor, where it is a lesson.
func (v *fileView) preview() (err error) {
	if strings.HasSuffix(v.File.Path, ".md") {
		v.Preview, err = course.Preview(v.Text.Value, draftHref(v.ID)+"/")
	}
	return err
}

func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	v, err := p.fileView(r, r.URL.Query().Get("path"))
	if err != nil {
		return err
	}
	return web.Render(w, r, filePage(v))
}

// save saves a file, or only shows it where the button asks for a preview.
func (p *Pages) save(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	name, text := r.PostFormValue("path"), r.PostFormValue("text")
	version, _ := strconv.Atoi(r.PostFormValue("version"))
	v, err := p.fileView(r, name)
	if err != nil {
		return err
	}
	v.Text.Value = text
	if r.PostForm.Has("preview") {
		v.File.Version = version
		if err := v.preview(); err != nil {
			return err
		}
		return web.Render(w, r, filePage(v))
	}
	err = p.Desk.Save(ctx, v.ID, author.File{Path: name, Version: version, Body: []byte(text)})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) {
		v.File.Version = version
		v.Errors = []c.FieldError{{Field: "text", Text: web.Explain(ctx, err)}}
		v.Text = v.Text.With(v.Errors)
		return web.RenderStatus(w, r, http.StatusConflict, filePage(v))
	}
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "author.saved"))
	return web.Redirect(w, r, fileHref(v.ID, name))
}

func (p *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("course")
	version, _ := strconv.Atoi(r.PostFormValue("version"))
	if err := p.Desk.Remove(r.Context(), id, author.File{Path: r.PostFormValue("path"), Version: version}); err != nil {
		return err
	}
	return web.Redirect(w, r, draftHref(id))
}

// upload puts a picture into the draft, in place of one of the same name.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := r.PathValue("course")
	f, header, err := r.FormFile("picture")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "no picture was sent")
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	name := "pictures/" + strings.ToLower(path.Base(strings.ReplaceAll(header.Filename, "\\", "/")))
	old, err := p.Desk.File(ctx, id, name)
	if err != nil {
		return err
	}
	if err := p.Desk.Save(ctx, id, author.File{Path: name, Version: old.Version, Body: body}); err != nil {
		return err
	}
	return web.Redirect(w, r, draftHref(id))
}

// picture answers with a picture of a draft. Nothing in it can run.
func (p *Pages) picture(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Desk.File(r.Context(), r.PathValue("course"), "pictures/"+r.PathValue("name"))
	if err != nil {
		return err
	}
	return courseweb.Picture(w, f.Path, f.Body)
}

// missing are the files of lessons that course.toml names and that are not written yet.
func (v draftView) missing() (names []string) {
	have := func(name string) bool {
		return slices.ContainsFunc(v.Files, func(f author.File) bool { return f.Path == name })
	}
	for _, flaw := range v.Flaws {
		if !have(flaw.File) && !slices.Contains(names, flaw.File) && strings.HasPrefix(flaw.File, "lessons/") {
			names = append(names, flaw.File)
		}
	}
	return names
}
