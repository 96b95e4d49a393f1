package risk

import (
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

var documentary = []Indicator{
	{ID: "D01", Group: Documentary, Weight: 1.25, Family: "description", Source: "carriers' rules against FAK and STC; EU ICS2 practice", Test: vagueGoods,
		Title:   "Goods description is vague",
		Meaning: "The words do not say what the goods are. Whoever has something to hide prefers general words, and so do careless clerks."},
	{ID: "D02", Group: Documentary, Weight: 1.25, Family: "description", Source: "own, by lists of goods words", Test: descriptionAgainstHS,
		Title:   "Description does not fit the HS code",
		Meaning: "The words name other goods than the code does. One of them is wrong, by mistake or to avoid a duty, a permit or an eye."},
	{ID: "D03", Group: Documentary, Weight: 0.5, Family: "description", Source: "ASYCUDA World manifest, mandatory fields", Test: missingFields,
		Title:   "Mandatory fields are empty",
		Meaning: "Names, addresses, goods or masses are not stated. Often carelessness of the sender; it also keeps other checks from speaking."},
	{ID: "D04", Group: Documentary, Weight: 0.5, Source: "own", Test: toOrder,
		Title:   "Consignee to order and nobody to notify",
		Meaning: "Nobody is named who receives the goods. To order is normal in bulk trade, but then a notify party is named."},
	{ID: "D07", Group: Documentary, Weight: 3, Family: "link", Source: "WWF and TRAFFIC; FATF; IMB", Test: switchedBill,
		Title:   "Same container under a second document",
		Meaning: "The container has come within days under another document number or shipper. A switched bill of lading hides where goods are from and whose they are."},
	{ID: "D08", Group: Documentary, Weight: 1.25, Source: "ASYCUDA World, master document link", Test: orphanHouse,
		Title:   "House document without its master",
		Meaning: "A forwarder's document that names no carrier's document cannot be held against what the carrier says."},
	{ID: "D10", Group: Documentary, Weight: 2.25, Family: "box", Source: "ISO 6346", Test: containerDigit,
		Title:   "Container number fails its check digit",
		Meaning: "No such container can exist. Mostly a typing error; an invented number hides the real container's history."},
	{ID: "D12", Group: Documentary, Weight: 2, Family: "link", Source: "documents check 8", Test: numberReused,
		Title:   "Document number used before for other parties",
		Meaning: "The same number stood for another voyage, other parties and other containers. Carriers do not use a number twice within years."},
	{ID: "D15", Group: Documentary, Weight: 1, Source: "IATA resolution 600a", Test: airWaybillDigit,
		Title:   "Air waybill number fails its check digit",
		Meaning: "The seventh digit does not follow from the others: a typing error, or a number that no airline issued."},
	{ID: "D16", Group: Documentary, Weight: 0.75, Family: "description", Source: "Harmonized System", Test: impossibleHS,
		Title:   "HS code cannot exist",
		Meaning: "The Harmonized System has no such chapter. The goods have not been classified, or the code was invented."},
	{ID: "D17", Group: Documentary, Weight: 1.25, Source: "documents check 7", Test: numberShape,
		Title:   "Document number unlike the carrier's others",
		Meaning: "All numbers that we have seen of this carrier have other letters or another length. Forged documents rarely get this right."},
}

func vagueGoods(v *View) Hit {
	best, at := 0.0, match{}
	for _, m := range v.matches {
		if m.term != termVague {
			continue
		}
		g := &v.goods[m.item]
		s := v.t.strength[termVague][m.row]
		if s < 1 {
			if g.meant >= 0 {
				s *= 0.2
			} else if g.words-m.words >= 3 {
				s *= 0.4
			}
		}
		if s > best {
			best, at = s, m
		}
	}
	if best < 0.2 {
		return bareWord(v)
	}
	// A customer of long standing is careless, a stranger may have a reason.
	best *= max(0.5, v.strange(&v.history.consignee))
	text := v.goods[at.item].item.Description
	return hit(best, evidence(description(at.item), text, "vague", text[at.start:at.end]))
}

// bareWord: a single word that no list knows, and no code beside it.
func bareWord(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if g.words == 1 && g.meant < 0 && g.code == "" && len(g.item.Description) < 25 {
			return hit(0.4, evidence(description(i), g.item.Description, "one-word"))
		}
	}
	return none
}

func descriptionAgainstHS(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if !g.declared || len(g.code) < 4 || g.meant < 0 || v.fits(i) {
			continue
		}
		row := v.t.words[g.meant]
		strength := 0.75
		for _, m := range v.matches {
			if m.item == i && m.term == termGoods && m.row == g.meant && m.words > 1 {
				strength = 1
			}
		}
		return hit(strength, evidence(cargo.GoodsField(i, "hs"), g.item.HS, "words-mean", row[0], row[1]),
			evidence(description(i), g.item.Description, "words-mean", row[0], row[1]))
	}
	return none
}

// fits reports whether any goods word of the item allows the declared chapter.
func (v *View) fits(i int) bool {
	chapter := hsKey(v.goods[i].code[:2])
	for _, m := range v.matches {
		if m.item != i || m.term != termGoods {
			continue
		}
		if hsChapter(v.t.heading[m.row]) == chapter {
			return true
		}
		for _, h := range v.t.also[m.row] {
			if hsChapter(h) == chapter {
				return true
			}
		}
	}
	return false
}

