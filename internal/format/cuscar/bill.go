package cuscar

import (
	"slices"
	"strings"

	"tidewaiter/internal/format/edifact"
)

// consign reads CNI, which begins a consignment. Its bill begins with the first
// segment behind it, which may be an RFF that names the document.
func (r *Reader) consign() {
	r.openBill()
	r.closeBill(r.span.Offset)
	if len(r.m.Equipment) == 0 && len(r.pending) == 0 {
		r.hold = true
	}
	r.cni = consignment{number: r.value(2, 0), line: r.value(1, 0), segment: r.seg.Number, span: r.span}
}

// openBill makes a bill of the open CNI when it has none.
func (r *Reader) openBill() {
	if r.bill == nil && r.cni.span.Length > 0 && !r.cni.used {
		r.newBill(r.cni.span)
		r.bill.Number = r.cni.number
		if r.cni.number != "" {
			r.bill.Marks = append(r.bill.Marks, Mark{"document.number", r.cni.span})
		}
	}
}

func (r *Reader) newBill(at Span) {
	r.cni.used = true
	r.bill = &Bill{Manifest: r.m, Line: r.cni.line, Span: at, Marks: make([]Mark, 0, 48)}
	r.level, r.party, r.filled, r.said = atBill, partyCursor{}, false, ""
	if r.cni.line != "" {
		r.bill.Marks = append(r.bill.Marks, Mark{"document.line", r.cni.span})
	}
}

// reference reads RFF: under a CNI, one that names a transport document begins a bill.
func (r *Reader) reference() {
	code, number := r.value(1, 0), r.value(1, 1)
	kind, document := documents[code]
	switch {
	case !document || r.cni.span.Length == 0 || number == "":
		r.openBill()
		r.refer(code, number)
	case r.bill == nil || r.bill.Type == "" && !r.filled:
		at := r.span
		if !r.cni.used {
			at = r.cni.span
		}
		if r.bill == nil {
			r.newBill(at)
		}
		r.name(code, number, kind)
	case r.bill.Type == "" && len(r.bill.Goods) == 0:
		r.name(code, number, kind)
	case number == r.bill.Number:
	case masterOnly[code] && len(r.bill.Goods) == 0:
		r.bill.Master = number
		r.mark("document.master")
	case masterOnly[r.bill.Type] && !r.filled: // the master was named first
		r.bill.Master = r.bill.Number
		r.bill.Marks = append(r.bill.Marks, Mark{"document.master", r.place0()})
		r.name(code, number, kind)
	case code == "AAA" && len(r.bill.Goods) == 0 && r.bill.Type != "AAA":
		r.refer(code, number)
	default:
		r.closeBill(r.span.Offset)
		r.newBill(r.span)
		r.name(code, number, kind)
	}
}

// place0 returns where the number of the bill was read.
func (r *Reader) place0() Span {
	for _, m := range slices.Backward(r.bill.Marks) {
		if m.Field == "document.number" {
			return m.Span
		}
	}
	return r.span
}

func (r *Reader) refer(code, number string) {
	if number == "" {
		return
	}
	list := &r.m.Refs
	if r.bill != nil {
		list = &r.bill.Refs
	}
	if r.level != atEquipment && len(*list) < 1000 {
		*list = append(*list, Reference{code, number})
	}
}

// name gives the open bill its document.
func (r *Reader) name(code, number, kind string) {
	b := r.bill
	b.Number, b.Type, b.Kind = number, code, kind
	if r.cni.number != "" && r.cni.number != number {
		b.Consolidation = r.cni.number
	}
	b.Marks = slices.DeleteFunc(b.Marks, func(m Mark) bool { return m.Field == "document.number" })
	r.mark("document.number")
	r.mark("document.type")
}

// closeBill completes the open bill, which ends before the offset.
func (r *Reader) closeBill(end int64) {
	b := r.bill
	if b == nil {
		return
	}
	b.Span.Length = int(end - b.Span.Offset)
	if b.Number == "" {
		r.problem(Problem{
			Segment: r.cni.segment, Offset: b.Span.Offset, Length: b.Span.Length, Field: "document.number",
			Reason: "the consignment has no document number", Fatal: true,
		})
	}
	if b.Master != "" {
		b.Kind = "house"
	}
	for i := range b.Goods {
		if b.Goods[i].Description == "" && r.said != "" {
			b.Goods[i].Description = r.said
		}
	}
	if len(b.Goods) == 0 {
		b.Remarks = strings.TrimSpace(r.said + " " + b.Remarks)
	}
	r.bill, r.level = nil, atHeader
	if !r.hold || len(b.Equipment) == 0 && len(r.pending) == 0 || len(r.pending) == 0 && r.described(b) {
		r.complete(b)
		r.ready = append(r.ready, b)
		return
	}
	for i := range b.Equipment {
		r.refers[b.Equipment[i].Number] = true
	}
	r.pending = append(r.pending, b)
	if len(r.pending) > holdBills {
		r.flush()
	}
}

