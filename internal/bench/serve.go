package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is the program serving the database, as a process of its own.
type server struct {
	cmd     *exec.Cmd
	address string
	client  *http.Client
	stopped chan error
	once    sync.Once
}

// startServer starts the program on a free port and waits for its first page. It
// returns how long that took, in seconds.
func startServer(ctx context.Context, program, path string) (*server, float64, error) {
	start := time.Now()
	cmd := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "TIDEWAITER_DATABASE="+path, "TIDEWAITER_LOG=error", "TIDEWAITER_REFERENCE="+filepath.Join(filepath.Dir(path), "reference"))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, 0, err
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, fmt.Errorf("start %s: %w (make build makes it)", program, err)
	}
	s := &server{cmd: cmd, stopped: make(chan error, 1)}
	lines := bufio.NewScanner(said)
	for s.address == "" && lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "Tidewaiter is at "); ok {
			s.address = strings.TrimSpace(at)
		}
	}
	go func() {
		io.Copy(os.Stderr, said)
		s.stopped <- cmd.Wait()
	}()
	if s.address == "" {
		s.stop()
		return nil, 0, fmt.Errorf("%s serve did not come up", program)
	}
	s.client = newClient()
	if _, err := s.get(ctx, "/sign-in"); err != nil {
		s.stop()
		return nil, 0, err
	}
	return s, time.Since(start).Seconds(), nil
}

// newClient returns a browser without cookies. Its transport does not unpack: what is
// measured is what comes over the wire.
func newClient() *http.Client {
	jar, _ := cookiejar.New(nil) // fails never, by its code
	return &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DisableCompression: true}}
}

// stop ends the process and waits for it.
func (s *server) stop() {
	s.once.Do(func() {
		s.cmd.Process.Signal(syscall.SIGTERM)
		<-s.stopped
	})
}

// answer is a page as it came over the wire.
type answer struct {
	body     []byte // as it was sent
	encoding string
	took     time.Duration
	path     string // where redirections ended
}

// get asks for a page as a browser does, follows redirections, and reads it to its end.
func (s *server) get(ctx context.Context, path string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+path, nil)
	if err != nil {
		return answer{}, err
	}
	return s.do(r)
}

func (s *server) do(r *http.Request) (answer, error) {
	r.Header.Set("Accept-Encoding", "gzip, br")
	r.Header.Set("Accept-Language", "en")
	start := time.Now()
	resp, err := s.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	a := answer{body: body, encoding: resp.Header.Get("Content-Encoding"), took: time.Since(start), path: resp.Request.URL.Path}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s", r.Method, r.URL, resp.Status)
	}
	return a, err
}

// signIn opens a session.
func (s *server) signIn(ctx context.Context, username, password string) error {
	form := url.Values{"username": {username}, "password": {password}, "next": {"/settings/targeting"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := s.do(r)
	if err == nil && a.path != "/settings/targeting" {
		err = fmt.Errorf("signing in ended at %s", a.path)
	}
	return err
}

// processorTime is what the process has used so far, in seconds. The kernel counts in
// hundredths.
func (s *server) processorTime() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

// memoryMiB returns a line of the process's /proc status, such as VmRSS, in MiB.
func (s *server) memoryMiB(name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("the status of the process has no %s", name)
}
