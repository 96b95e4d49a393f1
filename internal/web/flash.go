package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Tone is what a message, badge or bar says by its colour, beside its words.
type Tone string

// Tones.
const (
	Neutral Tone = "neutral"
	Info    Tone = "info"
	Good    Tone = "good"
	Warning Tone = "warning"
	Bad     Tone = "bad"
)

// Flash is a message shown once, on the next page.
type Flash struct {
	Tone Tone   `json:"t"`
	Text string `json:"m"` // already in the person's language
}

const flashCookie = "flash"

// maxFlash bounds the cookie: browsers drop cookies over 4 KiB.
const maxFlash = 2 << 10

// AddFlash leaves a message for the next page, usually before Redirect.
func AddFlash(w http.ResponseWriter, r *http.Request, tone Tone, text string) {
	v := visitOf(r.Context())
	v.left = append(v.left, Flash{tone, text})
	all := append(slices.Clone(v.flashes), v.left...)
	raw, err := json.Marshal(all)
	if err != nil || len(raw) > maxFlash {
		raw, _ = json.Marshal([]Flash{{tone, clip(text, maxFlash/8)}})
	}
	dropCookie(w, flashCookie) // the one that an earlier message of this request set
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/",
		HttpOnly: true, Secure: visitOf(r.Context()).secure, SameSite: http.SameSiteLaxMode})
}

// dropCookie takes back a cookie that this answer was going to set.
func dropCookie(w http.ResponseWriter, name string) {
	w.Header()["Set-Cookie"] = slices.DeleteFunc(w.Header()["Set-Cookie"], func(c string) bool { return strings.HasPrefix(c, name+"=") })
}

// flashesOf reads the messages; a cookie that is none of ours is no message.
func flashesOf(r *http.Request) []Flash {
	c, err := r.Cookie(flashCookie)
	if err != nil || len(c.Value) > 2*maxFlash {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var all []Flash
	if json.Unmarshal(raw, &all) != nil {
		return nil
	}
	return all
}

// clearFlash forgets messages that the page being sent shows.
func clearFlash(w http.ResponseWriter, r *http.Request) {
	if len(visitOf(r.Context()).flashes) > 0 {
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true,
			Secure: visitOf(r.Context()).secure, SameSite: http.SameSiteLaxMode})
	}
}

func flashesIn(ctx context.Context) []Flash { return visitOf(ctx).flashes }

// clip cuts text to at most n runes.
func clip(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
