package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning/course"
	"tidewaiter/internal/learning/study"
	"tidewaiter/internal/web/webtest"
)

// taught is the course of the journey.
const taught = "seals"

// A head opens a cohort; a learner joins by its code, reads, loses the network in the
// test, gets it back and passes.
func TestCourseWithoutNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	axe := webtest.Axe(t)
	browser := webtest.Browser(t)
	base, dsn := startDemo(t, 150)
	link := newLink(t, strings.TrimPrefix(base, "http://"))
	d := &desk{t: t, axe: axe, base: "http://" + link.address, dsn: dsn, browser: browser}
	d.width(1280)
	code := d.openCohort()

	d.width(390)
	d.signIn("aigul")
	d.join(code)
	learner := d.learner("aigul")
	d.readLessons(learner)
	d.passWithoutNetwork(link, learner)
	d.exercise()
	_, e := learner.state()
	if e.Completed.IsZero() {
		t.Fatalf("the course is not completed: %+v", e)
	}
	d.certificate()
}

// join enrols by a cohort's code and takes the test before the course, without answers.
func (d *desk) join(code string) {
	d.t.Helper()
	d.open("/courses")
	d.inspect()
	d.script(`document.querySelector("#code").value = "` + strings.ToLower(code) + `", 0`)
	d.click(`form[action="/courses/join"] button`)
	d.await(`location.pathname === "/courses/` + taught + `"`)
	d.inspect()
	d.click(`form[action$="/tests/pre"] button`)
	d.await(`location.pathname.includes("/sheets/")`)
	d.inspect()
	d.handIn(nil)
	d.await(`document.querySelector(".reviewed") !== null`)
	d.inspect()
}

// readLessons goes through the lessons with their questions.
func (d *desk) readLessons(learner *pupil) {
	d.t.Helper()
	one, _ := learner.state()
	for _, l := range one.Lessons {
		d.open("/courses/" + taught + "/lessons/" + l.ID)
		d.handIn(nil)
		d.await(`document.querySelector("#practice .reviewed") !== null`)
	}
	d.inspect()
}

// passWithoutNetwork loses the network in the test after the course, hands in, and gets
// the network back.
func (d *desk) passWithoutNetwork(link *link, learner *pupil) {
	t := d.t
	t.Helper()
	d.open("/courses/" + taught)
	d.click(`form[action$="/tests/post"] button`)
	d.await(`location.pathname.includes("/sheets/")`)
	page := d.script(`location.pathname`)
	d.await(`caches.match("` + page + `", {cacheName: "pages", ignoreVary: true}).then(Boolean)`)
	d.await(`document.querySelector("offline-form").dataset.ready !== undefined`)
	link.off()
	d.online(false)
	one, e := learner.state()
	d.handIn(rightAnswers(one, e.Of(course.After)[0]))
	d.await(`document.querySelector("offline-outbox").dataset.waiting === "1"`)
	if _, e = learner.state(); !e.Of(course.After)[0].Open() {
		t.Error("the test was handed in without a network")
	}
	link.on()
	d.online(true)
	d.await(`document.querySelector("offline-outbox")?.dataset.waiting !== "1"`)
	if _, e = learner.state(); e.Of(course.After)[0].Score < 0.99 || len(e.Of(course.After)) != 1 || !e.PassedTest(one) {
		t.Errorf("the test came to %+v", e.Of(course.After))
	}
	d.open(page)
	d.inspect()
}

// exercise takes the course's exercise: it selects what the queue ranks first, hands in,
// and is led through what was there.
func (d *desk) exercise() {
	t := d.t
	t.Helper()
	d.width(1280)
	d.open("/courses/" + taught)
	d.click(`#exercise a.btn`)
	d.await(`location.pathname.startsWith("/exercises/tasks/")`)
	d.inspect()
	d.click(`form[action^="/exercises/tasks/"] button[type="submit"]`)
	d.await(`location.pathname.startsWith("/exercises/runs/")`)
	run := d.script(`location.pathname`)
	for range 60 { // the traffic is made by a job
		d.open(run)
		if d.script(`String(document.querySelector('form[action$="/enter"]') !== null)`) == "true" {
			break
		}
		time.Sleep(time.Second)
	}
	d.click(`form[action$="/enter"] button`)
	d.await(`document.querySelector('form[action="/exercises/leave"]') !== null`)
	d.open("/queue")
	d.inspect()
	first := d.script(`document.querySelector("main a[href^='/consignments/']").getAttribute("href")`)
	d.open(first)
	d.inspect()
	for _, scheme := range []string{"rip_on_rip_off", "switched_bill", "bad_check_digit"} {
		if strings.Contains(d.script(`document.documentElement.outerHTML`), scheme) {
			t.Errorf("the page of a consignment names %s before the exercise is handed in", scheme)
		}
	}
	d.script(`document.querySelector('form[action$="/select"] [name="words"]').value = "номер пломбы не тот", 0`)
	d.click(`form[action$="/select"] button`)
	d.await(`document.querySelector('form[action$="/unselect"]') !== null`)
	d.open(run)
	d.inspect()
	d.click(`form[action$="/hand-in"] button`)
	d.await(`location.pathname.endsWith("/debrief") || document.querySelector('a[href$="/debrief"]') !== null`)
	d.open(run + "/debrief")
	d.inspect()
	d.script(`fetch("/exercises/leave", {method: "POST"}).then(() => "")`)
}

