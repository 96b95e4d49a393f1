package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// serving are the sections about the running server; each size adds to them.
type serving struct {
	queue, find, process, weight *section
}

func newServing(r *report) *serving {
	return &serving{
		queue: r.section("Queue page", "Median / 99th percentile of the time from the request to the last byte, in milliseconds, one request after the other, over HTTP from "+
			"`tidewaiter serve` as a process of its own, signed in as an officer. The baseline reads the fifty rows from risk_queue in the same database by "+
			"`WHERE … ORDER BY score DESC, consignment_id LIMIT 50`: no counts, no names, no page; the ratio is of the medians."),
		find: r.section("Search and the consignment's page", "As above; each request asks for another consignment. Where a search finds one consignment, "+
			"the time holds the redirection and the consignment's page. The baseline is the bare lookup in the same table."),
		process: r.section("The serving process", "Resident memory from /proc, and the time until the first page."),
		weight: r.section("Weight of pages", "Bytes over the wire as a browser receives them, brotli or gzip. The page, with scripts, styles and data that it loads "+
			"beyond those that every page shares; those are the shell, and cached. The ratio is to the same page unpacked."),
	}
}

// requests is how many answers a percentile is made of.
func (b *bench) requests() int {
	if b.Quick {
		return 40
	}
	return 300
}

// serve measures the program on the database, which nobody else has open.
func (b *bench) serve(ctx context.Context, s *serving, path string, size int) error {
	b.show.step("choosing filters at %d", size)
	cases, err := b.choose(ctx, path)
	if err != nil {
		return err
	}
	srv, first, err := startServer(ctx, b.Program, path)
	if err != nil {
		return err
	}
	defer srv.stop()
	s.process.add(figure{What: "start to the first page", At: size, Value: first, Unit: "s", Low: true})
	if err := srv.signIn(ctx, benchOfficer.Username, benchOfficer.Password); err != nil {
		return err
	}
	if err := s.memory(srv, "memory after signing in", "VmRSS", size, 0); err != nil {
		return err
	}
	a, err := srv.get(ctx, "/queue")
	if err != nil {
		return err
	}
	s.process.add(figure{What: "first look at the queue", At: size, Value: a.took.Seconds(), Unit: "s", Low: true})
	if err := s.memory(srv, "memory after the first look at the queue", "VmRSS", size, 400); err != nil {
		return err
	}
	if err := b.serveQueue(ctx, s, srv, cases, size); err != nil {
		return err
	}
	if err := b.serveFinds(ctx, s, srv, cases, size); err != nil {
		return err
	}
	if err := s.memory(srv, "memory at the end", "VmRSS", size, 400); err != nil {
		return err
	}
	if err := s.memory(srv, "most memory at any time", "VmHWM", size, 400); err != nil {
		return err
	}
	return s.weigh(ctx, srv, cases, size)
}

func (s *serving) memory(srv *server, what, line string, size int, target float64) error {
	mib, err := srv.memoryMiB(line)
	s.process.add(figure{What: what, At: size, Value: mib, Unit: "MiB", Low: true, Target: target})
	return err
}

// serveQueue asks for the queue by every filter.
func (b *bench) serveQueue(ctx context.Context, s *serving, srv *server, cases *cases, size int) error {
	for _, f := range cases.filters {
		b.show.step("queue at %d: %s", size, f.name)
		fig, last, err := b.repeat(ctx, srv, func(int) string { return f.path() })
		if err != nil {
			return err
		}
		if got := consignmentLinks(last); !slices.Equal(got, f.ids) {
			s.queue.note("At %s, %s: the page lists %d consignments, the plain query %d, and not the same.", sizeText(size), f.name, len(got), len(f.ids))
		}
		fig.What, fig.At = f.name, size
		fig.Target, fig.Base, fig.Than = 50, "plain SQL", f.baseline
		s.queue.add(fig)
	}
	return nil
}

func (b *bench) serveFinds(ctx context.Context, s *serving, srv *server, cases *cases, size int) error {
	for _, f := range cases.finds {
		if len(f.paths) == 0 {
			continue
		}
		b.show.step("at %d: %s", size, f.name)
		fig, _, err := b.repeat(ctx, srv, func(i int) string { return f.paths[i%len(f.paths)] })
		if err != nil {
			return err
		}
		fig.What, fig.At = f.name, size
		fig.Target, fig.Base, fig.Than = f.target, f.base, f.baseline
		s.find.add(fig)
	}
	return nil
}

// repeat asks again and again, after a few requests that do not count.
func (b *bench) repeat(ctx context.Context, srv *server, path func(int) string) (figure, answer, error) {
	const before = 5
	var took []time.Duration
	var last answer
	var used float64
	for i := range before + b.requests() {
		if i == before {
			used = srv.processorTime()
		}
		var err error
		if last, err = srv.get(ctx, path(i)); err != nil {
			return figure{}, last, err
		}
		if i >= before {
			took = append(took, last.took)
		}
	}
	f := latency(took)
	f.Alone = (srv.processorTime() - used) * 1000 / float64(b.requests())
	return f, last, nil
}

// latency is the figure of some answers: 99 of 100 come within its value.
func latency(took []time.Duration) figure {
	slices.Sort(took)
	at := func(share float64) float64 {
		i := min(len(took)-1, int(share*float64(len(took))))
		return took[i].Seconds() * 1000
	}
	return figure{Median: at(0.5), Value: at(0.99), Unit: "ms", Low: true}
}

func sizeText(n int) string { return fmt.Sprint(size(n)) }
