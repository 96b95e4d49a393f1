package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/andybalholm/brotli"
)

// unpacked returns the answer as it was before it was compressed.
func (a answer) unpacked() ([]byte, error) {
	switch a.encoding {
	case "br":
		return io.ReadAll(brotli.NewReader(bytes.NewReader(a.body)))
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(a.body))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case "":
		return a.body, nil
	}
	return nil, fmt.Errorf("an answer in the encoding %q", a.encoding)
}

var staticPattern = regexp.MustCompile(`/static/[A-Za-z0-9._-]+`)

// weigh adds up what the pages weigh at first load.
func (s *serving) weigh(ctx context.Context, srv *server, cases *cases, size int) error {
	shared, err := s.weighSignIn(ctx, srv, size)
	if err != nil {
		return err
	}
	for _, p := range cases.pages {
		a, err := srv.get(ctx, p.path)
		if err != nil {
			return err
		}
		if err := s.weighPage(ctx, srv, p.name, a, shared, size); err != nil {
			return err
		}
	}
	return nil
}

// weighSignIn weighs the page that a stranger sees, and returns the shell that it has
// loaded.
func (s *serving) weighSignIn(ctx context.Context, srv *server, size int) ([]string, error) {
	stranger := &server{address: srv.address, client: newClient(), cmd: srv.cmd}
	a, err := stranger.get(ctx, "/sign-in")
	if err != nil {
		return nil, err
	}
	text, err := a.unpacked()
	if err != nil {
		return nil, err
	}
	shared := staticFiles(text)
	shell := 0
	for _, path := range shared {
		f, err := srv.get(ctx, path)
		if err != nil {
			return nil, err
		}
		shell += len(f.body)
	}
	s.weight.add(figure{What: "shell: styles and scripts of every page", At: size, Value: float64(shell) / 1024, Unit: "KiB", Low: true})
	return shared, s.weighPage(ctx, srv, "sign-in page", a, shared, size)
}

// weighPage weighs a page. A map loads one of two coasts, the finer one where the way
// is short: such a page is weighed with either.
func (s *serving) weighPage(ctx context.Context, srv *server, name string, a answer, shared []string, size int) error {
	text, err := a.unpacked()
	if err != nil {
		return err
	}
	coarse, fine := "", ""
	if f, c := finePattern.FindSubmatch(text), coarsePattern.FindSubmatch(text); f != nil && c != nil {
		fine, coarse = string(f[1]), string(c[1])
	}
	if fine == "" {
		return s.weighFiles(ctx, srv, name, a, text, shared, size)
	}
	if err := s.weighFiles(ctx, srv, name+", map of a long way", a, text, append(slices.Clone(shared), fine), size); err != nil {
		return err
	}
	return s.weighFiles(ctx, srv, name+", map of a short way", a, text, append(slices.Clone(shared), coarse), size)
}

var (
	finePattern   = regexp.MustCompile(`data-land-fine="([^"]+)"`)
	coarsePattern = regexp.MustCompile(`data-land="([^"]*)"`)
)

// weighFiles adds to a page the files that it loads, but for some.
func (s *serving) weighFiles(ctx context.Context, srv *server, name string, a answer, text []byte, without []string, size int) error {
	wire, plain := len(a.body), len(text)
	for _, path := range staticFiles(text) {
		if slices.Contains(without, path) {
			continue
		}
		f, err := srv.get(ctx, path)
		if err != nil {
			return err
		}
		raw, err := f.unpacked()
		if err != nil {
			return err
		}
		wire, plain = wire+len(f.body), plain+len(raw)
	}
	s.weight.add(figure{What: name, At: size, Value: float64(wire) / 1024, Unit: "KiB", Low: true, Target: 100,
		Base: "unpacked", Than: float64(plain) / 1024})
	return nil
}

// staticFiles are the files that a page loads, each once.
func staticFiles(text []byte) []string {
	var out []string
	for _, m := range staticPattern.FindAllString(string(text), -1) {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
