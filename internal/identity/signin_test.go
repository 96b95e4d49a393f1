package identity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewaiter/internal/fault"
)

func TestSignIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for _, c := range []struct{ username, password string }{
			{"aigul", "wrong-password-x"}, {"nobody", goodPassword}, {"", ""},
			{string(make([]byte, 500)), goodPassword},
		} {
			if _, err := w.Officers.SignIn(ctx, c.username, c.password, "192.0.2.1"); err != ErrCredentials {
				t.Errorf("%.10q: %v", c.username, err)
			}
		}
		o, err := w.Officers.SignIn(ctx, "  AIGUL ", goodPassword, "192.0.2.1")
		if err != nil || o.ID != w.officer.ID {
			t.Fatalf("got %+v, %v", o, err)
		}
		if o, _ = w.Officers.Get(ctx, o.ID); !o.SignedInAt.Equal(w.clock.now()) {
			t.Errorf("signed in at %v", o.SignedInAt)
		}
		ok(t, "close", w.Officers.SetActive(w.as(t, w.head, w.osh), w.officer.ID, false))
		if _, err := w.Officers.SignIn(ctx, "aigul", goodPassword, "192.0.2.1"); err != ErrCredentials {
			t.Errorf("a closed account: %v", err)
		}
	})
}

func TestHashIsMadeAnewAtTodaysCost(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dearer := Open(w.db, nil, WithCost(Cost{MemoryKiB: 128, Passes: 1, Lanes: 1}), WithClock(w.clock.now))
		for range 2 {
			_, err := dearer.Officers.SignIn(context.Background(), "aigul", goodPassword, "")
			ok(t, "sign in", err)
			_, encoded, err := selectOfficer(context.Background(), w.db.Read, "id", w.officer.ID)
			ok(t, "read", err)
			if c, _, _, _ := parsePHC(encoded); c.MemoryKiB != 128 {
				t.Errorf("the hash has the cost %+v", c)
			}
		}
	})
}

func TestThrottleByAccount(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, username := range []string{"aigul", "nobody"} { // alike, or the throttle tells who exists
			try := func(i int) error {
				_, err := w.Officers.SignIn(context.Background(), username, "wrong-password", fmt.Sprintf("192.0.2.%d", i))
				return err
			}
			for i := range 6 {
				if err := try(i); err != ErrCredentials {
					t.Fatalf("%s, attempt %d: %v", username, i, err)
				}
			}
			for _, want := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
				err := try(100)
				var wait *Wait
				if !fault.Is(err, fault.TooMany) || !errors.As(err, &wait) || wait.For != want {
					t.Fatalf("%s: got %v, want a wait of %v", username, err, want)
				}
				w.clock.turn(want)
				if err := try(100); err != ErrCredentials {
					t.Fatalf("%s after the wait: %v", username, err)
				}
			}
		}
		w.clock.turn(time.Hour)
		_, err := w.Officers.SignIn(context.Background(), "aigul", goodPassword, "192.0.2.9")
		ok(t, "sign in after the wait", err)
		for range 5 {
			if _, err := w.Officers.SignIn(context.Background(), "aigul", "wrong-password", "192.0.2.9"); err != ErrCredentials {
				t.Fatalf("success did not clear the failures: %v", err)
			}
		}
	})
}

func TestThrottleByAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var err error
		tries := 0
		for ; err == nil || err == ErrCredentials; tries++ {
			if tries%3 == 0 { // an account of one's own clears nobody else's failures
				_, err = w.Officers.SignIn(context.Background(), "aigul", goodPassword, "2001:db8::1")
			} else {
				_, err = w.Officers.SignIn(context.Background(), fmt.Sprint("guess", tries), goodPassword, fmt.Sprintf("2001:db8::%x", tries))
			}
			if tries > 100 {
				t.Fatal("an address may guess without end")
			}
		}
		wantKind(t, "guessing", err, fault.TooMany)
		_, err = w.Officers.SignIn(context.Background(), "bakyt", goodPassword, "2001:db8:1::1")
		ok(t, "from elsewhere", err)
		w.clock.turn(25 * time.Hour)
		ok(t, "sweep", w.Sweep(context.Background()))
		var left int
		ok(t, "count", w.db.Read.QueryRow(`SELECT count(*) FROM identity_throttle`).Scan(&left))
		if left != 0 {
			t.Errorf("%d failures are left after a day", left)
		}
	})
}

// Attempts at once must not all pass the throttle before the first has failed.
func TestThrottleHoldsAgainstACrowd(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var through atomic.Int64
		var wg sync.WaitGroup
		for range 24 {
			wg.Go(func() {
				_, err := w.Officers.SignIn(context.Background(), "aigul", "wrong-password", "")
				if err == ErrCredentials {
					through.Add(1)
				} else if !fault.Is(err, fault.TooMany) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := through.Load(); n != accountLimit.free+1 {
			t.Errorf("%d guesses went through at once, want %d", n, accountLimit.free+1)
		}
	})
}

func TestAddressSubject(t *testing.T) {
	for _, c := range [][2]string{
		{"192.0.2.7", "address:192.0.2.7"}, {"::ffff:192.0.2.7", "address:192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"}, {"fe80::1%eth0", "address:fe80::/64"}, {"unix", "address:unix"},
	} {
		if got := addressSubject(c[0]); got != c[1] {
			t.Errorf("%s: got %s", c[0], got)
		}
	}
}

func TestWaitGrowsAndStops(t *testing.T) {
	l := limit{free: 3, most: time.Minute}
	for n, want := range map[int64]time.Duration{0: 0, 3: 0, 4: 2 * time.Second, 5: 4 * time.Second, 9: time.Minute, 1 << 40: time.Minute} {
		if got := l.wait(n); got != want {
			t.Errorf("after %d: %v, want %v", n, got, want)
		}
	}
}
