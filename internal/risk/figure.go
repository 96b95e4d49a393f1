package risk

import "strconv"

// figure is a mass that a free text states, with all sensible readings of its
// separators: 13.980 may be 13.98 or 13,980.
type figure struct {
	kind       figureKind
	readings   [4]float64 // kg
	n          int
	start, end int
}

type figureKind uint8

const (
	figureNet figureKind = iota
	figureGross
	figureCount // packages times the mass of one
)

var (
	netWords    = wordSet("net nett netto нетто")
	grossWords  = wordSet("gross brutto gr брутто")
	massWords   = wordSet("weight wt mass wgt gewicht poids w вес масса")
	skipWords   = wordSet("cargo total is of about approx")
	kiloWords   = wordSet("kg kgs kgm kilo kilos kilogram kilograms кг")
	tonneWords  = wordSet("mt mts ton tons tonne tonnes tne т тн тонн")
	poundWords  = wordSet("lb lbs pound pounds")
	timesWords  = wordSet("x х")
	countedWord = wordSet("bag bags carton cartons ctn ctns drum drums box boxes sack sacks package packages pkg pkgs мешков мешки коробок коробки")
)

// readFigures finds "NET WEIGHT: 36000.00 KGS", "Gross 1 200 kg" and "1440 BAGS X 25
// KGS". A figure counts only with its unit behind it, and with its label before it,
// since "25.000 KG NET NEOSORB" speaks of one bag.
func readFigures(dst []figure, buf []lexeme, text string) ([]figure, []lexeme) {
	if len(text) > maxText {
		text = text[:maxText]
	}
	words := lex(buf[:0], text)
	for i := range words {
		if words[i].number {
			dst = readCount(dst, words, i)
			continue
		}
		kind := figureNet
		switch h := words[i].hash; {
		case grossWords[h]:
			kind = figureGross
		case !netWords[h]:
			continue
		}
		k := i + 1
		for k < len(words) && k <= i+4 && !words[k].number && (massWords[words[k].hash] || skipWords[words[k].hash] || split(words, k)) {
			k++
		}
		if k < len(words) && words[k].number {
			if f, ok := measured(text, words, k); ok {
				f.kind, f.start = kind, words[i].start
				dst = append(dst, f)
			}
		}
	}
	return dst, words
}

// split reports whether the word is the second half of WEIGHT cut by the message's
// fixed line length, such as W EIGHT.
func split(words []lexeme, k int) bool {
	return words[k].hash == eight && k > 0 && massWords[words[k-1].hash]
}

var eight = wordHash("eight")

// measured reads number and unit at k.
func measured(text string, words []lexeme, k int) (figure, bool) {
	end := k + 1
	if end >= len(words) || words[end].number {
		return figure{}, false
	}
	scale := 0.0
	switch h := words[end].hash; {
	case kiloWords[h]:
		scale = 1
	case tonneWords[h]:
		scale = 1000
	case poundWords[h]:
		scale = 0.45359237
	default:
		return figure{}, false
	}
	f := figure{start: words[k].start, end: words[end].end}
	f.read(text[words[k].start:words[k].end], scale)
	return f, f.n > 0
}

// readCount reads "1440 [BAGS] X 25 KGS".
func readCount(dst []figure, words []lexeme, i int) []figure {
	k := i + 1
	if k < len(words) && countedWord[words[k].hash] {
		k++
	}
	if k+2 >= len(words) || !timesWords[words[k].hash] || !words[k+1].number || !kiloWords[words[k+2].hash] {
		return dst
	}
	count, err := strconv.Atoi(words[i].text)
	if err != nil || count < 2 || count > 1e6 {
		return dst
	}
	f := figure{kind: figureCount, start: words[i].start, end: words[k+2].end}
	f.read(words[k+1].text, float64(count))
	if f.n > 0 && f.least() >= 500 {
		dst = append(dst, f)
	}
	return dst
}

func (f *figure) least() float64 {
	least := f.readings[0]
	for _, r := range f.readings[:f.n] {
		least = min(least, r)
	}
	return least
}

// read adds the readings of a number: with its last separator as decimal mark, and,
// where three digits follow it, as thousands.
func (f *figure) read(s string, scale float64) {
	last := -1
	marks := 0
	for i := range len(s) {
		if s[i] == '.' || s[i] == ',' {
			last = i
			marks++
		}
	}
	whole, part := digitsOf(s), 0
	if last >= 0 {
		part = len(s) - last - 1
	}
	if len(whole) == 0 || len(whole) > 12 {
		return
	}
	x, _ := strconv.ParseFloat(whole, 64) // digits only
	if last < 0 {
		f.add(x * scale)
		return
	}
	decimal := x
	for range part {
		decimal /= 10
	}
	f.add(decimal * scale)
	if part == 3 {
		f.add(x * scale)
	}
}

func (f *figure) add(x float64) {
	if x > 0 && f.n < len(f.readings) {
		f.readings[f.n] = x
		f.n++
	}
}

func digitsOf(s string) string {
	var b [16]byte
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			if n == len(b) {
				return ""
			}
			b[n] = s[i]
			n++
		}
	}
	return string(b[:n])
}

// lexeme is a word or a number of a text: unlike tokenize, it parts letters from
// digits (25KGS) and keeps separators inside a number (36,000.00).
type lexeme struct {
	hash       uint64
	text       string
	start, end int
	number     bool
}

func lex(dst []lexeme, text string) []lexeme {
	for i := 0; i < len(text) && len(dst) < 512; {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			j := i + 1
			for j < len(text) && (isNumeral(text[j]) || (text[j] == '.' || text[j] == ',') && j+1 < len(text) && isNumeral(text[j+1])) {
				j++
			}
			dst = append(dst, lexeme{text: text[i:j], start: i, end: j, number: true})
			i = j
		case c >= 0x80 || lower(c) >= 'a' && lower(c) <= 'z':
			j := i + 1
			for j < len(text) && (text[j] >= 0x80 || lower(text[j]) >= 'a' && lower(text[j]) <= 'z') {
				j++
			}
			w, _ := word(text[i:j], 0, nil)
			dst = append(dst, lexeme{hash: w.hash, text: text[i:j], start: i, end: j})
			i = j
		default:
			i++
		}
	}
	return dst
}

func isNumeral(c byte) bool { return c >= '0' && c <= '9' }
