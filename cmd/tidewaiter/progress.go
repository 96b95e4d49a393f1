package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// progressLine returns a function that shows a line of progress in place, and one that
// clears it. Where the stream is no terminal, both do nothing.
func progressLine(f *os.File) (show func(string), done func()) {
	if !term.IsTerminal(int(f.Fd())) {
		return func(string) {}, func() {}
	}
	return func(s string) { fmt.Fprintf(f, "\r\x1b[K%s", s) }, func() { fmt.Fprint(f, "\r\x1b[K") }
}

// bar draws how much of a whole is done.
func bar(part, whole int64) string {
	const width = 30
	n := width
	if whole > 0 {
		n = int(min(part, whole) * width / whole)
	}
	return "[" + strings.Repeat("#", n) + strings.Repeat("·", width-n) + "]"
}
