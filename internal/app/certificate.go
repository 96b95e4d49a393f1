package app

import (
	"context"
	"fmt"
	"net/http"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/learning/certificate"
	"tidewaiter/internal/learning/certificate/badge"
	"tidewaiter/internal/learning/certificateweb"
	"tidewaiter/internal/learning/study"
)

// openCertificates plugs certificates in: one is issued when a course is completed. url is
// the address at which they are verified; empty: where the pages are reached.
func (a *App) openCertificates(url string) (*certificate.Certificates, error) {
	at, err := badge.ReadHome(url)
	if err != nil {
		return nil, err
	}
	bus.Subscribe(a.Bus, "learning", "certificate.completed", a.issueCertificate)
	return certificate.New(certificate.Needs{DB: a.DB, Audit: a.Identity.Audit, Home: at}), nil
}

// issueCertificate issues the certificate of a completed course, with the names of now.
func (a *App) issueCertificate(ctx context.Context, e study.Completed) error {
	officer, err := a.Identity.Officers.Get(ctx, e.Officer)
	if err != nil {
		return err
	}
	unit, err := a.Identity.Units.Get(ctx, e.Unit)
	if err != nil {
		return err
	}
	title := map[string]string{}
	if c, err := a.Studies.Shelf().Course(e.Course); err == nil {
		title = c.Title
	}
	_, err = a.Certificates.Issue(ctx, certificate.Award{
		Officer: e.Officer, Name: officer.Name, Unit: unit.Name, UnitID: unit.ID, Course: e.Course, Title: title, Version: e.Version,
		Score: e.Score, Minutes: e.Minutes, At: e.At,
	})
	return err
}

// certificateOf returns where the viewer's certificate of a course is; empty: there is none.
func (a *App) certificateOf(ctx context.Context, course string) string {
	mine, err := a.Certificates.Mine(ctx)
	if err != nil {
		a.Log.Error("certificates", "error", err)
		return ""
	}
	for _, c := range mine {
		if c.Course == course && c.Revoked.IsZero() {
			return fmt.Sprintf("/certificates/%d", c.ID)
		}
	}
	return ""
}

// certificatePages returns the pages of certificates. Those who guess at numbers are told
// apart by where they ask from.
func (a *App) certificatePages(secure bool, address func(*http.Request) string) *certificateweb.Pages {
	return certificateweb.New(certificateweb.Options{Certificates: a.Certificates, Audit: a.Identity.Audit, Secure: secure, Address: address})
}
