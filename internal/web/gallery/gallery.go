// Package gallery shows every component with short, long, Cyrillic, missing and wrong
// data on one page, for whoever changes their look. It is for development: app mounts
// it at /_gallery only when asked to.
package gallery

import (
	"math"
	"net/http"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

// Mount adds the gallery to a site.
func Mount(site *web.Site) {
	site.Get("/_gallery", func(w http.ResponseWriter, r *http.Request) error {
		ctx := web.SetFrame(r.Context(), Frame())
		r = r.WithContext(ctx)
		return web.Render(w, r, page(at))
	})
	site.Get("/_gallery/bare", func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, signIn()) })
	site.Get("/_gallery/queue", func(w http.ResponseWriter, r *http.Request) error {
		r = r.WithContext(web.SetFrame(r.Context(), Frame()))
		return web.Render(w, r, queue(at))
	})
	site.Get("/_gallery/consignment", func(w http.ResponseWriter, r *http.Request) error {
		r = r.WithContext(web.SetFrame(r.Context(), Frame()))
		return web.Render(w, r, consignment(at))
	})
	site.Get("/_gallery/error", func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.Invalid, "%s, segment %d: GID has a package count of %q, which is no number.", "manifest.edi", 4811, "12O").
			WithHint("Mend the segment in quarantine, or ask the sender for a corrected message.")
	})
	site.Post("/_gallery", func(w http.ResponseWriter, r *http.Request) error {
		web.AddFlash(w, r, web.Good, "Saved.")
		return web.Redirect(w, r, "/_gallery")
	})
}

// at is the moment of all gallery data, so that its page is the same every day.
var at = time.Date(2026, time.November, 23, 14, 5, 0, 0, time.UTC)

// Frame is the frame of an invented unit.
func Frame() web.Frame {
	return web.Frame{
		Unit: "Osh · Port Control Unit", Officer: "Aizada Toktogulova", Role: "Officer", Account: "/account", SignOut: "/sign-out",
		Search: web.Search{Action: "/search", Hint: "Container, document, name"},
		Nav: []web.NavItem{
			{ID: "home", Icon: "layout-dashboard", Label: "Overview", Href: "/_gallery"},
			{ID: "queue", Icon: "list-search", Label: "Queue", Href: "/_gallery/queue", Badge: 4812},
			{ID: "imports", Icon: "file-import", Label: "Imports", Href: "/_gallery", Badge: 3},
			{ID: "lists", Icon: "list-details", Label: "Lists", Href: "/_gallery", Apart: true},
			{ID: "people", Icon: "users", Label: "People", Href: "/_gallery"},
			{ID: "audit", Icon: "history", Label: "Audit trail", Href: "/_gallery"},
		},
	}
}

// row is one invented consignment.
type row struct {
	document, container, goods, origin, consignee, route string
	mode                                                 string // icon name
	kg                                                   float64
	tone                                                 web.Tone
	icon, channel                                        string
	parts                                                []components.ScorePart
	arrival                                              time.Time
}

func (r row) score() components.ScoreInfo {
	return components.ScoreInfo{Base: -3.875, Parts: r.parts, Scale: 9, Tone: r.tone}
}

func parts(values ...float64) []components.ScorePart {
	labels := []string{
		"Container number fails its check digit", "Weight in the text and in the field disagree", "First consignment of this consignee",
		"Route turns back on itself", "Vague description of goods", "Regular importer with a clean record",
	}
	out := make([]components.ScorePart, len(values))
	for i, v := range values {
		out[i] = components.ScorePart{Label: labels[i%len(labels)], Value: v, Href: "#fact"}
	}
	return out
}

