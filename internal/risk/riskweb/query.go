package riskweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
	"tidewaiter/internal/risk"
)

// query is what is asked of the queue, as it stands in the address.
type query struct {
	Modes      []cargo.Mode
	Channels   []risk.Channel
	Arrival    string // one of the arrivals, or ""
	From, To   string // days, when Arrival is between
	Place      string
	Indicators []string
	Party      int64
	Random     bool
	Page       int // from 1
}

// Ways to say when a consignment arrives; relative ones stay true in a saved view.
const (
	arrivesToday   = "today"
	arrivesSoon    = "next7"
	arrivedLately  = "last30"
	arrivesBetween = "between"
)

var arrivals = []string{arrivesToday, arrivesSoon, arrivedLately, arrivesBetween}

// maxPage bounds how far one can page; filters lead further than paging.
const maxPage = 1 << 16

// parseQuery reads an address; what is not understood asks for nothing.
func parseQuery(v url.Values) query {
	q := query{Page: 1, Place: placeText(v.Get("place")), Random: v.Get("random") != ""}
	for _, s := range v["mode"] {
		m := cargo.ParseMode(s)
		if (m != cargo.ModeUnknown || s == "unknown") && !slices.Contains(q.Modes, m) {
			q.Modes = append(q.Modes, m)
		}
	}
	for _, s := range v["channel"] {
		if ch := risk.Channel(s); slices.Contains(risk.Channels, ch) && !slices.Contains(q.Channels, ch) {
			q.Channels = append(q.Channels, ch)
		}
	}
	for _, id := range v["indicator"] {
		if _, ok := indicatorByID[id]; ok && !slices.Contains(q.Indicators, id) {
			q.Indicators = append(q.Indicators, id)
		}
	}
	slices.Sort(q.Indicators)
	q.readArrival(v)
	q.Party, _ = strconv.ParseInt(v.Get("party"), 10, 64)
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 {
		q.Page = min(n, maxPage)
	}
	return q
}

func (q *query) readArrival(v url.Values) {
	day := func(name string) string {
		if t, err := time.Parse(time.DateOnly, v.Get(name)); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return v.Get(name)
		}
		return ""
	}
	from, to := day("from"), day("to")
	q.Arrival = v.Get("arrival")
	if !slices.Contains(arrivals, q.Arrival) {
		q.Arrival = ""
	}
	if q.Arrival == "" && from+to != "" {
		q.Arrival = arrivesBetween
	}
	if q.Arrival != arrivesBetween {
		return
	}
	if q.From, q.To = from, to; from+to == "" {
		q.Arrival = ""
	}
}

// values returns the address's query; parseQuery of it gives q again.
func (q query) values() url.Values {
	v := url.Values{}
	for _, m := range q.Modes {
		v.Add("mode", m.String())
	}
	for _, ch := range q.Channels {
		v.Add("channel", string(ch))
	}
	for _, id := range q.Indicators {
		v.Add("indicator", id)
	}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("arrival", q.Arrival)
	set("from", q.From)
	set("to", q.To)
	set("place", q.Place)
	if q.Party != 0 {
		set("party", idText(q.Party))
	}
	if q.Random {
		set("random", "1")
	}
	if q.Page > 1 {
		set("page", strconv.Itoa(q.Page))
	}
	return v
}

// address returns where the query is answered.
func (q query) address(path string) string {
	if v := q.values(); len(v) > 0 {
		return path + "?" + v.Encode()
	}
	return path
}

func (q query) href() string { return q.address("/queue") }

// with returns the address of the query changed by change, from its first page on.
func (q query) with(change func(*query)) string {
	n := q
	n.Page = 1
	n.Modes, n.Channels, n.Indicators = slices.Clone(q.Modes), slices.Clone(q.Channels), slices.Clone(q.Indicators)
	change(&n)
	return n.href()
}

// filtered reports whether the query leaves anything out.
func (q query) filtered() bool {
	q.Page = 1
	return len(q.values()) > 0
}

// filter returns what the board is asked.
func (q query) filter(today time.Time) risk.Filter {
	f := risk.Filter{Modes: q.Modes, Channels: q.Channels, Place: q.Place, Indicators: q.Indicators, Party: q.Party, Random: q.Random}
	switch q.Arrival {
	case arrivesToday:
		f.From, f.To = today, today
	case arrivesSoon:
		f.From, f.To = today, today.AddDate(0, 0, 6)
	case arrivedLately:
		f.From, f.To = today.AddDate(0, 0, -29), today
	case arrivesBetween:
		f.From, _ = time.Parse(time.DateOnly, q.From)
		f.To, _ = time.Parse(time.DateOnly, q.To)
	}
	return f
}

// placeCode returns the code of a place that was typed as a code or as a name.
func placeCode(codes *reference.Directory, text string) string {
	text = strings.TrimSpace(text)
	if text == "" || codes == nil {
		return text
	}
	if code, err := reference.ParseLocode(text); err == nil {
		return string(code)
	}
	if place, err := codes.FindPlace(text); err == nil {
		return string(place.Code)
	}
	return text
}

// placeText bounds what was typed, and writes codes in capitals.
func placeText(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "")
	}
	if code, err := reference.ParseLocode(s); err == nil {
		return string(code)
	}
	return s
}
