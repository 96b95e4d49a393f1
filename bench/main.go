// Command bench reads EDIFACT files with a peer, the segment reader of
// github.com/jf-tech/omniparser (MIT), and prints for each file one line of JSON: what
// it read, and how long that took. `make bench` calls it; it is no part of the product.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jf-tech/omniparser/extensions/omniv21/fileformat/edi"
)

// result is one line of output; internal/bench reads it.
type result struct {
	File       string  `json:"file"`
	Bytes      int     `json:"bytes"`
	Segments   int     `json:"segments"`
	Components int     `json:"components"`
	Seconds    float64 `json:"seconds"` // of the quickest round
}

// rounds is how often each file is read; the quickest counts.
const rounds = 3

func main() {
	for _, path := range os.Args[1:] {
		data, err := os.ReadFile(path)
		if err == nil {
			var r result
			if r, err = best(path, data); err == nil {
				err = json.NewEncoder(os.Stdout).Encode(r)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}
}

func best(path string, data []byte) (result, error) {
	out := result{File: path, Bytes: len(data)}
	for i := range rounds {
		start := time.Now()
		segments, components, err := read(data)
		took := time.Since(start).Seconds()
		if err != nil {
			return out, fmt.Errorf("%s: %w", path, err)
		}
		if i == 0 || took < out.Seconds {
			out.Seconds = took
		}
		out.Segments, out.Components = segments, components
	}
	return out, nil
}

// read splits the text into segments and components, and leaves them escaped: that is
// the least the peer does. Line breaks are not in the text, as its way to skip them
// would cost it more.
func read(data []byte) (segments, components int, err error) {
	component, release := ":", "?"
	r := edi.NewNonValidatingReader(bytes.NewReader(data), &edi.FileDecl{
		SegDelim: "'", ElemDelim: "+", CompDelim: &component, ReleaseChar: &release,
	})
	for {
		seg, err := r.Read()
		if errors.Is(err, io.EOF) {
			return segments, components, nil
		}
		if err != nil {
			return segments, components, err
		}
		segments++
		components += len(seg.Elems)
	}
}
