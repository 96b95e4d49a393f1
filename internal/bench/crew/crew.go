// Package crew is a shift of officers who work on cases over HTTP, as browsers do: with
// sessions, forms and the versions that their pages showed them. It measures how long
// each answer takes, and remembers every act that was acknowledged, so that a test can
// ask afterwards whether it is there.
package crew

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Crew works on one program.
type Crew struct {
	Base  string        // http://host:port
	Pause time.Duration // between an officer's requests, on average

	mu      sync.Mutex
	cases   []int64 // open ones, as far as the crew knows
	Acks    []Ack
	Answers []Answer
	Faults  []string // answers that should not be
}

// Ack is an act that the program has acknowledged.
type Ack struct {
	Case int64
	Key  string
}

// Answer is one request.
type Answer struct {
	What string // kind of request, such as "case" or "act hold"
	Took time.Duration
}

// Officer is one of the crew, signed in.
type Officer struct {
	crew   *Crew
	client *http.Client
	dice   *rand.Rand
	n      int
}

// SignIn returns an officer with a session of their own.
func (c *Crew) SignIn(ctx context.Context, username, password string, seed uint64) (*Officer, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	o := &Officer{crew: c, dice: rand.New(rand.NewPCG(seed, 1)), client: &http.Client{Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	answer, _, err := o.send(ctx, "sign in", "POST", "/sign-in", url.Values{"username": {username}, "password": {password}})
	if err == nil && answer.StatusCode != http.StatusSeeOther {
		err = fmt.Errorf("sign in as %s: %s", username, answer.Status)
	}
	return o, err
}

// send sends a request and notes how long it took.
func (o *Officer) send(ctx context.Context, what, method, path string, form url.Values) (*http.Response, string, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, o.crew.Base+path, body)
	if err != nil {
		return nil, "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	start := time.Now()
	answer, err := o.client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, "", err
	}
	o.crew.note(what, time.Since(start), answer, path)
	return answer, string(text), nil
}

func (c *Crew) note(what string, took time.Duration, answer *http.Response, path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Answers = append(c.Answers, Answer{what, took})
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusBadRequest {
		c.Faults = append(c.Faults, fmt.Sprintf("%s %s: %s", what, path, answer.Status))
	}
}

// Work lets the officer work until ctx ends. An error of the network ends it, too: the
// program may have been killed.
func (o *Officer) Work(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := o.step(ctx); err != nil {
			if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				return nil
			}
			return err
		}
		if o.crew.Pause > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(o.dice.Int64N(2 * int64(o.crew.Pause)))):
			}
		}
	}
	return nil
}

// step is one thing that an officer does: look, open a case, or act on one.
func (o *Officer) step(ctx context.Context) error {
	switch dice := o.dice.IntN(100); {
	case dice < 10:
		return o.look(ctx)
	case dice < 30 || o.crew.anyCase(o.dice) == 0:
		return o.open(ctx)
	default:
		return o.act(ctx, o.crew.anyCase(o.dice))
	}
}

var lists = []struct{ what, path string }{
	{"queue", "/queue?channel=examine"}, {"case list", "/cases"}, {"board", "/cases/board"}, {"home", "/"},
}

func (o *Officer) look(ctx context.Context) error {
	l := lists[o.dice.IntN(len(lists))]
	_, _, err := o.send(ctx, l.what, "GET", l.path, nil)
	return err
}

var (
	choice  = regexp.MustCompile(`name="consignment"[^>]* value="(\d+)"`)
	version = regexp.MustCompile(`name="version" value="(\d+)"`)
	member  = regexp.MustCompile(`/outcomes/(\d+)"`)
)

// open opens a case from a page of the queue.
func (o *Officer) open(ctx context.Context) error {
	_, page, err := o.send(ctx, "queue", "GET", "/queue?page="+strconv.Itoa(1+o.dice.IntN(20)), nil)
	if err != nil {
		return err
	}
	rows := choice.FindAllStringSubmatch(page, -1)
	if len(rows) == 0 {
		return nil
	}
	key := o.key()
	form := url.Values{"consignment": {rows[o.dice.IntN(len(rows))][1]}, "key": {key}}
	answer, _, err := o.send(ctx, "open a case", "POST", "/cases", form)
	if err != nil || answer.StatusCode != http.StatusSeeOther {
		return err // 409: another officer has it
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(answer.Header.Get("Location"), "/cases/"), 10, 64)
	if err != nil {
		return nil // it was in a case already
	}
	o.crew.opened(id)
	return nil
}

func (o *Officer) key() string {
	o.n++
	return fmt.Sprintf("crew-%x-%d", o.dice.Uint64(), o.n)
}

func (c *Crew) opened(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cases = append(c.cases, id)
}

// anyCase returns a case at random, mostly of the latest: officers meet there.
func (c *Crew) anyCase(dice *rand.Rand) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.cases) == 0 {
		return 0
	}
	from := max(0, len(c.cases)-60)
	return c.cases[from+dice.IntN(len(c.cases)-from)]
}

func (c *Crew) closed(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, other := range c.cases {
		if other == id {
			c.cases = append(c.cases[:i], c.cases[i+1:]...)
			return
		}
	}
}
