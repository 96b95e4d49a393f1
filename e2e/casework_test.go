package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewaiter/internal/bench/crew"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

const (
	shiftOfficers = 6
	shiftPassword = "tide-and-time"
)

// Officers work on the same cases while the program is killed under them again and
// again. Every act that was acknowledged is there once in the end, each case's acts are
// numbered without a gap, and nothing was answered that should not be.
func TestKilledCasework(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for half a minute")
	}
	files := generate(t, 150)
	for _, engine := range []store.Dialect{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			dsn := storetest.DSN(t, engine)
			importAll(t, dsn, files, false)
			addShift(t, dsn)
			shift := &crew.Crew{}
			for round := range 4 {
				workUntilKilled(t, dsn, shift, round)
			}
			checkShift(t, dsn, shift)
		})
	}
}

// addShift opens the officers' accounts.
func addShift(t *testing.T, dsn string) {
	t.Helper()
	ctx, a, unit, _ := openUnit(t, dsn, "TEST")
	defer a.Close()
	for i := range shiftOfficers {
		n := identity.NewOfficer{Username: fmt.Sprintf("crew-%d", i), Name: fmt.Sprintf("Officer %d", i), Language: "en", Role: identity.RoleOfficer, Password: shiftPassword}
		if _, err := a.Identity.Officers.Ensure(ctx, unit.ID, n); err != nil {
			t.Fatal(err)
		}
	}
}

// workUntilKilled serves the pages, lets the officers work, and kills the program.
func workUntilKilled(t *testing.T, dsn string, shift *crew.Crew, round int) {
	t.Helper()
	address := freeAddress(t)
	cmd := withDatabase(exec.Command(program, "serve", "--listen", address), dsn)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if answer, err := http.Get("http://" + address + "/healthz"); err == nil {
			answer.Body.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	shift.Base = "http://" + address
	var wait sync.WaitGroup
	for i := range shiftOfficers {
		o, err := shift.SignIn(t.Context(), fmt.Sprintf("crew-%d", i), shiftPassword, uint64(round*100+i))
		if err != nil {
			t.Fatalf("%v\n%s", err, log.String())
		}
		wait.Go(func() { _ = o.Work(t.Context()) }) // ends with the connection
	}
	time.Sleep(2*time.Second + time.Duration(rand.IntN(3000))*time.Millisecond)
	cmd.Process.Kill()
	cmd.Wait()
	wait.Wait()
}

// checkShift asks the database for everything that was acknowledged.
func checkShift(t *testing.T, dsn string, shift *crew.Crew) {
	t.Helper()
	ctx, a, _, scope := openUnit(t, dsn, "TEST")
	defer a.Close()
	acts := map[int64]map[string]int{}
	for _, ack := range shift.Acks {
		if acts[ack.Case] == nil {
			c, err := a.Cases.Case(ctx, scope.ID, ack.Case)
			if err != nil {
				t.Fatalf("case %d, in which acts were acknowledged: %v", ack.Case, err)
			}
			acts[ack.Case] = map[string]int{}
			for i, act := range c.Acts {
				acts[ack.Case][act.Key]++
				if act.Seq != i+1 {
					t.Errorf("case %d: act %d has number %d", ack.Case, i+1, act.Seq)
				}
			}
		}
		if n := acts[ack.Case][ack.Key]; n != 1 {
			t.Errorf("case %d: the acknowledged act %s is there %d times", ack.Case, ack.Key, n)
		}
	}
	if len(shift.Acks) < 20 {
		t.Errorf("only %d acts were acknowledged: the test shows little", len(shift.Acks))
	}
	for _, f := range shift.Faults {
		t.Error(f)
	}
	t.Logf("%d acts acknowledged in %d cases, %d requests", len(shift.Acks), len(acts), len(shift.Answers))
}
