package post

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// Security is how a connection to the mail server is protected.
type Security string

// The ways. A server that does not offer what is asked for gets no mail.
const (
	StartTLS Security = "starttls" // port 587 or 25
	TLS      Security = "tls"      // port 465
	Plain    Security = "none"     // for a server on the same machine
)

// Settings say where mail is handed in.
type Settings struct {
	Server   string // host:port
	Security Security
	User     string // empty: no sign-in
	Password string
	From     string // address, or Name <address>

	Roots *x509.CertPool // who vouches for the server; nil: those whom the system trusts
}

// Letter is one mail of plain text.
type Letter struct {
	Key     string // of two letters with the same key only the first is sent
	To      string // address
	Subject string
	Text    string
}

// Source returns the letters that there are to be sent now, those sent before included.
type Source func(ctx context.Context, now time.Time) ([]Letter, error)

// Post sends what a Source has.
type Post struct {
	db       *store.DB
	settings Settings
	source   Source
	log      *slog.Logger
	host     string
	port     int
}

// New returns a post over the database, or a fault.Invalid about the settings.
func New(db *store.DB, s Settings, source Source, log *slog.Logger) (*Post, error) {
	host, portText, err := net.SplitHostPort(s.Server)
	port, portErr := strconv.Atoi(portText)
	if err != nil || portErr != nil || host == "" || port < 1 || port > 65535 {
		return nil, fault.New(fault.Invalid, "%.100q is not a mail server", s.Server).WithHint("write it as mail.example.org:587")
	}
	if err := mail.NewMsg().From(s.From); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%.100q cannot be the sender of mail", s.From).WithHint("write it as learning@example.org")
	}
	if s.Security != StartTLS && s.Security != TLS && s.Security != Plain {
		return nil, fault.New(fault.Invalid, "%q is no way to protect mail", string(s.Security)).WithHint("there are starttls, tls and none")
	}
	return &Post{db: db, settings: s, source: source, log: log, host: host, port: port}, nil
}

// every is how often Run looks.
const every = time.Hour

// Run sends what there is now and every hour, until ctx ends.
func (p *Post) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if n, err := p.Deliver(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("send reminders", "sent", n, "error", err)
		} else if n > 0 {
			p.log.Info("reminders sent", "letters", n)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Deliver sends the letters that were not sent before and returns how many. A letter that
// cannot be sent does not keep the others back; it is tried again next time.
func (p *Post) Deliver(ctx context.Context) (sent int, err error) {
	letters, err := p.source(ctx, p.db.Now())
	if err != nil {
		return 0, fmt.Errorf("look what is due: %w", err)
	}
	for _, l := range letters {
		done, sendErr := p.once(ctx, l)
		if done {
			sent++
		}
		err = errors.Join(err, sendErr)
	}
	return sent, errors.Join(err, deleteLetters(ctx, p.db.Write, p.db.Now().AddDate(-1, 0, 0)))
}

// once sends a letter unless its key was used. The key is taken first, so that no other
// process sends it meanwhile; a crash in between loses the letter, which is better than to
// send it again and again.
func (p *Post) once(ctx context.Context, l Letter) (bool, error) {
	var fresh bool
	err := p.db.InTx(ctx, func(tx *sql.Tx) (err error) {
		fresh, err = insertLetter(ctx, tx, l.Key, p.db.Now())
		return err
	})
	if err != nil || !fresh {
		return false, err
	}
	if err := p.send(ctx, l); err != nil {
		return false, errors.Join(fmt.Errorf("letter %s: %w", l.Key, err), deleteLetter(context.WithoutCancel(ctx), p.db.Write, l.Key))
	}
	return true, nil
}

// patience is how long the mail server may take over one letter.
const patience = 30 * time.Second

func (p *Post) send(ctx context.Context, l Letter) error {
	m := mail.NewMsg()
	if err := errors.Join(m.From(p.settings.From), m.To(l.To)); err != nil {
		return err
	}
	m.Subject(oneLine(l.Subject))
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: nobody's holiday notice answers
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	client, err := mail.NewClient(p.host, p.options()...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return client.DialAndSendWithContext(ctx, m)
}

func (p *Post) options() []mail.Option {
	secure := &tls.Config{ServerName: p.host, RootCAs: p.settings.Roots, MinVersion: tls.VersionTLS12}
	list := []mail.Option{mail.WithPort(p.port), mail.WithTimeout(patience), mail.WithTLSConfig(secure)}
	switch p.settings.Security {
	case StartTLS:
		list = append(list, mail.WithTLSPolicy(mail.TLSMandatory))
	case TLS:
		list = append(list, mail.WithSSL())
	case Plain:
		list = append(list, mail.WithTLSPolicy(mail.NoTLS))
	}
	if p.settings.User != "" {
		list = append(list, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.settings.User), mail.WithPassword(p.settings.Password))
	}
	return list
}

// oneLine keeps a subject from becoming further headers.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
