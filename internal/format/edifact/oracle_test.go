package edifact

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/iotest"
)

// flatten gives a segment the oracle's shape: a tag, then strings, or lists where an
// element has components.
func flatten(s *Segment) []any {
	out := []any{s.Tag()}
	for _, e := range s.Strings()[1:] {
		if len(e) == 1 {
			out = append(out, e[0])
			continue
		}
		list := make([]any, len(e))
		for i, c := range e {
			list[i] = c
		}
		out = append(out, list)
	}
	return out
}

func TestOracle(t *testing.T) {
	dir := sharedDir(t)
	raw, err := os.ReadFile(filepath.Join(dir, "expected-segments.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][][]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) < 10 {
		t.Fatalf("the oracle holds only %d files", len(want))
	}
	for name, segments := range want {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			r := NewReader(bytes.NewReader(data))
			for i, w := range segments {
				if w[0] == "UNA" { // the Reader obeys it and does not return it
					continue
				}
				s, err := r.Next()
				if err != nil {
					t.Fatalf("segment %d: %v", i, err)
				}
				if got := flatten(s); !reflect.DeepEqual(got, w) {
					t.Fatalf("segment %d:\n got %q\nwant %q", i, got, w)
				}
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) {
				t.Fatalf("more than the oracle has: %v", err)
			}
		})
	}
}

// TestEveryFile reads every real file as a whole and byte by byte, to the same segments,
// and holds each segment's place against the bytes.
func TestEveryFile(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "*.edi"))
	if err != nil || len(files) < 15 {
		t.Fatalf("files: %d, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			whole := readAll(t, bytes.NewReader(data), data)
			slow := readAll(t, iotest.OneByteReader(bytes.NewReader(data)), data)
			if !reflect.DeepEqual(whole, slow) {
				t.Fatal("reading byte by byte gives other segments")
			}
			if len(whole) < 7 {
				t.Fatalf("only %d segments", len(whole))
			}
		})
	}
}

func readAll(t *testing.T, src io.Reader, data []byte) [][][]string {
	t.Helper()
	var out [][][]string
	r := NewReader(src)
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := data[s.Offset : s.Offset+int64(len(s.Raw()))]; !bytes.Equal(got, s.Raw()) {
			t.Fatalf("place of %q holds %q", s.Raw(), got)
		}
		out = append(out, s.Strings())
	}
}
