package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	literal  = regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`|'[^'\n]*'")
	iconName = regexp.MustCompile(`"([a-z0-9]+(?:-[a-z0-9]+)*)"`)
)

// sourceWords collects the words inside string literals of the sources that make pages:
// what can be a class. Words on lines that speak of icons can be icons too. A class put
// together at run time must stand somewhere as a whole word.
func sourceWords(root string) (words, icons map[string]bool, err error) {
	words, icons = map[string]bool{}, map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !makesPages(path) {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, l := range literal.FindAllString(string(raw), -1) {
			for w := range strings.FieldsSeq(strings.Trim(l, "\"`'")) {
				words[strings.TrimLeft(w, ".#")] = true
			}
		}
		for line := range strings.Lines(string(raw)) {
			if strings.Contains(strings.ToLower(line), "icon") || strings.Contains(line, "Pill(") {
				for _, m := range iconName.FindAllStringSubmatch(line, -1) {
					icons[m[1]] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the sources of the pages: %w", err)
	}
	return words, icons, nil
}

// makesPages reports whether a file can hold classes or icons: templ everywhere, Go in
// packages of pages and in app (which makes the menu), TypeScript of islands.
func makesPages(path string) bool {
	base := filepath.Base(path)
	dir := filepath.ToSlash(filepath.Dir(path))
	switch filepath.Ext(base) {
	case ".templ", ".ts":
		return true
	case ".go":
		if strings.HasSuffix(base, "_test.go") || strings.HasSuffix(base, "_templ.go") || strings.Contains(dir, "web/bundle") {
			return false
		}
		return strings.Contains(dir+"/", "web/") || strings.HasSuffix(dir, "/app")
	}
	return false
}
