package app

import (
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/play"
	"tidewaiter/internal/learning/playweb"
)

// openPlayer plugs packages into what they need.
func (a *App) openPlayer() *play.Player {
	return play.New(play.Needs{DB: a.DB, Bus: a.Bus, Files: a.Files, Records: a.Records, Audit: a.Identity.Audit, Home: recordHome})
}

// packagePages returns the pages of packages, whose content is on an origin of its own.
func (a *App) packagePages(c ServeConfig) *playweb.Pages {
	return playweb.New(playweb.Options{Player: a.Player, Officers: a.Identity.Officers, Origin: c.origin, ContentOrigin: c.contentOrigin})
}

func (c ServeConfig) scheme() string {
	if c.Secure {
		return "https"
	}
	return "http"
}

// origin is where the pages are reached by whoever asks.
func (c ServeConfig) origin(r *http.Request) string { return c.scheme() + "://" + r.Host }

// contentOrigin is where the files of packages are reached: as configured, else at the
// same host by the port of their listener. On one machine 127.0.0.1 and localhost are two
// hosts to a browser, which keeps even the cookies of the pages from the content.
func (c ServeConfig) contentOrigin(r *http.Request) string {
	if c.ContentOrigin != "" {
		return c.ContentOrigin
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(r.Host); err == nil {
		host = name
	}
	switch host {
	case "127.0.0.1":
		host = "localhost"
	case "localhost":
		host = "127.0.0.1"
	}
	_, port, err := net.SplitHostPort(c.ContentListen)
	if err != nil {
		return c.scheme() + "://" + host
	}
	return c.scheme() + "://" + net.JoinHostPort(host, port)
}

// listenForContent listens for those who want files of packages: where it was said, else
// at the port behind the pages', or at any that is free.
func listenForContent(said string, pages net.Addr) (net.Listener, error) {
	if said != "" {
		listener, err := net.Listen("tcp", said)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "cannot listen on %s", said).WithHint("say another address: --content-listen 127.0.0.1:8081")
		}
		return listener, nil
	}
	at := pages.(*net.TCPAddr)
	host := at.IP.String()
	if listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(at.Port+1))); err == nil {
		return listener, nil
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}

// contentServer serves the files of packages, and nothing of the pages.
func (a *App) contentServer(pages *playweb.Pages) *http.Server {
	return &http.Server{
		Handler:           pages.Content(a.Log),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
}