// described reports whether the equipment of b is known from EQD.
func (r *Reader) described(b *Bill) bool {
	for i := range b.Equipment {
		if _, ok := r.known[b.Equipment[i].Number]; !ok {
			return false
		}
	}
	return true
}

// flush yields the bills that were kept back.
func (r *Reader) flush() {
	for _, b := range r.pending {
		r.complete(b)
	}
	r.ready = append(r.ready, r.pending...)
	r.pending = nil
	clear(r.refers)
}

// complete adds to the containers of b what EQD says of them and what the goods do.
func (r *Reader) complete(b *Bill) {
	for i := range b.Equipment {
		e := &b.Equipment[i]
		if at, ok := r.known[e.Number]; ok {
			own := *e
			*e = r.m.Equipment[at]
			e.Packages = own.Packages
			e.Seals = slices.Clone(e.Seals)
			if e.GrossMass == 0 {
				e.GrossMass = own.GrossMass
			}
			for _, m := range e.marks {
				b.Marks = append(b.Marks, Mark{r.path("equipment", i, m.Field), m.Span})
			}
			for _, p := range e.problems {
				p.Field = r.path("equipment", i, p.Field)
				b.Problems = append(b.Problems, p)
			}
			e.marks, e.problems = nil, nil
		}
	}
	weigh(b)
}

// weigh sums what the goods say of the mass and the packages in each container: by
// their splits, or by the item where it is in one container only.
func weigh(b *Bill) {
	for i := range b.Equipment {
		e := &b.Equipment[i]
		mass, packages, known := 0.0, 0, true
		for g := range b.Goods {
			goods := &b.Goods[g]
			for _, s := range goods.Splits {
				if s.Equipment != e.Number {
					continue
				}
				if len(goods.Splits) == 1 {
					s.GrossMass, s.Packages = or(s.GrossMass, goods.GrossMass), or(s.Packages, goods.Packages)
				}
				known = known && s.GrossMass > 0
				mass += s.GrossMass
				packages += s.Packages
			}
		}
		e.Packages = packages
		if known && e.GrossMass == 0 {
			e.GrossMass = mass
		}
	}
}

func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

// total reads CNT, element 6069.
func (r *Reader) total() {
	code, value, unit := r.value(1, 0), r.value(1, 1), r.value(1, 2)
	t := &r.m.Totals
	if r.bill != nil && code != "10" && code != "55" {
		t = &r.bill.Totals
	}
	switch code {
	case "7":
		if v, ok := r.mass("totals.gross_mass", value, unit); ok {
			t.GrossMass = v
		}
	case "8", "11":
		r.count("totals.packages", value, &t.Packages)
	case "16":
		r.count("totals.containers", value, &t.Containers)
	case "10", "55":
		r.count("totals.bills", value, &t.Bills)
	case "15":
		if v, ok := r.number("totals.volume", value); ok {
			t.Volume = v * or(volumeUnits[unit], 1)
			r.mark("totals.volume")
		}
	}
}

// number reads a number that is not negative.
func (r *Reader) number(field, value string) (float64, bool) {
	if value == "" {
		return 0, false
	}
	v, err := edifact.ParseNumber(value)
	if err != nil {
		r.bad(field, value, err.Error())
		return 0, false
	}
	if v < 0 {
		r.bad(field, value, "a negative number")
		return 0, false
	}
	return v, true
}

// mass reads a mass in kg.
func (r *Reader) mass(field, value, unit string) (float64, bool) {
	v, ok := r.number(field, value)
	if !ok {
		return 0, false
	}
	factor, known := massUnits[strings.ToUpper(unit)]
	if !known {
		r.bad(field, value+" "+unit, "the unit of mass is unknown to us")
		return 0, false
	}
	r.mark(field)
	return scaled(v, factor), true
}

// scaled multiplies, by division where that is exact: 525 g are 0.525 kg.
func scaled(v, factor float64) float64 {
	switch factor {
	case 0.001:
		return v / 1000
	case 0.1:
		return v / 10
	case 1e-6:
		return v / 1e6
	}
	return v * factor
}

// count reads a whole number into n.
func (r *Reader) count(field, value string, n *int) {
	v, ok := r.number(field, value)
	if !ok {
		return
	}
	if v != float64(int64(v)) || v > 1e9 {
		r.bad(field, value, "not a count")
		return
	}
	*n = int(v)
	r.mark(field)
}
