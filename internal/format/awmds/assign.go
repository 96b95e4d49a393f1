package awmds

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(i int) string { return strconv.Itoa(i) }

// assign puts the text of the element that closes where its tag says.
func (r *Reader) assign(f frame) {
	v := text{offset: r.from, length: int(r.to - r.from), line: r.line}
	if len(r.text) > MaxValue {
		v.value = strings.ToValidUTF8(string(r.text[:MaxValue]), "")
		r.note(r.problem(clip(f.name), v, "is longer than 64 KiB: cut"))
	} else {
		v.value = string(r.text)
	}
	v.value = strings.Trim(v.value, " \t\r\n")
	if r.bol != nil {
		if l, ok := find(r.stack, f.tag, bolLeaves, bolStrays); ok {
			r.assignBol(l, v)
			return
		}
	} else if l, ok := find(r.stack, f.tag, headerLeaves, headerStrays); ok {
		r.assignHead(l, v)
		return
	}
	if f.tag != "null" && !r.unknown[f.tag] && len(r.unknown) < maxTags {
		r.unknown[f.tag] = true
		r.headProblem(r.problem(clip(f.name), v, "tag is not known here: its value is not taken (told once)"))
	}
}

// find looks for the leaf in the segments around it, the innermost first, and then
// anywhere.
func find[T any](stack []frame, tag string, leaves map[key]leaf[T], strays map[string]leaf[T]) (leaf[T], bool) {
	for i := len(stack) - 2; i >= 0; i-- {
		if seg := stack[i].seg; seg != segNone {
			if l, ok := leaves[key{seg, tag}]; ok {
				return l, true
			}
		}
	}
	l, ok := strays[tag]
	return l, ok
}

func (r *Reader) assignHead(l leaf[Manifest], v text) {
	if reason := set(l.in(&r.head), v, l.join); reason != "" {
		r.headProblem(r.problem(l.path, v, reason))
		return
	}
	if l.path != "" {
		r.head.Marks = append(r.head.Marks, Mark{l.path, v.offset, v.length})
	}
}

func (r *Reader) assignBol(l leaf[Bol], v text) {
	dst := l.in(r.bol)
	path := r.indexed(l.path)
	if seals, ok := dst.(*Seals); ok {
		before := len(seals.Numbers)
		for i, one := range seals.add(v) {
			r.mark(path+"["+itoa(before+i)+"].number", one)
		}
		return
	}
	if reason := set(dst, v, l.join); reason != "" {
		r.note(r.problem(path, v, reason))
		return
	}
	if path == "remarks" && SOC(v.value) {
		r.bol.ShipperOwned, r.remark = true, v
	}
	if path != "" {
		r.mark(path, v)
	}
}

func (r *Reader) mark(path string, v text) {
	r.bol.Marks = append(r.bol.Marks, Mark{path, v.offset, v.length})
}

// indexed writes the index of the goods item or container for the # of a path.
func (r *Reader) indexed(path string) string {
	before, after, ok := strings.Cut(path, "#")
	if !ok {
		return path
	}
	n := len(r.bol.Goods)
	if before == "equipment[" {
		n = len(r.bol.Containers)
	}
	return before + itoa(n-1) + after
}

func (r *Reader) problem(field string, v text, reason string) Problem {
	return Problem{Line: v.line, Offset: v.offset, Length: v.length, Field: field, Value: clip(v.value), Reason: reason}
}

// note keeps a problem with the Bol that is open, else with the header.
func (r *Reader) note(p Problem) {
	if r.bol == nil {
		r.headProblem(p)
	} else if len(r.bol.Problems) < maxProblems {
		r.bol.Problems = append(r.bol.Problems, p)
	}
}

func (r *Reader) headProblem(p Problem) {
	if len(r.head.Problems) < maxProblems {
		r.head.Problems = append(r.head.Problems, p)
	}
}

func (r *Reader) closeBol() *Bol {
	b := r.bol
	r.bol = nil
	r.bols++
	b.Length = int(r.src.After() - r.ahead() - b.Offset)
	if r.recordLen {
		b.Problems = append(b.Problems, Problem{Line: b.Line, Offset: b.Offset, Length: b.Length, Field: "Bol_segment",
			Reason: "is longer than 16 MiB: the rest of it is not taken", Fatal: true})
	} else if b.Reference == "" {
		b.Problems = append(b.Problems, Problem{Line: b.Line, Offset: b.Offset, Length: b.Length, Field: "document.number",
			Reason: "Bol_reference is missing: without its number the document cannot be told from others", Fatal: true})
	}
	if b.ShipperOwned {
		for i := range b.Containers {
			b.Marks = append(b.Marks, Mark{"equipment[" + itoa(i) + "].shipper_owned", r.remark.offset, r.remark.length})
		}
	}
	b.sealMarks()
	if r.seen {
		r.head.Complete(b)
	} else {
		b.placeMarks()
	}
	return b
}

// sealMarks gives the seals of goods to the container, where there is but one: they
// follow its own.
func (b *Bol) sealMarks() {
	if len(b.Containers) != 1 {
		return
	}
	before := len(b.Containers[0].Seals.Numbers)
	for g := range b.Goods {
		prefix := "goods[" + itoa(g) + "].seals["
		for k := range b.Goods[g].Seals.Numbers {
			for i := range b.Marks {
				if rest, ok := strings.CutPrefix(b.Marks[i].Field, prefix+itoa(k)+"]."); ok {
					b.Marks[i].Field = "equipment[0].seals[" + itoa(before+k) + "]." + rest
				}
			}
		}
		before += len(b.Goods[g].Seals.Numbers)
	}
}

// Complete gives a Bol what the header states for all: it sets Header and adds the
// header's marks. Next has done it, but for Bols that came before the General_segment.
func (m *Manifest) Complete(b *Bol) {
	if b.Header != nil {
		return
	}
	b.Header = m
	for _, mark := range m.Marks {
		own := strings.HasPrefix(mark.Field, "carrier.") && b.Carrier != (Carrier{}) ||
			strings.HasPrefix(mark.Field, "journey.places[loading]") && b.PlaceOfLoading != ""
		if !own {
			b.Marks = append(b.Marks, mark)
		}
	}
	b.placeMarks()
}

// placeMarks writes the index in Places for the role, once all places are known. It may
// be called again when the header comes late.
func (b *Bol) placeMarks() {
	if b.Header == nil {
		return // Places of the Bol may move when the header comes
	}
	places := b.Places()
	for i := range b.Marks {
		rest, ok := strings.CutPrefix(b.Marks[i].Field, "journey.places[")
		if !ok {
			continue
		}
		role, name, _ := strings.Cut(rest, "]")
		if at := slices.IndexFunc(places, func(p Place) bool { return p.Role == role }); at >= 0 {
			b.Marks[i].Field = "journey.places[" + itoa(at) + "]" + name
		}
	}
}
