// Package e2e_test tries the program as built: stories at the command line, browser
// journeys through its pages, and what happens when it is killed.
package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/identity"
)

// program is the path of the built program.
var program string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tidewaiter-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "tidewaiter")
	build := exec.Command("go", "build", "-o", program, "tidewaiter/cmd/tidewaiter")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return m.Run()
}

// shared returns a file of the real data beside the checkout, and skips the test where
// it is not there.
func shared(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../shared/data", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", name)
	}
	return path
}

// withDatabase lets a command work on a database, and log errors only.
func withDatabase(cmd *exec.Cmd, dsn string) *exec.Cmd {
	cmd.Env = append(os.Environ(), "TIDEWAITER_DATABASE="+dsn, "TIDEWAITER_LOG=error", "DISPLAY=", "WAYLAND_DISPLAY=")
	return cmd
}

// tidewaiter runs the program on a database and demands that it succeeds.
func tidewaiter(t *testing.T, dsn string, args ...string) {
	t.Helper()
	if out, err := withDatabase(exec.Command(program, args...), dsn).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// openUnit opens the program on a database in this process, as somebody at the console of
// a unit. The caller closes it.
func openUnit(t *testing.T, dsn, code string) (context.Context, *app.App, identity.Unit, cargo.Scope) {
	t.Helper()
	a, err := app.Open(context.Background(), app.Config{Database: dsn})
	if err != nil {
		t.Fatal(err)
	}
	ctx, unit, scope, err := a.Unit(context.Background(), code)
	if err != nil {
		a.Close()
		t.Fatal(err)
	}
	return ctx, a, unit, scope
}

// freeAddress returns an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

// startDemo runs the demo with n consignments until the test ends, and returns its
// address and its database.
func startDemo(t *testing.T, n int) (base, dsn string) {
	t.Helper()
	address := freeAddress(t)
	dsn = filepath.Join(t.TempDir(), "demo.db")
	cmd := withDatabase(exec.Command(program, "demo", "--listen", address, "--consignments", fmt.Sprint(n), "--months", "1", "--data", dsn), dsn)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo did not stop in good order: %v\n%s", err, log.String())
		}
	})
	for range 600 {
		if answer, err := http.Get("http://" + address + "/healthz"); err == nil {
			answer.Body.Close()
			return "http://" + address, dsn
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("the demo did not come up:\n%s", log.String())
	return "", ""
}
