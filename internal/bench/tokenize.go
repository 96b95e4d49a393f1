package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"tidewaiter/internal/format/edifact"
	"tidewaiter/internal/simulate"
)

// released is a text in which every few bytes are released: what some senders write.
const released = "FTX+AAA+++NO OF BAGS?:1440 ?+ NET?: 36?'000 ??GROSS?: 36?'468 ?+VGM?: 42?'488:O?'NEILL ?+ SONS?'S?:?+'"

// sample is a text to tokenize.
type sample struct {
	name string
	text []byte
}

// tokenize measures the EDIFACT reader on one core.
func (b *bench) tokenize(ctx context.Context) error {
	b.show.step("tokenizing EDIFACT")
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	samples, err := tokenSamples(b.Quick)
	if err != nil {
		return err
	}
	s := b.rep.section("Tokenizing EDIFACT", "One core. The text is split into segments, elements and components, and the bytes of every component are looked at, "+
		"release characters taken out. Plain is generated CUSCAR of all kinds of senders without line breaks; the other releases a character every few bytes.")
	peers, err := b.runPeer(ctx, samples)
	if err != nil {
		s.note("The peer could not be measured: %v.", err)
	}
	for i, x := range samples {
		if err := b.tokenizeSample(s, x, peers[i]); err != nil {
			return err
		}
	}
	s.note("omniparser is github.com/jf-tech/omniparser v1.0.5, its NonValidatingReader, run in the module `bench/` with GOMAXPROCS=1; it leaves release characters in.")
	s.note("strings.Split cuts at every service character and knows no release: what it says about released text is wrong.")
	return nil
}

func (b *bench) tokenizeSample(s *section, x sample, peer peerResult) error {
	mega := float64(len(x.text)) / 1e6
	segments := 0
	took, err := b.best(func() (err error) {
		segments, err = tokens(x.text)
		return err
	})
	if err != nil {
		return err
	}
	split, err := b.best(func() error { splitNaively(string(x.text)); return nil })
	if err != nil {
		return err
	}
	rate := figure{What: x.name, Value: mega / took.clock, Alone: mega / took.processor, Unit: "MB/s", Target: 100, Base: "strings.Split", Than: mega / split.clock}
	if peer.Seconds > 0 {
		rate.Base, rate.Than = "omniparser", mega/peer.Seconds
		s.note("%s: omniparser reaches %s MB/s, strings.Split %s MB/s.", x.name, number(mega/peer.Seconds), number(mega/split.clock))
		if peer.Segments != segments {
			s.note("%s: omniparser counts %d segments, we count %d; it takes UNA for one, and cuts at an apostrophe in a name.", x.name, peer.Segments, segments)
		}
	}
	s.add(rate)
	return nil
}

// tokenSamples makes the texts, some megabytes each.
func tokenSamples(quick bool) ([]sample, error) {
	want := 16 << 20
	if quick {
		want = 1 << 20
	}
	var plain bytes.Buffer
	for batch, err := range batches(want / 1024) {
		if err != nil {
			return nil, err
		}
		if err := simulate.EncodeCUSCAR(&plain, batch); err != nil {
			return nil, err
		}
		if plain.Len() >= want {
			break
		}
	}
	text := bytes.ReplaceAll(bytes.ReplaceAll(plain.Bytes(), []byte("\r"), nil), []byte("\n"), nil)
	head := "UNB+UNOC:3+A+B+200101:0000+1'UNH+1+CUSCAR:D:95B:UN'"
	return []sample{
		{"plain text", text},
		{"release characters", []byte(head + strings.Repeat(released, want/len(released)))},
	}, nil
}

var sink int // keeps what is measured from being left out

func tokens(text []byte) (segments int, err error) {
	r := edifact.NewReader(bytes.NewReader(text))
	for {
		seg, err := r.Next()
		if errors.Is(err, io.EOF) {
			return segments, nil
		}
		if err != nil {
			return segments, err
		}
		segments++
		for e := range seg.Len() {
			for c := range seg.Components(e) {
				sink += len(seg.Bytes(e, c))
			}
		}
	}
}

// splitNaively is what one writes in a minute.
func splitNaively(text string) {
	for segment := range strings.SplitSeq(text, "'") {
		for _, element := range strings.Split(segment, "+") {
			for _, component := range strings.Split(element, ":") {
				sink += len(component)
			}
		}
	}
}

// peerResult is a line that the peer's program prints.
type peerResult struct {
	Segments int     `json:"segments"`
	Seconds  float64 `json:"seconds"`
}

// runPeer has the peer read the same texts, in a process of its own.
func (b *bench) runPeer(ctx context.Context, samples []sample) ([]peerResult, error) {
	out := make([]peerResult, len(samples))
	var paths []string
	for i, x := range samples {
		path, err := filepath.Abs(filepath.Join(b.dir, fmt.Sprintf("sample%d.edi", i)))
		if err != nil {
			return out, err
		}
		if err := os.WriteFile(path, x.text, 0o640); err != nil {
			return out, err
		}
		paths = append(paths, path)
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "."}, paths...)...)
	cmd.Dir = b.Peer
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	lines, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("go run in %s: %w %s", b.Peer, err, bytes.TrimSpace(problem.Bytes()))
	}
	scanner := bufio.NewScanner(bytes.NewReader(lines))
	for i := 0; scanner.Scan() && i < len(out); i++ {
		if err := json.Unmarshal(scanner.Bytes(), &out[i]); err != nil {
			return out, err
		}
	}
	return out, scanner.Err()
}
