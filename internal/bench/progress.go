package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// progress says what is going on: in place on a terminal, a line at a time elsewhere.
type progress struct {
	f        *os.File
	terminal bool
	start    time.Time
	last     time.Time
}

func newProgress(f *os.File) *progress {
	return &progress{f: f, terminal: term.IsTerminal(int(f.Fd())), start: time.Now()}
}

// step names what begins now.
func (p *progress) step(format string, args ...any) {
	p.print(fmt.Sprintf(format, args...))
	p.last = time.Now()
}

// tick says how far a step has come, at most once in a while.
func (p *progress) tick(format string, args ...any) {
	pause := 10 * time.Second
	if p.terminal {
		pause = 200 * time.Millisecond
	}
	if time.Since(p.last) >= pause {
		p.step(format, args...)
	}
}

func (p *progress) print(s string) {
	if p.terminal {
		fmt.Fprint(p.f, "\r\x1b[K", s)
		return
	}
	fmt.Fprintf(p.f, "%6.0fs  %s\n", time.Since(p.start).Seconds(), s)
}

func (p *progress) done() {
	if p.terminal {
		fmt.Fprint(p.f, "\r\x1b[K")
	}
}
