package course

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// Imported are questions that were read from a foreign bank. Their texts are in one
// language; an author adds the others, the lesson, and what the question is for.
type Imported struct {
	Questions []Question
	Left      []Left // what could not be taken over
}

// Left is something of a foreign bank that was not taken over.
type Left struct {
	Line int // 1-based; of XML, of the element
	What string
	Why  string
}

// maxBank bounds a foreign bank, in bytes.
const maxBank = 8 << 20

func readBank(r io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxBank+1))
	if err != nil {
		return "", err
	}
	if len(raw) > maxBank {
		return "", fault.New(fault.Invalid, "the question bank is larger than %d bytes", maxBank)
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(raw), "\ufeff"), "\uFFFD"), nil
}

// ReadGIFT reads a bank in Moodle's GIFT format: true or false, single and multiple
// choice, short answer, matching, numbers, and the missing word. Descriptions and essays
// are left, with their lines.
func ReadGIFT(r io.Reader, lang string) (Imported, error) {
	var out Imported
	text, err := readBank(r)
	if err != nil {
		return out, err
	}
	for _, b := range giftBlocks(text) {
		q, why := b.question(lang)
		if why != "" {
			out.Left = append(out.Left, Left{b.line, short(b.text), why})
			continue
		}
		if q.ID == "" || len(q.ID) > 60 {
			q.ID = fmt.Sprintf("gift-%d", b.line)
		}
		out.Questions = append(out.Questions, q)
	}
	return out, nil
}

func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return string(r)
}

// giftBlock is one question: lines up to an empty one.
type giftBlock struct {
	line int
	text string
}

func giftBlocks(text string) (blocks []giftBlock) {
	var at giftBlock
	flush := func() {
		if strings.TrimSpace(at.text) != "" {
			blocks = append(blocks, at)
		}
		at = giftBlock{}
	}
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			flush()
		case strings.HasPrefix(trimmed, "//"), strings.HasPrefix(trimmed, "$CATEGORY:"):
		default:
			if at.line == 0 {
				at.line = i + 1
			}
			at.text += line + "\n"
		}
	}
	flush()
	return blocks
}

// giftEscapes stand for escaped marks while a question is taken apart: private characters.
var giftEscapes = strings.NewReplacer(`\~`, "\ue000", `\=`, "\ue001", `\#`, "\ue002", `\{`, "\ue003", `\}`, "\ue004", `\:`, "\ue005", `\n`, "\n")

var giftMarks = strings.NewReplacer("\ue000", "~", "\ue001", "=", "\ue002", "#", "\ue003", "{", "\ue004", "}", "\ue005", ":")

var (
	giftTitle  = regexp.MustCompile(`(?s)^\s*::(.*?)::`)
	giftFormat = regexp.MustCompile(`^\s*\[(?:html|markdown|moodle|plain)\]`)
	giftTag    = regexp.MustCompile(`<[^>]*>`)
	giftWeight = regexp.MustCompile(`^%(-?[0-9.]+)%`)
)

func giftText(s string) string {
	s = giftTag.ReplaceAllString(giftFormat.ReplaceAllString(s, ""), " ")
	return strings.Join(strings.Fields(giftMarks.Replace(s)), " ")
}

// question takes a block apart; why says what stands against it.
func (b giftBlock) question(lang string) (q Question, why string) {
	s := giftEscapes.Replace(b.text)
	if m := giftTitle.FindStringSubmatch(s); m != nil {
		q.ID = slug(giftText(m[1]))
		s = s[len(m[0]):]
	}
	open := strings.IndexByte(s, '{')
	end := strings.LastIndexByte(s, '}')
	if open < 0 || end < open {
		return q, "has no answers in braces"
	}
	stem, inside, rest := s[:open], s[open+1:end], s[end+1:]
	if strings.TrimSpace(rest) != "" {
		stem += " _____ " + rest
	}
	q.Text = Text{lang: giftText(stem)}
	if q.Text[lang] == "" {
		return q, "has no text"
	}
	inside, general, _ := strings.Cut(inside, "####")
	if general = giftText(general); general != "" {
		q.Why = Text{lang: general}
	}
	return q, q.giftAnswers(strings.TrimSpace(inside), lang)
}

