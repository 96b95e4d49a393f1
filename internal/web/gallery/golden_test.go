package gallery_test

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/gallery"
)

var update = flag.Bool("update", false, "write the golden files")

// bundleParts is what differs with and without a bundle.
var bundleParts = []*regexp.Regexp{
	regexp.MustCompile(`<(?:link rel="(?:icon|preload|stylesheet)"[^>]*>|script type="module"[^>]*></script>)`),
	regexp.MustCompile(`(?s)<p class="unbuilt">.*?</p>`),
	regexp.MustCompile(`(?s)(?:<path|<circle|<rect|<line|<polyline|<ellipse)(?: [a-z]+="[^"]*")* ?/>`), // the inside of icons
	regexp.MustCompile(` data-land(?:-fine)?="[^"]*"`),
}

// TestGolden keeps the markup of every component as it was looked at, in three languages.
func TestGolden(t *testing.T) {
	site := web.NewSite(web.Options{})
	gallery.Mount(site)
	h := site.Handler()
	for file, page := range map[string][2]string{
		"components.html": {"/_gallery", "en"}, "queue.ru.html": {"/_gallery/queue", "ru"},
		"consignment.ky.html": {"/_gallery/consignment", "ky"}, "bare.html": {"/_gallery/bare", "en"}, "error.html": {"/_gallery/error", "en"},
	} {
		t.Run(file, func(t *testing.T) {
			r := httptest.NewRequest("GET", page[0], nil)
			r.Header.Set("Cookie", "lang="+page[1])
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Body.Bytes()
			for _, p := range bundleParts {
				got = p.ReplaceAll(got, nil)
			}
			got = regexp.MustCompile(`>\s*<`).ReplaceAll(got, []byte(">\n<"))
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (write it with -update, then look at it)", err)
			}
			if string(got) != string(want) {
				t.Errorf("%s is not as it was; look at it, then run with -update", path)
			}
		})
	}
}
