package app

import (
	"net"
	"net/http"
	"testing"

	"tidewaiter/internal/fault"
)

// The content is never on the origin of the pages.
func TestTheContentHasAnOriginOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		config     ServeConfig
		host, want string
	}{
		{ServeConfig{ContentListen: "127.0.0.1:8081"}, "127.0.0.1:8080", "http://localhost:8081"},
		{ServeConfig{ContentListen: "127.0.0.1:8081"}, "localhost:8080", "http://127.0.0.1:8081"},
		{ServeConfig{ContentListen: "[::]:8081"}, "192.168.1.5:8080", "http://192.168.1.5:8081"},
		{ServeConfig{ContentListen: "0.0.0.0:8081"}, "tide.example.kg", "http://tide.example.kg:8081"},
		{ServeConfig{ContentListen: "127.0.0.1:8081", Secure: true, ContentOrigin: "https://content.example.kg"}, "tide.example.kg", "https://content.example.kg"},
	} {
		r := &http.Request{Host: c.host}
		if got := c.config.contentOrigin(r); got != c.want || got == c.config.origin(r) {
			t.Errorf("asked at %s: %s, want %s", c.host, got, c.want)
		}
	}
}

// The second listener takes the port behind the first, or any; one that was said must be
// free.
func TestTheListenerForContent(t *testing.T) {
	pages, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	if _, err := listenForContent(pages.Addr().String(), pages.Addr()); !fault.Is(err, fault.Invalid) {
		t.Errorf("listened where the pages do: %v", err)
	}
	for range 2 { // the second finds the port behind taken
		content, err := listenForContent("", pages.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if content.Addr().String() == pages.Addr().String() {
			t.Error("listens where the pages do")
		}
	}
}
