package exerciseweb

import (
	"net/http/httptest"
	"testing"
)

func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		method, path string
		want         bool
	}{
		{"GET", "/cases", true}, {"HEAD", "/settings/targeting", true},
		{"POST", "/exercises/runs/1/select", true}, {"POST", "/sign-out", true}, {"POST", "/language", true}, {"POST", "/queue/views", true},
		{"POST", "/queue/views/4/delete", true}, {"POST", "/courses/drugs/lessons", true},
		{"POST", "/cases", false}, {"POST", "/cases/4/conclude", false}, {"POST", "/releases", false}, {"POST", "/imports", false},
		{"POST", "/queue", false}, {"POST", "/lists/brands", false}, {"POST", "/settings/weights", false}, {"DELETE", "/imports/3", false},
		{"PUT", "/cases", false}, {"POST", "/", false}, {"POST", "/officers", false}, {"POST", "/exercisesx", false},
	} {
		if got := allowed(httptest.NewRequest(c.method, c.path, nil)); got != c.want {
			t.Errorf("%s %s: %v", c.method, c.path, got)
		}
	}
}
