package app

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

// cookies are those that the officer's browser holds.
func (b *surfer) cookies() map[string]string {
	out := map[string]string{}
	for _, c := range b.client.Jar.Cookies(must(url.Parse(b.server.URL))) {
		out[c.Name] = c.Value
	}
	return out
}

// TestExerciseInABrowser holds the pages of an exercise to what axe-core finds, and to the
// width of a desk and of a phone, light and dark.
func TestExerciseInABrowser(t *testing.T) {
	if !web.Bundled() {
		t.Skip("the bundle is not built: run make assets")
	}
	browser := webtest.Browser(t)
	axe := webtest.Axe(t)
	s := newAcademy(t)
	run, _ := s.prepared(6)
	home := "/exercises/runs/" + fmt.Sprint(run.ID)
	ids := s.consignments(run.Scope)
	aigul, head := s.as("aigul"), s.as("head")
	_, _, cohort := head.post("/exercises/tasks/"+run.Key+"/assign", "level", "hard", "officer", fmt.Sprint(run.Officer))
	inspect := func(b *surfer, name, path string) {
		for _, look := range []struct {
			width       int64
			theme, lang string
		}{{1280, "light", "en"}, {390, "dark", "ky"}} {
			t.Run(fmt.Sprintf("%s-%d", name, look.width), func(t *testing.T) {
				tab, cancel := context.WithTimeout(browser, time.Minute)
				defer cancel()
				at := s.server.URL + path
				jar := b.cookies()
				jar["theme"], jar["lang"] = look.theme, look.lang
				if err := chromedp.Do(tab, webtest.Screen(at, look.width, jar), chromedp.Navigate(at), chromedp.WaitReady("main"), webtest.Shot(t)); err != nil {
					t.Fatal(err)
				}
				webtest.Inspect(t, tab, axe, at)
			})
		}
	}
	inspect(head, "new", "/exercises/new")
	inspect(head, "task", "/exercises/tasks/"+run.Key)
	inspect(head, "cohort", cohort)
	inspect(head, "cohorts", "/exercises/cohorts")
	inspect(aigul, "list", "/exercises")
	inspect(aigul, "ready", home)
	aigul.post(home + "/enter")
	for _, id := range ids[:3] {
		aigul.post(home+"/select", "consignment", id, "indicator", "S01", "field", "equipment.seals", "words", "The seal is not one of this line's.")
	}
	inspect(aigul, "home", "/")
	inspect(aigul, "queue", "/queue")
	inspect(aigul, "selected", "/consignments/"+ids[0])
	inspect(aigul, "offered", "/consignments/"+ids[5])
	inspect(aigul, "working", home)
	aigul.post(home + "/hand-in")
	inspect(aigul, "debrief", home+"/debrief")
	inspect(aigul, "over", "/consignments/"+ids[0])
	inspect(aigul, "again", "/exercises")
}