// certificate looks at the certificate, and asks as a stranger whether it is good.
func (d *desk) certificate() {
	d.t.Helper()
	for range 30 { // it is issued by a job
		d.open("/courses/" + taught)
		if d.script(`String(document.querySelector('main a[href^="/certificates/"]') !== null)`) == "true" {
			break
		}
		time.Sleep(time.Second)
	}
	d.click(`main a[href^="/certificates/"]`)
	d.await(`/^\/certificates\/\d+$/.test(location.pathname)`)
	d.inspect()
	page := d.script(`location.pathname`)
	verify := d.script(`document.querySelector('a[href*="/verify/"]').getAttribute("href")`)
	verify = verify[strings.Index(verify, "/verify/"):]
	if kind := d.script(`fetch("` + page + `/paper").then((answer) => answer.headers.get("Content-Type"))`); kind != "application/pdf" {
		d.t.Errorf("the paper is %s", kind)
	}
	d.open(verify)
	d.inspect()
	valid := d.script(`document.querySelector("main").innerText`)
	if !strings.Contains(valid, "Aigul Sadykova") {
		d.t.Errorf("the page of verification does not name the holder:\n%s", valid)
	}
	d.script(`fetch("/sign-out", {method: "POST"}).then(() => "")`)
	d.signIn("bakyt")
	d.script(`fetch("` + page + `/revoke", {method: "POST", body: new URLSearchParams({reason: "issued by mistake", "revoke-reason": "issued by mistake"})}).then(() => "")`)
	d.open(verify)
	d.inspect()
	if revoked := d.script(`document.querySelector("main").innerText`); revoked == valid {
		d.t.Error("a revoked certificate looks like a good one")
	}
}

// openCohort opens a cohort as the head and returns its code.
func (d *desk) openCohort() string {
	d.t.Helper()
	d.signIn("bakyt")
	d.open("/learners")
	d.inspect()
	d.script(`document.querySelector("#cohort-title").value = "Осень", document.querySelector("#cohort-course").value = "` + taught + `", 0`)
	d.click(`form[action="/learners/cohorts"] button`)
	d.await(`document.querySelectorAll(".cohort-list copy-button").length === 2`) // the demo has one
	code := d.script(`document.querySelector(".cohort-list copy-button").dataset.text`)
	d.open("/learners/courses/" + taught)
	d.inspect()
	d.script(`fetch("/sign-out", {method: "POST"}).then(() => "")`)
	return code
}

// handIn fills in the form of questions and presses its button.
func (d *desk) handIn(answers map[string]string) {
	d.t.Helper()
	raw, err := json.Marshal(answers)
	if err != nil {
		d.t.Fatal(err)
	}
	d.script(`(() => {
		for (const [name, value] of Object.entries(` + string(raw) + ` ?? {})) {
			for (const field of document.querySelectorAll('.questions [name="' + name + '"]')) {
				if (field.type === "radio" || field.type === "checkbox") {
					if (value.split("|").includes(field.value)) field.click();
				} else {
					field.value = value;
					field.dispatchEvent(new Event("input", {bubbles: true}));
					field.dispatchEvent(new Event("change", {bubbles: true}));
				}
			}
		}
		return "";
	})()`)
	d.click(`.questions button[type="submit"]`)
}

// rightAnswers are the values of the fields of a sheet that is answered rightly.
func rightAnswers(one *course.Course, s study.Sheet) map[string]string {
	values := map[string]string{}
	for _, id := range s.Questions {
		q, _ := one.Question(id)
		name, a := "q."+id, q.Solve(s.Seed)
		if q.Kind != course.Matching && q.Kind != course.Ordering {
			values[name] = strings.Join(a, "|")
			continue
		}
		for i := range a {
			values[fmt.Sprintf("%s.%d", name, i)] = a[i]
		}
	}
	return values
}

// pupil looks into the database as a learner.
type pupil struct {
	t   *testing.T
	ctx context.Context
	app *app.App
}

func (d *desk) learner(username string) *pupil {
	d.t.Helper()
	ctx, a, unit, _ := openUnit(d.t, d.dsn, "KGOSS-PCU")
	d.t.Cleanup(func() { a.Close() })
	o, err := a.Identity.Officers.ByUsername(ctx, username)
	if err != nil {
		d.t.Fatal(err)
	}
	v, err := a.Identity.Officers.Viewer(ctx, o.ID, unit.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return &pupil{d.t, identity.With(ctx, v), a}
}

func (p *pupil) state() (*course.Course, *study.Enrolment) {
	p.t.Helper()
	one, err := p.app.Studies.Shelf().Course(taught)
	if err != nil {
		p.t.Fatal(err)
	}
	e, err := p.app.Studies.Mine(p.ctx, taught)
	if err != nil {
		p.t.Fatal(err)
	}
	return one, e
}
