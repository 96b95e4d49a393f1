// Command bundle makes internal/web/static/dist from what npm ci fetched and from our
// own styles and islands: minified, named by their content, compressed beforehand, with
// the icons that the pages use and only those rules of Tabler that they can match. It also
// copies the fonts that papers (internal/format/pdf) embed.
//
//	npm ci && go run ./internal/web/bundle
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "@tabler", "core")); err != nil {
		return errors.New("node_modules is missing or incomplete: run npm ci first")
	}
	words, iconWords, err := sourceWords(filepath.Join(root, "internal"))
	if err != nil {
		return err
	}
	out := newOutput()
	if err := addScripts(out, root); err != nil {
		return err
	}
	if err := addStyles(out, root, words); err != nil {
		return err
	}
	if err := addMap(out, root); err != nil {
		return err
	}
	if err := addIcons(out, root, iconWords); err != nil {
		return err
	}
	if err := copyPaperFonts(root); err != nil {
		return err
	}
	return out.write(filepath.Join(root, "internal", "web", "static", "dist"))
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod here or above: run it inside the checkout")
		}
		dir = parent
	}
}

// output collects the files of the bundle and their logical names.
type output struct {
	files    map[string][]byte
	manifest map[string]string
}

func newOutput() *output {
	return &output{files: map[string][]byte{}, manifest: map[string]string{}}
}

// add takes a file under its logical name and returns the name that holds its hash.
func (o *output) add(logical string, content []byte) string {
	sum := sha256.Sum256(content)
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:10])
	ext := filepath.Ext(logical)
	hashed := strings.TrimSuffix(logical, ext) + "." + hash + ext
	o.files[hashed] = content
	o.manifest[logical] = hashed
	return hashed
}

// write replaces the directory's content and prints what everything weighs.
func (o *output) write(dir string) error {
	old, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("empty %s: %w", dir, err)
	}
	for _, e := range old {
		if e.Name() == ".keep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("empty %s: %w", dir, err)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	logical := make([]string, 0, len(o.manifest))
	for name := range o.manifest {
		logical = append(logical, name)
	}
	slices.Sort(logical)
	for _, name := range logical {
		if err := writeFile(dir, o.manifest[name], o.files[o.manifest[name]]); err != nil {
			return err
		}
	}
	raw, err := json.MarshalIndent(o.manifest, "", "\t")
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "icons.json"), o.files["icons.json"], 0o644); err != nil {
		return fmt.Errorf("icons: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), raw, 0o644)
}

// writeFile writes a file and, where that makes it smaller, its compressed forms.
func writeFile(dir, name string, content []byte) error {
	forms := map[string][]byte{"": content}
	if filepath.Ext(name) != ".woff2" && len(content) > 600 {
		var err error
		if forms[".br"], forms[".gz"], err = compress(content); err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
	}
	for ext, body := range forms {
		if ext != "" && len(body) >= len(content) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name+ext), body, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name+ext, err)
		}
	}
	fmt.Printf("%9d  br %7d  gz %7d  %s\n", len(content), len(forms[".br"]), len(forms[".gz"]), name)
	return nil
}

func compress(content []byte) (br, gz []byte, err error) {
	var b, g bytes.Buffer
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	gw, err := gzip.NewWriterLevel(&g, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{bw, gw} {
		if _, err := w.Write(content); err != nil {
			return nil, nil, err
		}
		if err := w.Close(); err != nil {
			return nil, nil, err
		}
	}
	return b.Bytes(), g.Bytes(), nil
}
