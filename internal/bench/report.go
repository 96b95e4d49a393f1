package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wholeSize is how far a whole run goes.
const wholeSize = 1_000_000

// report is what goes to BENCHMARKS.md.
type report struct {
	Command    string
	Machine    machine
	LoadEnd    string
	Start, End time.Time
	Sizes      []int
	Sections   []*section
}

// section is one subject with its figures.
type section struct {
	Title   string
	About   string
	Figures []figure
	Notes   []string
}

// figure is one thing that was measured, at one size.
type figure struct {
	What   string
	At     int // consignments; 0: of no size
	Value  float64
	Median float64 // of latencies, whose Value is the 99th percentile; 0 otherwise
	Unit   string
	Low    bool    // the less, the better
	Alone  float64 // Value by processor time: with the cores to itself; 0 where it makes no sense
	Target float64
	Base   string  // name of the baseline
	Than   float64 // what the baseline reached
}

func (r *report) section(title, about string) *section {
	s := &section{Title: title, About: about}
	r.Sections = append(r.Sections, s)
	return s
}

func (s *section) add(f figure) { s.Figures = append(s.Figures, f) }

func (s *section) note(format string, args ...any) {
	s.Notes = append(s.Notes, fmt.Sprintf(format, args...))
}

// met reports whether a figure with a target reaches it.
func (f *figure) met() bool {
	if f.Low {
		return f.Value <= f.Target
	}
	return f.Value >= f.Target
}

func (r *report) markdown() string {
	var b strings.Builder
	took := "broken off: what is missing was not measured"
	if !r.End.IsZero() {
		took = "took " + r.End.Sub(r.Start).Round(time.Second).String()
	}
	fmt.Fprintf(&b, "# How fast it is\n\nWritten by `%s` on %s (%s).\n\n", r.Command, r.Start.UTC().Format("2006-01-02 15:04 UTC"), took)
	if most := r.Sizes[len(r.Sizes)-1]; most < wholeSize {
		fmt.Fprintf(&b, "**This run went to %s consignments, not to %s**: it had no more time. `make bench` goes all the way.\n\n", size(most), size(wholeSize))
	}
	fmt.Fprintf(&b, "%d cores, %s, %s, %s; load average at the start %s, at the end %s.\n\n", r.Machine.Cores, r.Machine.CPU, r.Machine.Go,
		r.Machine.OS, r.Machine.Load, r.LoadEnd)
	b.WriteString("A figure stands with its ratio to a baseline that was measured in the same run, in brackets: 2.0x is twice the baseline.\n" +
		"By processor time is what the same work would reach with the cores to itself: it tells a slow program from a busy machine; of pages, the mean of what the serving process used for one.\n\n")
	r.targets(&b)
	for _, s := range r.Sections {
		s.markdown(&b)
	}
	return b.String()
}

// targets sums up: every figure that has a target, at its largest size.
func (r *report) targets(b *strings.Builder) {
	b.WriteString("## Targets\n\n| what | consignments | target | measured | | by processor time |\n| --- | ---: | ---: | ---: | --- | ---: |\n")
	for _, s := range r.Sections {
		for _, name := range s.names() {
			f := s.largest(name)
			if f.Target == 0 {
				continue
			}
			word := "**missed**"
			if f.met() {
				word = "met"
			}
			alone := ""
			if f.Alone != 0 {
				alone = quantity(f.Alone, f.Unit)
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", name, size(f.At), quantity(f.Target, f.Unit), f.text(), word, alone)
		}
	}
	b.WriteByte('\n')
}

// names are the different things of a section, in the order of their first mention.
func (s *section) names() (out []string) {
	for _, f := range s.Figures {
		if !slices.Contains(out, f.What) {
			out = append(out, f.What)
		}
	}
	return out
}

func (s *section) largest(name string) (out figure) {
	for _, f := range s.Figures {
		if f.What == name && f.At >= out.At {
			out = f
		}
	}
	return out
}

func (s *section) find(name string, at int) *figure {
	for i := range s.Figures {
		if s.Figures[i].What == name && s.Figures[i].At == at {
			return &s.Figures[i]
		}
	}
	return nil
}

// sizes are those that the section's figures were measured at.
func (s *section) sizes() (out []int) {
	for _, f := range s.Figures {
		if !slices.Contains(out, f.At) {
			out = append(out, f.At)
		}
	}
	slices.Sort(out)
	return out
}

func (s *section) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## %s\n\n%s\n\n", s.Title, s.About)
	sizes := s.sizes()
	b.WriteString("| what | target |")
	for _, n := range sizes {
		if n == 0 {
			b.WriteString(" measured |")
		} else {
			fmt.Fprintf(b, " %s |", size(n))
		}
	}
	b.WriteString(" baseline |\n| --- | ---: |" + strings.Repeat(" ---: |", len(sizes)) + " --- |\n")
	for _, name := range s.names() {
		last := s.largest(name)
		target := ""
		if last.Target != 0 {
			target = quantity(last.Target, last.Unit)
		}
		fmt.Fprintf(b, "| %s | %s |", name, target)
		for _, n := range sizes {
			cell := ""
			if f := s.find(name, n); f != nil {
				cell = f.text()
			}
			fmt.Fprintf(b, " %s |", cell)
		}
		fmt.Fprintf(b, " %s |\n", last.Base)
	}
	b.WriteByte('\n')
	for _, n := range s.Notes {
		fmt.Fprintf(b, "- %s\n", n)
	}
	if len(s.Notes) > 0 {
		b.WriteByte('\n')
	}
}

// text is the value with its ratio; of latencies the median and the 99th percentile.
func (f *figure) text() string {
	s := quantity(f.Value, f.Unit)
	if f.Median != 0 {
		s = number(f.Median) + " / " + s
	}
	if f.Than == 0 {
		return s
	}
	of := f.Value
	if f.Median != 0 {
		of = f.Median
	}
	s += fmt.Sprintf(" (%sx)", number(of/f.Than))
	return s
}

func quantity(v float64, unit string) string { return number(v) + " " + unit }

// number writes three digits that count, and thousands apart.
func number(v float64) string {
	switch {
	case v >= 1000:
		return size(int(v + 0.5))
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.1 || v == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// size writes a whole number with thousands apart; nothing for 0.
func size(n int) string {
	if n == 0 {
		return ""
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
