package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// targets are the browsers of 2024 on, the first in which Tabler 1.6 works: it says its
// colours with light-dark().
var targets = []api.Engine{
	{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineFirefox, Version: "128"}, {Name: api.EngineSafari, Version: "17.5"},
}

// addScripts bundles every islands/*.ts on its own, so that a page loads what it uses.
func addScripts(out *output, root string) error {
	entries, err := filepath.Glob(filepath.Join(root, "internal", "web", "islands", "*.ts"))
	if err != nil {
		return fmt.Errorf("islands: %w", err)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry, ".d.ts") {
			continue
		}
		result := api.Build(api.BuildOptions{
			EntryPoints: []string{entry}, Bundle: true, Format: api.FormatESModule, Platform: api.PlatformBrowser,
			Engines: targets, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, KeepNames: true,
			LegalComments: api.LegalCommentsNone, AbsWorkingDir: root, NodePaths: []string{filepath.Join(root, "node_modules")},
		})
		if err := buildError(result.Errors); err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(entry), ".ts") + ".js"
		out.add(name, result.OutputFiles[0].Contents)
	}
	return nil
}

// addStyles bundles the style sheet with Tabler, drops what no page can match, and
// takes the fonts that it names along.
func addStyles(out *output, root string, words map[string]bool) error {
	dir := filepath.Join(root, "internal", "web", "style")
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "app.css")}, Bundle: true, Engines: targets,
		Loader:        map[string]api.Loader{".woff2": api.LoaderFile},
		Outdir:        "/static",
		AssetNames:    "[name]",
		LegalComments: api.LegalCommentsNone, AbsWorkingDir: root, NodePaths: []string{filepath.Join(root, "node_modules")},
	})
	if err := buildError(result.Errors); err != nil {
		return err
	}
	own, err := ownClasses(dir)
	if err != nil {
		return err
	}
	maps.Copy(words, own)
	var sheet string
	fonts := map[string]string{}
	for _, f := range result.OutputFiles {
		switch base := filepath.Base(f.Path); filepath.Ext(base) {
		case ".css":
			sheet = string(f.Contents)
		case ".woff2":
			fonts[base] = out.add(strings.Replace(base, "-wght-normal", "", 1), f.Contents)
		}
	}
	for plain, hashed := range fonts {
		sheet = strings.ReplaceAll(sheet, plain, hashed)
	}
	small := api.Transform(purge(sheet, words), api.TransformOptions{
		Loader: api.LoaderCSS, Engines: targets, MinifyWhitespace: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
	})
	if err := buildError(small.Errors); err != nil {
		return err
	}
	out.add("app.css", small.Code)
	mark, err := os.ReadFile(filepath.Join(dir, "favicon.svg"))
	if err != nil {
		return fmt.Errorf("favicon: %w", err)
	}
	out.add("favicon.svg", mark)
	return nil
}

// ownClasses lists the classes of our own style sheets: they are few, and their names are
// often put together at run time (pill-bad), so none of them is dropped.
func ownClasses(dir string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.css"))
	if err != nil {
		return nil, fmt.Errorf("styles: %w", err)
	}
	own := map[string]bool{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("styles: %w", err)
		}
		for _, m := range classes.FindAllSubmatch(raw, -1) {
			own[string(m[1])] = true
		}
	}
	return own, nil
}

func buildError(messages []api.Message) error {
	if len(messages) == 0 {
		return nil
	}
	lines := api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New(strings.Join(lines, "\n"))
}

// addMap takes the countries of the world (Natural Earth 1:110m, 30 KiB on the wire; the
// finer 1:50m would weigh 200), without their English names: the page speaks three
// languages.
func addMap(out *output, root string) error {
	raw, err := os.ReadFile(filepath.Join(root, "node_modules", "world-atlas", "countries-110m.json"))
	if err != nil {
		return fmt.Errorf("map: %w", err)
	}
	var atlas map[string]any
	if err := json.Unmarshal(raw, &atlas); err != nil {
		return fmt.Errorf("map: %w", err)
	}
	objects, _ := atlas["objects"].(map[string]any)
	countries, ok := objects["countries"].(map[string]any)
	if !ok {
		return errors.New("map: has no countries")
	}
	geometries, _ := countries["geometries"].([]any)
	for _, g := range geometries {
		if country, ok := g.(map[string]any); ok {
			delete(country, "properties")
			delete(country, "id")
		}
	}
	atlas["objects"] = map[string]any{"countries": countries}
	small, err := json.Marshal(atlas)
	if err != nil {
		return fmt.Errorf("map: %w", err)
	}
	out.add("land.json", small)
	return nil
}

var (
	svgInside = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	svgBlank  = regexp.MustCompile(`\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>`)
	spaces    = regexp.MustCompile(`\s+`)
)

// addIcons takes the outline icons among the words.
func addIcons(out *output, root string, words map[string]bool) error {
	icons := map[string]string{}
	for word := range words {
		raw, err := os.ReadFile(filepath.Join(root, "node_modules", "@tabler", "icons", "icons", "outline", word+".svg"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("icon %s: %w", word, err)
		}
		inside := svgInside.FindSubmatch(raw)
		if inside == nil {
			return fmt.Errorf("icon %s: no <svg>", word)
		}
		text := svgBlank.ReplaceAllString(string(inside[1]), "")
		icons[word] = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	}
	raw, err := json.Marshal(icons)
	if err != nil {
		return fmt.Errorf("icons: %w", err)
	}
	out.files["icons.json"] = raw
	return nil
}
