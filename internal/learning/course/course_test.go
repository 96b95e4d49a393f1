package course

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// sample reads the course of the tests.
func sample(t testing.TB) *Course {
	t.Helper()
	c, err := Read(os.DirFS("testdata/sample"), "sample")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ask(t testing.TB, c *Course, id string) *Question {
	t.Helper()
	q, ok := c.Question(id)
	if !ok {
		t.Fatalf("there is no question %s", id)
	}
	return q
}

func TestRead(t *testing.T) {
	c := sample(t)
	if len(c.Lessons) != 2 || len(c.Questions) != 7 || c.Title.In("ky") != "Эшик жана пломба" || c.Lessons[1].Title.In("ru") != "Пломба" {
		t.Errorf("read %+v", c)
	}
	if c.Title.In("de") != "A door and its seal" {
		t.Errorf("an unknown language gets %q, want English", c.Title.In("de"))
	}
}

// Every way to get a course wrong is told with its file and place.
func TestFlaws(t *testing.T) {
	for name, tc := range map[string]struct {
		file, old, replaced string
		want                string
	}{
		"syntax":            {"course.toml", "minutes = 30", "minutes = ", "course.toml: line 2"},
		"unknown key":       {"course.toml", "minutes = 30", "minutes = 30\nminuts = 3", "minuts: is not a key"},
		"language":          {"course.toml", `ky = "Эшик жана пломба"`, "", "title: has no text in ky"},
		"skill":             {"course.toml", `["seals"]`, `["magic"]`, `"magic" is not one of`},
		"unknown citation":  {"lessons/02-seal.ky.md", "iso-17712", "iso-1", "there is no source"},
		"no heading":        {"lessons/02-seal.ru.md", "# ", "", "line 1: is not a heading"},
		"picture elsewhere": {"lessons/01-door.en.md", "pictures/door.svg", "../door.svg", "is not a picture in the folder"},
		"picture missing":   {"lessons/01-door.en.md", "pictures/door.svg", "pictures/window.svg", "is missing"},
		"two right":         {"questions.toml", `en = "wrong"`, "right = true\nen = \"wrong\"", "question single: has 2 right choices"},
		"kind":              {"questions.toml", `kind = "short"`, `kind = "essay"`, `the kind "essay"`},
		"lesson":            {"questions.toml", `lesson = "02-seal"`, `lesson = "03"`, `there is no lesson "03"`},
		"id twice":          {"questions.toml", `id = "short"`, `id = "single"`, "stands twice"},
		"too few":           {"course.toml", "per_lesson = 1\nminutes = 5\npass", "per_lesson = 5\nminutes = 5\npass", "each test draws up to 5"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			err := fs.WalkDir(os.DirFS("testdata/sample"), ".", func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				raw, err := os.ReadFile("testdata/sample/" + path)
				files[path] = &fstest.MapFile{Data: raw}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			before := string(files[tc.file].Data)
			files[tc.file].Data = []byte(strings.Replace(before, tc.old, tc.replaced, 1))
			if string(files[tc.file].Data) == before {
				t.Fatalf("%q does not stand in %s", tc.old, tc.file)
			}
			_, err = Read(files, "sample")
			var flaws Flaws
			if !errors.As(err, &flaws) {
				t.Fatalf("no flaw was found (%v)", err)
			}
			if !strings.Contains(flaws.Error(), tc.want) || !strings.Contains(flaws.Error(), tc.file) && name != "too few" {
				t.Errorf("flaws:\n%v\nwant one of %s with %q", flaws, tc.file, tc.want)
			}
		})
	}
}

func TestRender(t *testing.T) {
	c := sample(t)
	p, err := c.Render(c.Lessons[0], "ru", "/courses/sample/")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<img src="/courses/sample/pictures/door.svg"`, "<table>", `<details class="card"><summary>Что держит ручку?</summary>`, "<strong>Скоба.</strong>", `<a href="#source-iso-17712">[1]</a>`,
	} {
		if !strings.Contains(p.HTML, want) {
			t.Errorf("there is no %s in:\n%s", want, p.HTML)
		}
	}
	for _, never := range []string{"<script", "<b>", "javascript:"} {
		if strings.Contains(p.HTML, never) {
			t.Errorf("%s came through:\n%s", never, p.HTML)
		}
	}
	if len(p.Sources) != 1 || p.Title != "Дверь" || p.Lang != "ru" {
		t.Errorf("sources %v, title %q, language %q", p.Sources, p.Title, p.Lang)
	}
}

// places turns parts into the places where a sheet shows them.
func places(q *Question, sheet uint64, parts ...int) (a Answer) {
	order := q.Order(sheet)
	for _, p := range parts {
		a = append(a, strconv.Itoa(slices.Index(order, p)))
	}
	return a
}

func TestMark(t *testing.T) {
	c := sample(t)
	const sheet = 7
	order := ask(t, c, "ordering").Order(sheet)
	ranks := make(Answer, len(order))
	for place, step := range order {
		ranks[place] = strconv.Itoa(step + 1)
	}
	swapped := slices.Clone(ranks)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	for _, tc := range []struct {
		question string
		answer   Answer
		want     float64
	}{
		{"single", places(ask(t, c, "single"), sheet, 0), 1},
		{"single", places(ask(t, c, "single"), sheet, 1), 0},
		{"single", Answer{"99"}, 0},
		{"single", nil, 0},
		{"multiple", places(ask(t, c, "multiple"), sheet, 0, 1), 1},
		{"multiple", places(ask(t, c, "multiple"), sheet, 0), 0.5},
		{"multiple", places(ask(t, c, "multiple"), sheet, 0, 1, 2), 0.5},
		{"multiple", places(ask(t, c, "multiple"), sheet, 0, 1, 2, 3), 0},
		{"multiple", append(places(ask(t, c, "multiple"), sheet, 0), places(ask(t, c, "multiple"), sheet, 0)...), 0.5},
		{"matching", places(ask(t, c, "matching"), sheet, 0, 1, 2), 1},
		{"matching", places(ask(t, c, "matching"), sheet, 0, 2, 1), 1.0 / 3},
		{"matching", Answer{"", "", "x"}, 0},
		{"ordering", ranks, 1},
		{"ordering", swapped, 0.5},
		{"numeric", Answer{"16,25"}, 1},
		{"numeric", Answer{" 16.3 "}, 1},
		{"numeric", Answer{"16.4"}, 0},
		{"numeric", Answer{"NaN"}, 0},
		{"short", Answer{"елка  mscu."}, 1},
		{"short", Answer{"HASP"}, 1},
		{"short", Answer{"hinge"}, 0},
		{"hotspot", Answer{"120.5,80"}, 1},
		{"hotspot", Answer{"310,70"}, 0},
		{"hotspot", Answer{"#" + places(ask(t, c, "hotspot"), sheet, 0)[0]}, 1},
		{"hotspot", Answer{"elsewhere"}, 0},
	} {
		if got := ask(t, c, tc.question).Mark(sheet, tc.answer); got != tc.want {
			t.Errorf("%s answered %q: %v, want %v", tc.question, tc.answer, got, tc.want)
		}
	}
}

// Whatever is answered, a mark lies between 0 and 1, and the same places on another sheet
// are other parts: the form gives nothing away.
func TestMarksAreBounded(t *testing.T) {
	c := sample(t)
	rapid.Check(t, func(t *rapid.T) {
		q := &c.Questions[rapid.IntRange(0, len(c.Questions)-1).Draw(t, "question")]
		sheet := rapid.Uint64().Draw(t, "sheet")
		answer := Answer(rapid.SliceOfN(rapid.OneOf(rapid.StringMatching(`[0-9]{1,2}`), rapid.String()), 0, 6).Draw(t, "answer"))
		if m := q.Mark(sheet, answer); m < 0 || m > 1 {
			t.Fatalf("mark %v", m)
		}
		order := slices.Clone(q.Order(sheet))
		if !slices.Equal(order, q.Order(sheet)) {
			t.Fatal("the order of a sheet changes")
		}
		slices.Sort(order)
		for i, part := range order {
			if i != part {
				t.Fatalf("order %v is no permutation", order)
			}
		}
		if m := q.Mark(sheet, q.Solve(sheet)); m != 1 {
			t.Fatalf("the right answer to %s is marked %v", q.ID, m)
		}
		q.Given(sheet, answer, "ru")
		for _, part := range q.Chosen(sheet, answer) {
			if part < 0 || part >= q.Parts() {
				t.Fatalf("part %d of %d was chosen", part, q.Parts())
			}
		}
	})
}

func TestOrderHidesTheAnswer(t *testing.T) {
	q := ask(t, sample(t), "ordering")
	first := map[int]int{}
	for sheet := range uint64(400) {
		first[q.Order(sheet)[0]]++
	}
	for step := range q.Steps {
		if first[step] < 60 || first[step] > 140 {
			t.Errorf("step %d stands first on %d of 400 sheets, want about 100", step, first[step])
		}
	}
}

// The tests before and after share no question where the bank has enough.
func TestDraw(t *testing.T) {
	c := sample(t)
	count := map[string]int{}
	for seed := range uint64(300) {
		pre, post := c.Draw(Before, seed, 1), c.Draw(After, seed, 1)
		if len(pre) != 2 || len(post) != 2 {
			t.Fatalf("drew %v and %v", pre, post)
		}
		for _, id := range pre {
			if slices.Contains(post, id) {
				t.Fatalf("seed %d: %s stands in both tests", seed, id)
			}
			count[id]++
		}
		if !slices.Equal(post, c.Draw(After, seed, 1)) {
			t.Fatal("the same seed draws something else")
		}
	}
	for id, n := range count {
		if n < 110 || n > 190 {
			t.Errorf("%s stands in %d of 300 tests before, want about 150", id, n)
		}
	}
}

func TestAnalysis(t *testing.T) {
	c := sample(t)
	var sheets []Marked
	for i := range 20 {
		good := float64(i % 2)
		sheets = append(sheets, Marked{
			Seed: uint64(i), Marks: map[string]float64{"single": good, "multiple": good, "matching": 0.5},
			Answers: map[string]Answer{"single": places(ask(t, c, "single"), uint64(i), 1-i%2)},
		})
	}
	items := c.Analyse(sheets)
	if len(items) != 3 || items[0].Question != "single" || items[0].Difficulty != 0.5 || items[0].Asked != 20 {
		t.Fatalf("items %+v", items)
	}
	if items[0].Chosen[0] != 10 || items[0].Chosen[1] != 10 || items[0].Skipped != 0 || items[1].Skipped != 20 {
		t.Errorf("chosen %v, skipped %d and %d", items[0].Chosen, items[0].Skipped, items[1].Skipped)
	}
	if items[0].Discrimination < 0.99 {
		t.Errorf("a question that goes with the rest discriminates %v", items[0].Discrimination)
	}
	// Hand-computed: differences 0.1, 0.2, 0.3: mean 0.2, sd 0.1, t(2, 97.5 %) = 4.3027.
	g := GainOf([]float64{0.1, 0.2, 0.3}, []float64{0.2, 0.4, 0.6})
	if !near(g.Mean, 0.2) || !near(g.Low, 0.2-4.302653*0.1/1.7320508) || !near(g.High, 0.2+4.302653*0.1/1.7320508) {
		t.Errorf("gain %+v", g)
	}
	if one := GainOf([]float64{0.1}, []float64{0.3}); one.Low == one.Low {
		t.Errorf("one learner has an interval: %+v", one)
	}
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
