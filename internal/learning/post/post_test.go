package post_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/post"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

// office is a mail server of the test.
type office struct {
	mu      sync.Mutex
	got     []string // whole letters
	to      []string
	refuse  string // address for which it refuses letters
	secret  string // password that it asks for; empty: none
	address string
}

type session struct{ *office }

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o}, nil }

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "tidewaiter" || password != s.secret {
			return errors.New("wrong password")
		}
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to == s.refuse {
		return &smtp.SMTPError{Code: 450, Message: "come back later"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, string(raw))
	return err
}

// letters are those that arrived, in any order.
func (o *office) letters() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.got)
}

// open serves an office until the test ends.
func open(t *testing.T, o *office, secure *tls.Config) *office {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	server.Domain, server.AllowInsecureAuth, server.TLSConfig = "localhost", true, secure
	server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	go server.Serve(listener) // ends with Close
	t.Cleanup(func() { server.Close() })
	o.address = listener.Addr().String()
	return o
}

func newPost(t *testing.T, db *store.DB, s post.Settings, letters ...post.Letter) *post.Post {
	t.Helper()
	if s.From == "" {
		s.From = "Tidewaiter <learning@example.org>"
	}
	if s.Security == "" {
		s.Security = post.Plain
	}
	p, err := post.New(db, s, func(context.Context, time.Time) ([]post.Letter, error) { return letters, nil }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	first  = post.Letter{Key: "due 1", To: "aigul@example.org", Subject: "Мөөнөтү: Мөөрлөр", Text: "Саламатсызбы, Айгүл!\n\nКурсту аяктаңыз.\n"}
	second = post.Letter{Key: "due 2", To: "bakyt@example.org", Subject: "Due\r\nBcc: all@example.org", Text: "Dear Bakyt,\n"}
)

func TestDelivered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, &office{}, nil)
		p := newPost(t, db, post.Settings{Server: o.address}, first, second)
		if n, err := p.Deliver(t.Context()); n != 2 || err != nil {
			t.Fatalf("%d sent, %v", n, err)
		}
		if n, err := p.Deliver(t.Context()); n != 0 || err != nil {
			t.Errorf("again: %d sent, %v", n, err)
		}
		got := o.letters()
		if len(got) != 2 {
			t.Fatalf("%d letters arrived", len(got))
		}
		m, err := mail.ReadMessage(strings.NewReader(got[0]))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		body, bodyErr := io.ReadAll(quotedprintable.NewReader(m.Body))
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if err != nil || bodyErr != nil || subject != first.Subject || strings.TrimSpace(text) != strings.TrimSpace(first.Text) {
			t.Errorf("%q: %q (%v, %v)", subject, text, err, bodyErr)
		}
		if m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(m.Header.Get("From"), "learning@example.org") || m.Header.Get("Date") == "" {
			t.Errorf("headers %v", m.Header)
		}
		if other, err := mail.ReadMessage(strings.NewReader(got[1])); err != nil || other.Header.Get("Bcc") != "" {
			t.Errorf("a subject became a header: %v, %v", other.Header, err)
		}
		if slices.Contains(o.to, "all@example.org") {
			t.Error("a letter went to all")
		}
	})
}

// A letter that the server does not take is tried again, and keeps no other back.
func TestRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, &office{refuse: first.To}, nil)
		p := newPost(t, db, post.Settings{Server: o.address}, first, second)
		if n, err := p.Deliver(t.Context()); n != 1 || err == nil || !strings.Contains(err.Error(), first.Key) {
			t.Fatalf("%d sent, %v", n, err)
		}
		o.mu.Lock()
		o.refuse = ""
		o.mu.Unlock()
		if n, err := p.Deliver(t.Context()); n != 1 || err != nil {
			t.Errorf("later: %d sent, %v", n, err)
		}
		if got := o.letters(); len(got) != 2 {
			t.Errorf("%d letters arrived", len(got))
		}
	})
}

// Several processes send a letter once.
func TestManyProcesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, &office{}, nil)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if _, err := newPost(t, db, post.Settings{Server: o.address}, first, second).Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := o.letters(); len(got) != 2 {
			t.Errorf("%d letters arrived", len(got))
		}
	})
}

func TestSignIn(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	secure, roots := certificate(t)
	o := open(t, &office{secret: "rope"}, secure)
	at := post.Settings{Server: o.address, Security: post.StartTLS, Roots: roots, User: "tidewaiter", Password: "chain"}
	if n, err := newPost(t, db, at, first).Deliver(t.Context()); n != 0 || err == nil || len(o.letters()) != 0 {
		t.Errorf("a wrong password: %d sent, %v", n, err)
	}
	at.Password = "rope"
	if n, err := newPost(t, db, at, first).Deliver(t.Context()); n != 1 || err != nil || len(o.letters()) != 1 {
		t.Errorf("%d sent, %v", n, err)
	}
}

// A server that offers no TLS, or one that nobody vouches for, gets no mail.
func TestUnprotected(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	secure, _ := certificate(t)
	bare, unknown := open(t, &office{}, nil), open(t, &office{}, secure)
	for what, s := range map[string]post.Settings{
		"no TLS": {Server: bare.address, Security: post.StartTLS}, "an unknown certificate": {Server: unknown.address, Security: post.StartTLS},
		"no TLS at all": {Server: bare.address, Security: post.TLS},
	} {
		if n, err := newPost(t, db, s, first).Deliver(t.Context()); n != 0 || err == nil {
			t.Errorf("%s: %d sent, %v", what, n, err)
		}
	}
	if len(bare.letters())+len(unknown.letters()) != 0 {
		t.Error("mail was sent")
	}
}

// certificate is one for the test's server, and a pool that vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, roots
}

func TestSettings(t *testing.T) {
	for what, s := range map[string]post.Settings{
		"no port": {Server: "mail.example.org", From: "a@example.org", Security: post.Plain}, "a port that is none": {Server: "mail.example.org:99999", From: "a@example.org", Security: post.Plain},
		"no host": {Server: ":25", From: "a@example.org", Security: post.Plain}, "no sender": {Server: "mail.example.org:25", Security: post.Plain},
		"a sender that is none": {Server: "mail.example.org:25", From: "nobody", Security: post.Plain}, "no protection named": {Server: "mail.example.org:25", From: "a@example.org"},
	} {
		if _, err := post.New(nil, s, nil, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Run looks at once, says in the log what went wrong, and ends with its context.
func TestRun(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	p, err := post.New(db, post.Settings{Server: "127.0.0.1:25", From: "a@example.org", Security: post.Plain}, func(context.Context, time.Time) ([]post.Letter, error) {
		time.AfterFunc(50*time.Millisecond, cancel)
		return nil, errors.New("the database is away")
	}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(log.String(), "the database is away") {
		t.Errorf("%v; the log: %s", err, log.String())
	}
}