// hsChapter returns the packed chapter of a packed code of four or six digits.
func hsChapter(k uint32) uint32 {
	switch v := k & 0xffffff; k >> 24 {
	case 4:
		return 2<<24 | v/100
	case 6:
		return 2<<24 | v/10000
	default:
		return k
	}
}

func missingFields(v *View) Hit {
	var ev []Evidence
	miss := func(is bool, field string) {
		if is {
			ev = append(ev, evidence(field, "", "mandatory"))
		}
	}
	miss(!v.consignor.named(), cargo.PartyField(cargo.Consignor, "name"))
	miss(!v.consignee.named() && !v.consignee.toOrder, cargo.PartyField(cargo.Consignee, "name"))
	miss(v.consignee.named() && v.consignee.p.Address == "" && v.consignee.p.City == "", cargo.PartyField(cargo.Consignee, "address"))
	miss(len(v.goods) == 0 || v.goods[0].words == 0 && v.goods[0].item.Description == "", description(0))
	miss(v.gross == 0, cargo.GoodsField(0, "gross_mass"))
	miss(v.packages == 0 && v.C.Totals.Packages == 0, cargo.GoodsField(0, "packages"))
	miss(v.load == nil, "journey.places")
	if len(ev) == 0 || len(v.boxes) > 0 && v.boxes[0].box.Fullness == cargo.Empty {
		return none
	}
	return Hit{min(0.5*float64(len(ev)), 1.5), ev}
}

func toOrder(v *View) Hit {
	if !v.consignee.toOrder || v.notify.named() {
		return none
	}
	strength := 1.0
	if len(v.boxes) == 0 {
		strength = 0.5 // bulk
	}
	return hit(strength, evidence(cargo.PartyField(cargo.Consignee, "name"), v.consignee.p.Name, "to-order"))
}

func switchedBill(v *View) Hit {
	for i := range v.history.boxes {
		b := &v.boxes[i]
		if b.fault == reference.Malformed || b.box.Fullness == cargo.Empty || b.box.Fullness == cargo.LCL || b.number == "" {
			continue
		}
		best, found := 0.0, (*Ref)(nil)
		v.history.boxes[i].refs(func(r *Ref) bool {
			if s := v.switched(r); s > best {
				best, found = s, r
			}
			return true
		})
		if found != nil {
			return hit(best, evidence(cargo.EquipmentField(i, "number"), b.box.Number, "second-document", found.Document, day(found.At), orElse(found.Name, empty)),
				evidence("document.number", v.C.Document.Number, "other-document", found.Document))
		}
	}
	return none
}

// switched weighs another document for the same container: the nearer in time and
// the more different its shipper, the stronger. House and master, and houses of one
// master, share their container by nature.
func (v *View) switched(r *Ref) float64 {
	d := &v.C.Document
	own, master, theirs := textHash(d.Number), textHash(d.Master), textHash(r.Document)
	if theirs == own || master != 0 && (theirs == master || uint64(r.What) == master) || r.What != 0 && uint64(r.What) == own {
		return 0
	}
	if r.At.IsZero() || v.At.IsZero() {
		return 0
	}
	days := v.At.Sub(r.At).Abs().Hours() / 24
	other := r.Who != v.consignor.key
	switch {
	case days <= 10 && other:
		return 1
	case days <= 10:
		return 0.4
	case days <= 21 && other:
		return 0.4
	default:
		return 0
	}
}

func orphanHouse(v *View) Hit {
	d := &v.C.Document
	if d.Kind != cargo.DocumentHouse || d.Master != "" {
		return none
	}
	return hit(1, evidence("document.master", d.Master, "no-master"), evidence("document.number", d.Number, "is-house"))
}

func containerDigit(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		if b.fault == reference.CheckDigit {
			return hit(1, evidence(cargo.EquipmentField(i, "number"), b.box.Number, "check-digit", string('0'+byte(b.number.ExpectedDigit()))))
		}
	}
	return none
}

func numberReused(v *View) Hit {
	if !v.again() {
		return none
	}
	o := v.history.earlier
	return hit(1, evidence("document.number", v.C.Document.Number, "number-used", day(o.At), orElse(o.PartyText, empty)))
}

func airWaybillDigit(v *View) Hit {
	if v.C.Transport.Mode != cargo.ModeAir || v.C.Document.Kind == cargo.DocumentHouse {
		return none
	}
	awb, err := reference.ParseAirWaybill(v.C.Document.Number)
	if reference.ProblemOf(err) != reference.CheckDigit {
		return none
	}
	return hit(1, evidence("document.number", v.C.Document.Number, "check-digit", string('0'+byte(awb.ExpectedDigit()))))
}

func impossibleHS(v *View) Hit {
	for i := range v.goods {
		g := &v.goods[i]
		if !g.declared || g.item.HS == "" {
			continue
		}
		c := g.chapter()
		if c == "" || c == "00" || c == "77" || c == "98" || c == "99" {
			return hit(1, evidence(cargo.GoodsField(i, "hs"), g.item.HS, "no-chapter"))
		}
	}
	return none
}

func numberShape(v *View) Hit {
	h := &v.history
	if h.carrier.n < 40 || h.numberShape.n > 0 || v.maturity == 0 || v.C.Document.Kind == cargo.DocumentHouse {
		return none
	}
	return hit(v.maturity, evidence("document.number", v.C.Document.Number, "unlike-carrier", decimal(float64(h.carrier.n))))
}