// giftAnswers reads what stands in the braces.
func (q *Question) giftAnswers(inside, lang string) (why string) {
	word, _, _ := strings.Cut(inside, "#")
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "T", "TRUE", "F", "FALSE":
		right := strings.HasPrefix(strings.ToUpper(inside), "T")
		q.Kind = Single
		q.Choices = []Choice{choiceOf(lang, trueFalse[lang][0], right), choiceOf(lang, trueFalse[lang][1], !right)}
		return ""
	}
	if inside == "" {
		return "is an essay"
	}
	if strings.HasPrefix(inside, "#") {
		return q.giftNumber(inside[1:])
	}
	return q.giftChoices(giftSplit(inside), lang)
}

var trueFalse = map[string][2]string{"en": {"True", "False"}, "ru": {"Верно", "Неверно"}, "ky": {"Туура", "Туура эмес"}}

func choiceOf(lang, text string, right bool) Choice {
	c := Choice{Right: right}
	switch lang {
	case "ru":
		c.RU = text
	case "ky":
		c.KY = text
	default:
		c.EN = text
	}
	return c
}

// giftAnswer is one answer: its mark, weight in per cent, and text.
type giftAnswer struct {
	right  bool
	weight float64 // NaN-free: 100 or 0 where none is given
	text   string
}

// giftSplit parts answers at = and ~.
func giftSplit(s string) (list []giftAnswer) {
	start := -1
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '=' && s[i] != '~' {
			continue
		}
		if start >= 0 {
			a := giftAnswer{right: s[start] == '=', text: s[start+1 : i]}
			a.text = strings.TrimSpace(a.text)
			if a.right {
				a.weight = 100
			}
			if m := giftWeight.FindStringSubmatch(a.text); m != nil {
				a.weight, _ = strconv.ParseFloat(m[1], 64)
				a.text = a.text[len(m[0]):]
			}
			a.text, _, _ = strings.Cut(a.text, "#") // feedback of the single answer
			list = append(list, a)
		}
		start = i
	}
	return list
}

// giftChoices tells short answers, matching, single and multiple choice apart.
func (q *Question) giftChoices(list []giftAnswer, lang string) (why string) {
	rights, wrongs, arrows, partly := 0, 0, 0, 0
	for _, a := range list {
		if strings.Contains(a.text, "->") {
			arrows++
		}
		if a.right {
			rights++
		} else {
			wrongs++
		}
		if !a.right && a.weight > 0 {
			partly++
		}
	}
	switch {
	case len(list) == 0:
		return "has no answers"
	case arrows > 0:
		q.Kind = Matching
		for _, a := range list {
			left, right, ok := strings.Cut(a.text, "->")
			if !ok {
				return "mixes pairs with other answers"
			}
			q.Pairs = append(q.Pairs, Pair{Text{lang: giftText(left)}, Text{lang: giftText(right)}})
		}
	case wrongs == 0:
		q.Kind = Short
		for _, a := range list {
			q.Accept = append(q.Accept, giftText(a.text))
		}
	default:
		q.Kind = Single
		if partly > 1 || rights == 0 && partly > 0 || rights > 1 {
			q.Kind = Multiple
		}
		for _, a := range list {
			q.Choices = append(q.Choices, choiceOf(lang, giftText(a.text), a.weight > 0))
		}
	}
	if n := q.Parts(); q.Kind != Short && (n < leastParts || n > mostParts) {
		return fmt.Sprintf("has %d answers; %d to %d are possible", n, leastParts, mostParts)
	}
	return ""
}

// giftNumber reads 3.14:0.01, 3..4, or the best of several.
func (q *Question) giftNumber(s string) (why string) {
	q.Kind = Numeric
	if list := giftSplit(s); len(list) > 0 {
		best := list[0]
		for _, a := range list {
			if a.right && a.weight > best.weight {
				best = a
			}
		}
		s = best.text
	}
	s, _, _ = strings.Cut(s, "#")
	s = strings.ReplaceAll(s, "\ue005", ":")
	if low, high, ok := strings.Cut(s, ".."); ok {
		a, okA := number(low)
		b, okB := number(high)
		if !okA || !okB || b < a {
			return "is no range of numbers"
		}
		q.Answer, q.Tolerance = (a+b)/2, (b-a)/2
		return ""
	}
	value, tolerance, _ := strings.Cut(s, ":")
	x, ok := number(value)
	if !ok {
		return "is no number"
	}
	q.Answer = x
	if strings.TrimSpace(tolerance) != "" {
		if q.Tolerance, ok = number(tolerance); !ok || q.Tolerance < 0 {
			return "has no tolerance that is a number"
		}
	}
	return ""
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(s string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
}
