package web

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Icon draws an outline icon of @tabler/icons by its name, such as "ship", beside a word
// that says the same: it is hidden from screen readers. The bundler embeds the icons
// whose names stand as literals on lines that speak of icons in Go and templ files.
func Icon(name string) templ.Component { return icon(name, "icon") }

// IconClass is Icon with further classes.
func IconClass(name, class string) templ.Component { return icon(name, "icon "+class) }

func icon(name, class string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="`+templ.EscapeString(class)+
			`" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">`+
			bundled().icons[name]+`</svg>`)
		return err
	})
}

// HasIcon reports whether an icon is in the bundle.
func HasIcon(name string) bool { return bundled().icons[name] != "" }
