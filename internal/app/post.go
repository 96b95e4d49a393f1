package app

import (
	"context"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/post"
	"tidewaiter/internal/learning/postweb"
	"tidewaiter/internal/web"
)

// reminders returns what sends reminders of courses that are due, until its context ends;
// without a mail server it does nothing.
func (a *App) reminders(s post.Settings) (func(context.Context), error) {
	if s.Server == "" {
		return func(context.Context) {}, nil
	}
	p, err := post.New(a.DB, s, a.dueLetters, a.Log)
	return func(ctx context.Context) { p.Run(ctx) }, err
}

// dueLetters returns the letters about courses that are due or overdue.
func (a *App) dueLetters(ctx context.Context, now time.Time) ([]post.Letter, error) {
	due, err := a.Studies.DueBefore(ctx, now.Add(postweb.Ahead))
	if err != nil {
		return nil, err
	}
	var letters []post.Letter
	for _, d := range due {
		reader, err := a.Identity.Officers.Viewer(ctx, d.Officer, 0)
		if fault.Is(err, fault.Denied) {
			continue // who has left is reminded of nothing
		}
		if err != nil {
			return nil, err
		}
		c, err := a.Studies.Shelf().Course(d.Course)
		if err != nil {
			continue // a course that is not here any more cannot be completed
		}
		task := postweb.Task{
			ID: d.Enrolment, Name: reader.Officer.Name, Username: reader.Officer.Username, Language: web.Language(reader.Officer.Language),
			Zone: reader.Unit.Location(), Title: c.Title, Due: d.Due,
		}
		if a.Certificates.Home != "" {
			task.Link = string(a.Certificates.Home) + "/courses/" + c.ID
		}
		if l, write := postweb.Reminder(task, now); write {
			letters = append(letters, l)
		}
	}
	return letters, nil
}
