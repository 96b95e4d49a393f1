package table

import (
	_ "embed"
	"fmt"
	"sort"
	"strings"
	"sync"
)

//go:embed synonyms.tsv
var synonymsFile string

// synonyms maps a normalised heading, in English, Russian or Kyrgyz, to its target.
var synonyms = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(synonymsFile) {
		target, terms, _ := strings.Cut(strings.TrimSpace(line), "\t")
		m[normal(target)] = target
		for _, term := range strings.Split(terms, "|") {
			m[normal(term)] = target
		}
	}
	delete(m, "")
	return m
})

// unitWords are what headings add to a name, and what the unit is.
var unitWords = map[string]string{
	"kg": "kg", "kgs": "kg", "kilogram": "kg", "кг": "kg", "килограмм": "kg",
	"t": "t", "tn": "t", "ton": "t", "tons": "t", "tonnes": "t", "mt": "t", "т": "t", "тн": "t", "тонн": "t", "тонна": "t",
	"lb": "lb", "lbs": "lb", "pounds": "lb", "g": "g", "гр": "g",
	"m3": "m3", "cbm": "m3", "м3": "m3", "куб": "m3", "m³": "m3", "м³": "m3", "l": "l", "л": "l", "cft": "ft3", "ft3": "ft3",
}

// bySynonym returns the target that a heading names and how sure that is, 0 to 1.
func bySynonym(heading string) (string, float64) {
	name := normal(strings.NewReplacer("³", "3", "№", " № ", "#", " no ").Replace(heading))
	if name == "" {
		return "", 0
	}
	if t, ok := synonyms()[name]; ok {
		return t, 0.95
	}
	words := strings.Fields(name)
	kept := words[:0:0]
	for _, w := range words {
		if unitWords[w] == "" && w != "usd" && w != "eur" && w != "kgs" && w != "сом" && w != "kgz" {
			kept = append(kept, w)
		}
	}
	if t, ok := synonyms()[strings.Join(kept, " ")]; ok {
		return t, 0.93
	}
	return partly(kept)
}

// partly looks for the longest run of words that is a heading that we know.
func partly(words []string) (string, float64) {
	if len(words) > 12 {
		return "", 0
	}
	for n := len(words) - 1; n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			run := strings.Join(words[i:i+n], " ")
			if t, ok := synonyms()[run]; ok && len([]rune(run)) >= 3 {
				return t, 0.5 + 0.35*float64(n)/float64(len(words))
			}
		}
	}
	return "", 0
}

// Propose guesses which column is which field, from the headings and from the texts of
// some rows below. It never gives a field to two columns, but for lists and free text.
func Propose(heading []string, sample [][]string) Mapping {
	m := Mapping{Fingerprint: Fingerprint(heading), Columns: make([]Column, len(heading))}
	contents := make([]content, len(heading))
	var guesses []guess
	for i, h := range heading {
		contents[i] = contentOf(i, sample)
		m.Columns[i] = Column{Index: i, Heading: h}
		guesses = append(guesses, guessesFor(i, h, contents[i])...)
	}
	sort.SliceStable(guesses, func(a, b int) bool { return guesses[a].confidence > guesses[b].confidence })
	taken := map[string]bool{}
	for _, g := range guesses {
		c := &m.Columns[g.column]
		if c.Target != "" || taken[g.target] && !repeatable[g.target] {
			continue
		}
		taken[g.target] = true
		c.Target, c.Confidence, c.Reason = g.target, g.confidence, g.reason
		c.Path = targets[g.target].Path
	}
	european := prefersComma(contents)
	for i := range m.Columns {
		m.Columns[i].fit(contents[i], european)
	}
	return m
}

var repeatable = map[string]bool{"seal": true, "container": true, "goods_description": true, "remarks": true, "marks": true, "place_transit": true}

type guess struct {
	column     int
	target     string
	confidence float64
	reason     string
}

// guessesFor joins what the heading says with what the cells hold.
func guessesFor(i int, heading string, c content) []guess {
	var out []guess
	byName, sure := bySynonym(heading)
	if byName != "" {
		g := guess{i, byName, sure, fmt.Sprintf("heading %q", heading)}
		if ok, checked := c.fits(byName); checked && ok {
			g.confidence = min(0.99, sure+0.04)
			g.reason += " and the cells fit"
		} else if checked {
			g.confidence = sure * 0.4
			g.reason += fmt.Sprintf(", but most cells do not look like %s", targets[byName].Kind)
		}
		out = append(out, g)
	}
	if t, share, what := c.suggests(); t != "" && t != byName {
		out = append(out, guess{i, t, 0.6 * share, fmt.Sprintf("%.0f %% of the cells look like %s", share*100, what)})
	}
	return out
}

// fit sets how a column's texts are to be read.
func (c *Column) fit(in content, european bool) {
	switch targets[c.Target].Kind {
	case Mass, Volume:
		c.Unit = "kg"
		if targets[c.Target].Kind == Volume {
			c.Unit = "m3"
		}
		for _, w := range strings.Fields(normal(strings.ReplaceAll(c.Heading, "³", "3"))) {
			if u := unitWords[w]; u != "" && unitFits(u, targets[c.Target].Kind) {
				c.Unit = u
			}
		}
		c.fitDecimal(in, european)
	case Number, Amount, Count:
		c.fitDecimal(in, european)
	case Date:
		var why string
		if c.DateLayout, why = in.layout(); why != "" {
			c.Reason += "; " + why
		}
	case List:
		c.Separator = in.separator()
	}
}

func (c *Column) fitDecimal(in content, european bool) {
	var doubt string
	if c.Decimal, doubt = in.decimal(european); doubt != "" {
		c.Reason += "; " + doubt
	}
}
