package postweb

import (
	"context"
	"embed"
	"fmt"
	"net/mail"
	"time"

	"tidewaiter/internal/learning/post"
	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }

// Task is a course that somebody has to complete.
type Task struct {
	ID       int64 // of the enrolment
	Name     string
	Username string // an address where it is one; else nobody is written to
	Language web.Language
	Zone     *time.Location
	Title    map[string]string // of the course, by language
	Due      time.Time
	Link     string // address of the course; may be empty
}

// stage is how pressing a task is.
type stage string

const (
	week    stage = "week"
	day     stage = "day"
	overdue stage = "overdue"
)

// stageOf returns how pressing a task is: nothing more than a week before.
func stageOf(due, now time.Time) (stage, bool) {
	switch left := due.Sub(now); {
	case left > 7*24*time.Hour, left < -14*24*time.Hour:
		return "", false
	case left < 0:
		return overdue, true
	case left <= 24*time.Hour:
		return day, true
	}
	return week, true
}

// Ahead is how long before its due date a task is first spoken of.
const Ahead = 7 * 24 * time.Hour

// Reminder returns the letter about a task, if there is one to write now: a week before it
// is due, a day before, and when it is overdue. A due date that was moved begins anew.
func Reminder(t Task, now time.Time) (post.Letter, bool) {
	at, err := mail.ParseAddress(t.Username)
	s, speak := stageOf(t.Due, now)
	if err != nil || at.Address != t.Username || !speak {
		return post.Letter{}, false
	}
	ctx := web.SetLanguage(web.SetZone(context.Background(), t.Zone), t.Language)
	title := t.Title[string(t.Language)]
	if title == "" {
		title = t.Title["en"]
	}
	args := []any{"Name", t.Name, "Course", title, "Due", web.DateTime(ctx, t.Due)}
	text := web.T(ctx, "post.greeting", args...) + "\n\n" + web.T(ctx, "post."+string(s), args...) + "\n"
	if t.Link != "" {
		text += "\n" + t.Link + "\n"
	}
	return post.Letter{
		Key: fmt.Sprintf("due %d %s %d", t.ID, s, t.Due.Unix()), To: t.Username,
		Subject: web.T(ctx, "post."+string(s)+".subject", args...), Text: text + "\n" + web.T(ctx, "post.why") + "\n",
	}, true
}
