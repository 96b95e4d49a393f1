package riskweb

import (
	"context"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/web"
)

// moment is one thing that happened to a consignment. Senders give some dates as days:
// those are written without a time.
type moment struct {
	At    time.Time
	Title string
	Text  string
	Tone  web.Tone
	Href  string
}

// timeline lists what is known of a consignment in the order in which it happened.
func (v consignmentView) timeline(ctx context.Context) []moment {
	var out []moment
	add := func(m moment) {
		if !m.At.IsZero() {
			out = append(out, m)
		}
	}
	add(moment{At: v.Document.Issued, Title: web.T(ctx, "risk.time.issued")})
	add(moment{At: v.Journey.Departure, Title: web.T(ctx, "risk.time.departure"), Text: cargoweb.PlaceName(v.Codes, v.Journey.At(cargo.PlaceLoading))})
	for _, at := range v.Journey.Places {
		add(moment{At: at.Date, Title: cargoweb.PlaceRole(ctx, at.Role), Text: cargoweb.PlaceName(v.Codes, at)})
	}
	arrival := "risk.time.arrival"
	if v.Journey.Arrival.After(v.Now) {
		arrival = "risk.time.arrives"
	}
	add(moment{At: v.Journey.Arrival, Title: web.T(ctx, arrival), Text: cargoweb.PlaceName(v.Codes, v.Journey.At(cargo.PlaceUnloading)), Tone: web.Info})
	for _, version := range v.Versions {
		title, tone := "risk.time.received", web.Neutral
		if version.Version > 1 {
			title, tone = "risk.time.amended", web.Warning
		}
		href := ""
		if version.Version > 1 {
			href = "#version-" + idText(int64(version.Version))
		}
		add(moment{At: version.Received, Title: web.T(ctx, title), Text: sourceText(version.Source), Tone: tone, Href: href})
		if k, ok := v.History[version.Version]; ok {
			add(moment{At: k.At, Title: web.T(ctx, "risk.time.assessed", "Score", web.Signed(ctx, float64(k.Score), 3)),
				Text: web.T(ctx, "risk.time.settings", "Version", idText(int64(k.Settings))), Href: "#why"})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.At.Compare(b.At) })
	return out
}

func sourceText(s cargo.Source) string {
	return joined([]string{s.Sender, s.File, strings.ToUpper(s.Format)})
}

// joined joins what is not empty by a middle dot.
func joined(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
