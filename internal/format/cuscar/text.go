package cuscar

import "strings"

// Widths at which senders cut a text without regard to words: element 4440 has 70
// characters up to D.98B and 512 from D.99A on, 7102 and 3036 have 35.
const (
	textWidth = 70
	longWidth = 512
	lineWidth = 35
	maxText   = 64 << 10
)

// joined appends the components from c on of element e to text. A component that fills
// the width was cut, and the next goes on with nothing between; else a space parts them.
// Some senders cut before they release service characters, some after. It reports
// whether the last component was full.
func (r *Reader) joined(text string, full bool, e, c, width int) (string, bool) {
	s := r.seg
	n := s.Components(e)
	if text == "" && n == c+1 {
		text = s.Value(e, c)
		return text, r.full(e, c, width)
	}
	var b strings.Builder
	b.WriteString(text)
	for ; c < n; c++ {
		part := s.Value(e, c)
		if strings.TrimSpace(part) == "" || b.Len() > maxText {
			continue
		}
		if b.Len() > 0 && !full {
			b.WriteByte(' ')
		}
		b.WriteString(part)
		full = r.full(e, c, width)
	}
	return b.String(), full
}

// full reports whether a component is as long as its width allows.
func (r *Reader) full(e, c, width int) bool {
	released, plain := r.seg.RuneLen(e, c)
	return plain == width || released == width ||
		width == textWidth && (plain == longWidth || released == longWidth)
}

// freeText reads FTX: AAA describes goods, anything else is a remark.
func (r *Reader) freeText() {
	if r.level == atEquipment {
		return
	}
	switch code := r.value(1, 0); {
	case r.bill == nil:
		text, _ := r.joined(r.m.Remarks, false, 4, 0, textWidth)
		r.m.Remarks = strings.TrimSpace(text)
	case code == "AAA" && r.inGoods():
		i := len(r.bill.Goods) - 1
		g := r.item()
		g.Description, g.descriptionFull = r.joined(g.Description, g.descriptionFull, 4, 0, textWidth)
		r.mark(goodsDescriptionPath.at(i))
	case code == "AAA":
		r.said, _ = r.joined(r.said, false, 4, 0, textWidth)
		r.mark(goodsDescriptionPath.at(0))
	case code == "MKS" && r.inGoods():
		g := r.item()
		g.Marks, g.marksFull = r.joined(g.Marks, g.marksFull, 4, 0, textWidth)
		r.mark(goodsMarksPath.at(len(r.bill.Goods) - 1))
	default:
		r.bill.Remarks, r.bill.remarksFull = r.joined(r.bill.Remarks, r.bill.remarksFull, 4, 0, textWidth)
		r.mark("remarks")
	}
}

// shippingMarks reads PCI.
func (r *Reader) shippingMarks() {
	if !r.inGoods() {
		return
	}
	g := r.item()
	g.Marks, g.marksFull = r.joined(g.Marks, g.marksFull, 2, 0, lineWidth)
	if g.Marks != "" {
		r.mark(goodsMarksPath.at(len(r.bill.Goods) - 1))
	}
}

// contacts finds an e-mail address and a telephone number that stand in a text.
func contacts(text string) (email, phone string) {
	if at := strings.IndexByte(text, '@'); at > 0 {
		start, end := at, at+1
		for start > 0 && mailByte(text[start-1]) {
			start--
		}
		for end < len(text) && mailByte(text[end]) {
			end++
		}
		candidate := strings.Trim(text[start:end], ".-_")
		if i := strings.IndexByte(candidate, '@'); i > 0 && strings.IndexByte(candidate[i:], '.') > 1 {
			email = candidate
		}
	}
	if strings.IndexAny(text, "0123456789") < 0 {
		return email, ""
	}
	upper := strings.ToUpper(text)
	for _, word := range []string{"TEL", "PHONE", "MOB", "PH:", "PH.", "ТЕЛ", "ТЛФ"} {
		i := strings.Index(upper, word)
		if i < 0 || len(upper) != len(text) || i > 0 && letterBefore(upper, i) {
			continue
		}
		if phone = dialled(text[i+len(word):]); phone != "" {
			break
		}
	}
	return email, phone
}

func letterBefore(s string, i int) bool {
	c := s[i-1]
	return c >= 'A' && c <= 'Z' || c >= 0x80
}

func mailByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '_' || c == '+' || c == '%'
}

// dialled returns the telephone number at the beginning of s, within a few characters.
func dialled(s string) string {
	start := strings.IndexAny(s, "+0123456789(")
	if start < 0 || start > 12 {
		return ""
	}
	end, digits := start, 0
	for end < len(s) && strings.IndexByte("+0123456789()-./ ", s[end]) >= 0 {
		if s[end] >= '0' && s[end] <= '9' {
			digits++
		}
		end++
	}
	if digits < 6 || digits > 20 {
		return ""
	}
	return strings.Trim(s[start:end], " -./")
}