var rows = []row{
	{document: "MEDUTZ094518", container: "MSKU9070323", goods: "Frozen fish", origin: "EC", consignee: "Нурлан Трейд ЖЧК", route: "Guayaquil – Poti – Osh", mode: "ship", kg: 24500,
		tone: web.Bad, icon: "scan", channel: "Examine", parts: parts(3.25, 2.125, 1.5, 0.875, 0.5, -0.25), arrival: at.Add(26 * time.Hour)},
	{document: "607-88120934", container: "", goods: "Электронные компоненты, блоки питания и прочие части вычислительных машин, не поименованные в другом месте", origin: "HK", consignee: "Общество с ограниченной ответственностью «Ош Логистик Сервис Центр»", route: "Hong Kong – Bishkek", mode: "plane", kg: 312.5,
		tone: web.Bad, icon: "scan", channel: "Examine", parts: parts(2.5, 1.75, 1.125, 0.75), arrival: at.Add(3 * time.Hour)},
	{document: "KZ 0048211", container: "TCLU4265510", goods: "Polypropylene granules", origin: "KZ", consignee: "Өзгөн Пластик", route: "Алматы – Өзгөн", mode: "train", kg: 61200,
		tone: web.Warning, icon: "eye", channel: "Look", parts: parts(1.5, 0.75, 0.5, -0.375), arrival: at.Add(49 * time.Hour)},
	{document: "CMR 7719", container: "", goods: "Household goods", origin: "CN", consignee: "", route: "Kashgar – Irkeshtam – Osh", mode: "truck", kg: math.NaN(),
		tone: web.Warning, icon: "eye", channel: "Look", parts: parts(0.875, 0.625), arrival: time.Time{}},
	{document: "HLCUSHA2611ABCDE", container: "HLBU1234567", goods: "Ceramic tiles", origin: "XX", consignee: "Ала-Тоо Курулуш", route: "Shanghai – Lianyungang – Osh", mode: "ship", kg: 26880,
		tone: web.Neutral, icon: "check", channel: "Release", parts: parts(0.25, -1.25, -0.875), arrival: at.Add(70 * time.Hour)},
}

func chart() components.ChartInfo {
	c := components.ChartInfo{Title: "Consignments by day of arrival",
		Series: []components.Series{{Label: "Examine", Tone: web.Bad}, {Label: "Look", Tone: web.Warning}, {Label: "Release", Tone: web.Neutral}}}
	for i := range 21 {
		day := at.AddDate(0, 0, i-14)
		week := 1 - 0.6*math.Max(0, math.Cos(float64(day.Weekday())*math.Pi/3.5)-0.6)
		n := math.Round((140 + 35*math.Sin(float64(i)*1.7)) * week)
		c.Days = append(c.Days, components.ChartDay{Label: day.Format("2"), Title: day.Format("2 Jan 2006"),
			Values: []float64{math.Round(n * 0.05), math.Round(n * 0.16), math.Round(n * 0.79)}, Href: "/_gallery"})
	}
	return c
}

var places = []components.Place{
	{Name: "Guayaquil", Code: "ECGYE", Role: "Place of loading", Lat: -2.2, Lon: -79.9, Known: true, Doubt: true},
	{Name: "Tanger Med", Code: "MAPTM", Role: "Transhipment", Lat: 35.88, Lon: -5.5, Known: true},
	{Name: "Poti", Code: "GEPTI", Role: "Place of discharge", Lat: 42.15, Lon: 41.65, Known: true},
	{Name: "Unlisted siding", Code: "KG???", Role: "Border", Known: false},
	{Name: "Osh", Code: "KGOSS", Role: "Place of delivery", Lat: 40.53, Lon: 72.8, Known: true},
}

var shortWay = []components.Place{
	{Name: "Кашгар", Code: "CNKHG", Role: "Place of loading", Lat: 39.47, Lon: 75.99, Known: true},
	{Name: "Эркеч-Там", Code: "KGERK", Role: "Border", Lat: 39.68, Lon: 73.9, Known: true},
	{Name: "Ош", Code: "KGOSS", Role: "Place of delivery", Lat: 40.53, Lon: 72.8, Known: true},
}

var wrong = []components.FieldError{
	{Field: "container", Text: "Container number: the check digit of MSKU9070324 is 4, and should be 3"},
	{Field: "mode", Text: "Choose how the goods travel"},
}
