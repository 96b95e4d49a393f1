// Package identityweb holds the pages of identity: signing in and out, the choice of the
// unit, one's own account, the officers of a unit, units, and the audit trail; and the
// middleware that says who is asking.
//
//	pages := identityweb.New(registry, identityweb.Options{Secure: tls})
//	site := web.NewSite(web.Options{Frame: func(ctx context.Context) web.Frame {
//		f := identityweb.Frame(ctx)
//		f.Nav = append(cargoMenu(ctx), f.Nav...)
//		return f
//	}})
//	site.Use(pages.Middleware)
//	pages.Routes(site)
//	site.Get("/queue", pages.Require(identity.SeeQueue, queue))
package identityweb
