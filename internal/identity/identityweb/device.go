package identityweb

import (
	"context"
	"strings"

	"tidewaiter/internal/identity"
	"tidewaiter/internal/web"
)

// device names the browser and system of a User-Agent, as far as a person needs it to
// recognise a session; an agent that is none of these is shown clipped.
func device(agent string) string {
	browser := firstOf(agent, [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"YaBrowser", "Yandex"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"curl", "curl"}})
	system := firstOf(agent, [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}})
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser+system != "":
		return browser + system
	}
	return clip(agent, 40)
}

func firstOf(agent string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(agent, m[0]) {
			return m[1]
		}
	}
	return ""
}

func mustChange(ctx context.Context) bool {
	v, _ := identity.From(ctx)
	return v.Officer.MustChange
}

func username(ctx context.Context) string {
	v, _ := identity.From(ctx)
	return v.Officer.Username
}

func passwordCrumbs(ctx context.Context) []web.Link {
	if mustChange(ctx) {
		return nil // there is nowhere else to go yet
	}
	return []web.Link{{Label: web.T(ctx, "web.account"), Href: "/account"}}
}
