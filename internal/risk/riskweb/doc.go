// Package riskweb holds the pages on which an officer decides whom to stop: the unit's
// day, the ranked queue, one consignment with its reasons, parties, indicators, and the
// settings and lists that the reasons come from.
//
//	pages := riskweb.New(riskweb.Options{Assessments: a, Cargo: c, Reference: codes, Audit: trail, Officers: officers, Raw: imports, Intake: summary})
//	pages.Routes(site, accounts.Require)
//
// Requests work in the scope that cargoweb.ScopeOf gives; a consignment of another scope
// does not exist for them.
package riskweb
