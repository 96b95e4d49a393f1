package course

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"tidewaiter/internal/fault"
)

// Bounds of a course, which may come from anybody.
const (
	maxFile      = 1 << 20
	maxLessons   = 60
	maxQuestions = 2000
)

// Flaw is one thing that is wrong with a course, for its author.
type Flaw struct {
	File  string // within the course
	Place string // line, question or lesson; may be empty
	Text  string
}

// String returns the flaw in one line.
func (f Flaw) String() string {
	if f.Place == "" {
		return f.File + ": " + f.Text
	}
	return f.File + ": " + f.Place + ": " + f.Text
}

// Flaws are all that are wrong with a course.
type Flaws []Flaw

// Error returns all flaws, one a line.
func (f Flaws) Error() string {
	lines := make([]string, len(f))
	for i, flaw := range f {
		lines[i] = flaw.String()
	}
	return strings.Join(lines, "\n")
}

// Read reads a course from its folder and checks it. What is wrong is a fault.Invalid that
// tells the first flaw; all of them are Flaws in its chain.
func Read(files fs.FS, id string) (*Course, error) {
	r := reader{files: files, course: &Course{ID: id, files: files}}
	r.read()
	if len(r.flaws) > 0 {
		return nil, fault.Wrap(fault.Invalid, r.flaws, "course %s has %d flaws; the first: %s", id, len(r.flaws), r.flaws[0].String()).
			WithHint("docs/courses.md tells how a course is written")
	}
	return r.course, nil
}

// ReadAll reads every course below a folder, by name. Those that are flawed are told
// together, and the others are returned.
func ReadAll(files fs.FS) ([]*Course, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the courses: %w", err)
	}
	var all []*Course
	var wrong error
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		folder, err := fs.Sub(files, e.Name())
		if err != nil {
			return nil, err
		}
		c, err := Read(folder, e.Name())
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		all = append(all, c)
	}
	return all, wrong
}

// reader gathers what is wrong on the way.
type reader struct {
	files  fs.FS
	course *Course
	flaws  Flaws
}

func (r *reader) flaw(file, place, format string, args ...any) {
	r.flaws = append(r.flaws, Flaw{file, place, fmt.Sprintf(format, args...)})
}

func (r *reader) read() {
	var bank struct {
		Question []Question `toml:"question"`
	}
	if !r.decode("course.toml", r.course) || !r.decode("questions.toml", &bank) {
		return
	}
	r.course.Questions = bank.Question
	r.checkCourse()
	cited := map[string]bool{}
	for i := range r.course.Lessons {
		r.lesson(&r.course.Lessons[i], cited)
	}
	for _, s := range r.course.Sources {
		if !cited[s.ID] {
			r.flaw("course.toml", "source "+s.ID, "no lesson cites it")
		}
	}
	r.checkQuestions()
}

// file reads a file of bounded size; a missing one is a flaw.
func (r *reader) file(name string) ([]byte, bool) {
	f, err := r.files.Open(name)
	if err != nil {
		r.flaw(name, "", "is missing")
		return nil, false
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		r.flaw(name, "", "cannot be read: %v", err)
	case len(raw) > maxFile:
		r.flaw(name, "", "is larger than %d bytes", maxFile)
	default:
		return raw, true
	}
	return nil, false
}

// decode reads a TOML file whose every key is known.
func (r *reader) decode(name string, into any) bool {
	raw, ok := r.file(name)
	if !ok {
		return false
	}
	meta, err := toml.Decode(string(raw), into)
	if parse := (toml.ParseError{}); errors.As(err, &parse) {
		r.flaw(name, fmt.Sprintf("line %d", parse.Position.Line), "%s", parse.Message)
		return false
	}
	if err != nil {
		r.flaw(name, "", "%v", err)
		return false
	}
	for _, key := range meta.Undecoded() {
		r.flaw(name, key.String(), "is not a key of this file")
	}
	return true
}

