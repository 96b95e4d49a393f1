package postweb_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/learning/postweb"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }

var due = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func task() postweb.Task {
	return postweb.Task{
		ID: 7, Name: "Айгүл", Username: "aigul@example.org", Language: web.Kyrgyz, Zone: time.FixedZone("Asia/Bishkek", 6*3600), Due: due,
		Title: map[string]string{"en": "Seals", "ky": "Мөөрлөр"}, Link: "https://learn.example.org/courses/seals",
	}
}

func TestWhenToRemind(t *testing.T) {
	keys := map[string]bool{}
	for _, c := range []struct {
		before time.Duration
		word   string // of the subject, in English; empty: no letter
	}{
		{8 * 24 * time.Hour, ""}, {postweb.Ahead, "Due on"}, {25 * time.Hour, "Due on"}, {24 * time.Hour, "within a day"}, {0, "within a day"},
		{-time.Minute, "Overdue"}, {-10 * 24 * time.Hour, "Overdue"}, {-15 * 24 * time.Hour, ""},
	} {
		one := task()
		one.Language = web.English
		l, write := postweb.Reminder(one, due.Add(-c.before))
		if write != (c.word != "") || !strings.Contains(l.Subject, c.word) {
			t.Errorf("%s before: %v, %q", c.before, write, l.Subject)
		}
		if write {
			keys[l.Key] = true
		}
	}
	if len(keys) != 3 {
		t.Errorf("%d letters, want 3: %v", len(keys), keys)
	}
	moved := task()
	moved.Due = due.AddDate(0, 0, 1)
	if l, _ := postweb.Reminder(moved, due); keys[l.Key] {
		t.Error("a due date that was moved is not spoken of again")
	}
}

func TestLetter(t *testing.T) {
	l, write := postweb.Reminder(task(), due.Add(-time.Hour))
	if !write || l.To != "aigul@example.org" {
		t.Fatalf("%v, to %s", write, l.To)
	}
	for _, want := range []string{"Айгүл", "«Мөөрлөр»", "30", "18:00", "https://learn.example.org/courses/seals"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, l.Text)
		}
	}
	if strings.Contains(l.Text, "{") {
		t.Errorf("a gap is left:\n%s", l.Text)
	}
	for _, name := range []string{"aigul", "", "Aigul <aigul@example.org>", "aigul@example.org, bakyt@example.org", "aigul@example.org\r\nBcc: x@example.org"} {
		one := task()
		one.Username = name
		if _, write := postweb.Reminder(one, due); write {
			t.Errorf("a letter to %q", name)
		}
	}
}
