package web

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"
)

// Names of the cookies in which a browser keeps what its person prefers.
const (
	languageCookie = "lang"
	themeCookie    = "theme"
)

var matcher = language.NewMatcher([]language.Tag{tags[English], tags[Russian], tags[Kyrgyz]})

// languageFor is the cookie's language, else the best that the browser asks for.
func languageFor(r *http.Request) Language {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(Languages, Language(c.Value)) {
		return Language(c.Value)
	}
	asked, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(asked) == 0 {
		return English
	}
	_, index, confidence := matcher.Match(asked...)
	if confidence == language.No {
		return English
	}
	return Languages[index]
}

func themeFor(r *http.Request) Theme {
	if c, err := r.Cookie(themeCookie); err == nil && slices.Contains(Themes, Theme(c.Value)) {
		return Theme(c.Value)
	}
	return Auto
}

func (s *Site) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if l := Language(r.PostFormValue("lang")); slices.Contains(Languages, l) {
		s.remember(w, languageCookie, string(l))
	}
	return Redirect(w, r, r.PostFormValue("back"))
}

func (s *Site) chooseTheme(w http.ResponseWriter, r *http.Request) error {
	if t := Theme(r.PostFormValue("theme")); slices.Contains(Themes, t) {
		s.remember(w, themeCookie, string(t))
	}
	return Redirect(w, r, r.PostFormValue("back"))
}

func (s *Site) remember(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.options.Secure, SameSite: http.SameSiteLaxMode})
}
