package risk

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
)

// empty stands in place of a value that the sender left out.
const empty = "—"

// evidence cites one field with its value, and what it was held against as a note.
func evidence(field, value, note string, args ...string) Evidence {
	if strings.TrimSpace(value) == "" {
		value = empty
	}
	return Evidence{Field: field, Value: clip(value, 200), Reference: render(note, args), Note: Note{ID: note, Args: args}}
}

// render puts the arguments into the English text of the note.
func render(id string, args []string) string {
	text, ok := notes[id]
	if !ok {
		return id
	}
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 24)
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 || i+2 >= len(text) || text[i+2] != '}' || text[i+1] < '0' || text[i+1] > '9' {
			break
		}
		b.WriteString(text[:i])
		if n := int(text[i+1] - '0'); n < len(args) {
			b.WriteString(args[n])
		}
		text = text[i+3:]
	}
	b.WriteString(text)
	return b.String()
}

// decimal writes a number with at most three decimals, no more than it needs.
func decimal(x float64) string {
	if math.Abs(x) >= 1000 {
		return strconv.FormatFloat(math.Round(x), 'f', -1, 64)
	}
	return strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64)
}

// points writes log-odds. They are multiples of 1/8 in a narrow range, and written
// for most findings.
func (x LogOdds) points() string {
	if i := int(x/Step) + len(pointTexts)/2; i >= 0 && i < len(pointTexts) && Round(float64(x)) == x {
		return pointTexts[i]
	}
	return decimal(float64(x))
}

var pointTexts = makePointTexts()

func makePointTexts() (texts [641]string) {
	for i := range texts {
		texts[i] = decimal(float64(i-len(texts)/2) * float64(Step))
	}
	return texts
}

// rough writes a number with three significant digits.
func rough(x float64) string {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	return strconv.FormatFloat(math.Round(x*scale)/scale, 'f', -1, 64)
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func money(m cargo.Money) string {
	return strings.TrimSpace(plain(m.Amount) + " " + clip(m.Currency, 10))
}

func day(t time.Time) string {
	if t.IsZero() {
		return empty
	}
	return t.UTC().Format("2006-01-02")
}

func (p *placeView) label() string {
	if p == nil {
		return empty
	}
	name := p.place.Name
	if name == "" {
		name = p.facts.Name
	}
	return clip(strings.TrimSpace(p.place.Code+" "+name), 60)
}

func (p *placeView) field() string {
	name := "code"
	if p.place.Code == "" {
		name = "name"
	}
	return cargo.PlaceField(p.index, name)
}

func description(i int) string { return cargo.GoodsField(i, "description") }
