// Package web is the ground under every page: the shell, the languages, the errors as
// a person reads them, and the middleware through which every request passes. It
// knows no domain; a domain's pages live in its own *web package and use this one.
//
// A page is a Handler, registered on a Site:
//
//	site.Get("/queue", func(w http.ResponseWriter, r *http.Request) error {
//		rows, err := cases.Queue(r.Context())
//		if err != nil {
//			return err // a fault is shown with its sentence, a failure with a reference
//		}
//		return web.Render(w, r, queuePage(rows))
//	})
//
// and its templ component wraps its content in the shell:
//
//	templ queuePage(rows []Row) {
//		@web.Page(web.PageInfo{Title: web.T(ctx, "risk.queue.title"), Section: "queue"}) {
//			...
//		}
//	}
//
// The Content-Security-Policy forbids inline scripts and styles, also style attributes:
// use classes, and SVG attributes for lengths that depend on data. Everything works as
// plain links and forms; htmx and the islands only make it quicker.
package web
