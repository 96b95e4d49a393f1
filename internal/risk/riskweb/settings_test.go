package riskweb_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// settingsForm is the targeting form as the page has it.
func (d *desk) settingsForm() url.Values {
	d.Helper()
	form := url.Values{"reason": {"a quiet season"}}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(d.ask("GET", "/settings/targeting", "head", "en", nil).body, -1) {
		name, value := attribute(m, "name"), attribute(m, "value")
		if name == "version" || name == "share" || strings.HasPrefix(name, "weight-") || strings.HasPrefix(name, "examine") || strings.HasPrefix(name, "look") {
			form.Set(name, value)
		}
	}
	return form
}

func attribute(tag, name string) string {
	if m := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

func TestTargeting(t *testing.T) {
	d := newDesk(t)
	form := d.settingsForm()
	form.Set("examine", "3")
	form.Set("share", "2,5")
	form.Set("weight-D01", "0.5")
	if a := d.ask("POST", "/settings/targeting", "head", "en", form); a.status != http.StatusSeeOther {
		t.Fatalf("save: %d\n%s", a.status, a.body)
	}
	set, err := d.assessments.Settings(context.Background(), d.scope.ID)
	if err != nil || set.Capacity.Examine != 3 || set.Draw.Share != 0.025 || set.Engine.Weights["D01"] != 0.5 || len(set.Engine.Weights) != 1 || set.Officer != 9 {
		t.Errorf("%+v %+v %v, %v", set.Capacity, set.Draw, set.Engine.Weights, err)
	}
	if !d.trail.has("targeting.changed 2") {
		t.Error("the change is not on the trail")
	}
	a := d.ask("POST", "/settings/targeting", "head", "en", form)
	if a.status != http.StatusConflict || !strings.Contains(a.body, `name="version" value="2"`) {
		t.Errorf("an old form: %d", a.status)
	}
	seed := strconv.FormatUint(set.Draw.Seed, 10)
	if !strings.Contains(d.ask("GET", "/settings/targeting", "head", "en", nil).body, seed) || strings.Contains(d.get("/settings/targeting").body, seed) {
		t.Error("the seed is for those who may change it, and for nobody else")
	}
	for name, value := range map[string]string{"examine": "-1", "look": "many", "share": "101", "weight-W01": "0.1", "reason": " ", "examine_floor": "NaN"} {
		form := d.settingsForm()
		form.Set(name, value)
		if a := d.ask("POST", "/settings/targeting", "head", "ru", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#`+name+`"`) {
			t.Errorf("%s=%s: %d, or the error does not lead to its field", name, value, a.status)
		}
	}
}

func TestLists(t *testing.T) {
	d := newDesk(t)
	rows := func() [][]string {
		set, err := d.assessments.Settings(context.Background(), d.scope.ID)
		if err != nil {
			t.Fatal(err)
		}
		l, _ := set.Engine.Lists.List("hubs")
		return l.Rows
	}
	before := rows()
	form := url.Values{"version": {"1"}, "remove": {"1"}, "cell-0": {"KGOSS"}, "cell-1": {"Ош"}, "reason": {"a hub of ours"}}
	if a := d.ask("POST", "/lists/hubs", "head", "en", form); a.status != http.StatusSeeOther {
		t.Fatalf("save: %d\n%s", a.status, a.body)
	}
	after := rows()
	if len(after) != len(before) || slices.Equal(after[0], before[0]) || after[len(after)-1][0] != "KGOSS" {
		t.Errorf("%v\n%v", before, after)
	}
	if !d.trail.has("list.changed hubs") {
		t.Error("the change is not on the trail")
	}
	if a := d.ask("POST", "/lists/hubs", "head", "en", form); a.status != http.StatusConflict {
		t.Errorf("an old form: %d", a.status)
	}
	bad := url.Values{"version": {"2"}, "rows": {"KGOSS\tOsh\nOsh\tKGOSS\n"}, "reason": {"x"}}
	a := d.ask("POST", "/lists/hubs", "head", "ru", bad)
	if text := html.UnescapeString(a.body); a.status != http.StatusUnprocessableEntity || !strings.Contains(text, "строка 2, столбец «Место»: «Osh» не код UN/LOCODE") || !strings.Contains(text, "Osh\tKGOSS") {
		t.Errorf("a bad row: %d, or row, column and text are not there", a.status)
	}
}