var courseID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,60}$`)

func (r *reader) checkCourse() {
	const file = "course.toml"
	c := r.course
	if !courseID.MatchString(c.ID) {
		r.flaw(file, "", "the folder's name %q is not of small letters, digits and hyphens", c.ID)
	}
	if c.Version == "" || c.Minutes < 1 {
		r.flaw(file, "", "version and minutes are needed")
	}
	r.texts(file, "title", c.Title)
	r.texts(file, "summary", c.Summary)
	for i, a := range c.Aims {
		r.texts(file, fmt.Sprintf("aim %d", i+1), a)
	}
	for _, s := range c.Skills {
		if !slices.Contains(Skills, s) {
			r.flaw(file, "skills", "%q is not one of %s", s, strings.Join(Skills, ", "))
		}
	}
	if len(c.Lessons) == 0 || len(c.Lessons) > maxLessons {
		r.flaw(file, "lesson", "there are %d lessons; 1 to %d are possible", len(c.Lessons), maxLessons)
	}
	seen := map[string]bool{}
	for _, l := range c.Lessons {
		if !courseID.MatchString(l.ID) || seen[l.ID] {
			r.flaw(file, "lesson "+l.ID, "its id is not of small letters, digits and hyphens, or stands twice")
		}
		seen[l.ID] = true
	}
	for _, s := range c.Sources {
		if s.ID == "" || s.Title == "" || s.Publisher == "" || s.Year == 0 {
			r.flaw(file, "source "+s.ID, "id, title, publisher and year are needed")
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
			r.flaw(file, "source "+s.ID, "%q is not a web address", s.URL)
		}
	}
	if e := c.Exercise; e.Consignments != 0 {
		if e.Select < 1 || e.Select >= e.Consignments || e.Consignments > 5000 {
			r.flaw(file, "exercise", "cannot select %d of %d consignments", e.Select, e.Consignments)
		}
		r.texts(file, "exercise.task", e.Task)
	}
}

func (r *reader) texts(file, place string, t Text) {
	for _, l := range t.missing() {
		r.flaw(file, place, "has no text in %s", l)
	}
	for _, l := range t.unknown() {
		r.flaw(file, place, "%q is not a language of the program", l)
	}
}

var (
	cites    = regexp.MustCompile(`\[@([\w-]+)\]`)
	pictures = regexp.MustCompile(`!\[[^\]]*\]\(([^)\s]+)\)`)
)

// lesson reads the files of a lesson.
func (r *reader) lesson(l *Lesson, cited map[string]bool) {
	l.Title, l.body = Text{}, Text{}
	for _, lang := range Languages {
		name := "lessons/" + l.ID + "." + lang + ".md"
		raw, ok := r.file(name)
		if !ok {
			continue
		}
		first, rest, _ := strings.Cut(strings.TrimPrefix(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\ufeff"), "\n")
		title, ok := strings.CutPrefix(first, "# ")
		if !ok || strings.TrimSpace(title) == "" {
			r.flaw(name, "line 1", "is not a heading: # Title")
		}
		l.Title[lang], l.body[lang] = strings.TrimSpace(title), rest
		for _, m := range cites.FindAllStringSubmatch(rest, -1) {
			cited[m[1]] = true
			if !slices.ContainsFunc(r.course.Sources, func(s Source) bool { return s.ID == m[1] }) {
				r.flaw(name, m[0], "there is no source of this id in course.toml")
			}
		}
		for _, m := range pictures.FindAllStringSubmatch(rest, -1) {
			r.picture(name, m[1])
		}
	}
}

// picture demands that a picture is a file of the course.
func (r *reader) picture(file, name string) {
	if path.Dir(name) != "pictures" || !fs.ValidPath(name) || mediaTypes[path.Ext(name)] == "" {
		r.flaw(file, name, "is not a picture in the folder pictures")
		return
	}
	if info, err := fs.Stat(r.files, name); err != nil || info.Size() > maxFile {
		r.flaw(file, name, "is missing or larger than %d bytes", maxFile)
	}
}

// mediaTypes are the kinds of picture, by the end of the name.
var mediaTypes = map[string]string{
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp",
}

// MediaType returns the media type of a picture by its name; empty: it is none.
func MediaType(name string) string { return mediaTypes[path.Ext(name)] }

func (r *reader) checkQuestions() {
	const file = "questions.toml"
	if len(r.course.Questions) > maxQuestions {
		r.flaw(file, "", "there are more than %d questions", maxQuestions)
		return
	}
	seen := map[string]bool{}
	count := map[string]int{}
	for i := range r.course.Questions {
		q := &r.course.Questions[i]
		place := "question " + q.ID
		if q.ID == "" || seen[q.ID] {
			r.flaw(file, fmt.Sprintf("question %d", i+1), "its id %q is empty, or stands twice", q.ID)
		}
		seen[q.ID] = true
		if r.course.place(q.Lesson) < 0 {
			r.flaw(file, place, "there is no lesson %q", q.Lesson)
		}
		for _, text := range q.check() {
			r.flaw(file, place, "%s", text)
		}
		if q.Kind == Hotspot && q.Picture != "" {
			r.picture(file, q.Picture)
			if _, _, err := r.course.Canvas(q.Picture); err != nil {
				r.flaw(file, place, "%v", err)
			}
		}
		if q.Use == Testing {
			count[q.Lesson]++
		}
	}
	need := max(r.course.Pretest.PerLesson, r.course.Posttest.PerLesson)
	for _, l := range r.course.Lessons {
		if count[l.ID] < need {
			r.flaw(file, "lesson "+l.ID, "has %d questions for tests; each test draws up to %d", count[l.ID], need)
		}
	}
}
