package web

var themeIcons = map[Theme]string{Auto: "device-desktop", Light: "sun", Dark: "moon"} // icon names

var toneIcons = map[Tone]string{ // icon names
	Neutral: "info-circle",    /* icon */
	Info:    "info-circle",    /* icon */
	Good:    "circle-check",   /* icon */
	Warning: "alert-triangle", /* icon */
	Bad:     "alert-circle",   /* icon */
}

// noticeRole makes a screen reader interrupt only for what went wrong.
func noticeRole(t Tone) string {
	if t == Bad {
		return "alert"
	}
	return "status"
}

// fontsFor lists the font files worth fetching before the styles are read.
func fontsFor(l Language) []string {
	var out []string
	names := []string{"inter-latin.woff2"}
	if l != English {
		names = append(names, "inter-cyrillic.woff2")
	}
	if l == Kyrgyz { // ө, ү and ң are in the extended block
		names = append(names, "inter-cyrillic-ext.woff2")
	}
	for _, n := range names {
		if src := Asset(n); src != "" {
			out = append(out, src)
		}
	}
	return out
}

func orElse(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
