package risk

import (
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

var seals = []Indicator{
	{ID: "S01", Group: Seals, Weight: 1.5, Family: "seal", Source: "C-TPAT; documents check 54", Test: noSeal,
		Title:   "Full container without a seal number",
		Meaning: "No seal is stated, or a word in its place, where this carrier usually states one. Without a number nobody can tell whether the container was opened."},
	{ID: "S02", Group: Seals, Weight: 2.75, Family: "seal", Source: "Operation TIN CAN; seals check 4", Test: sealReused,
		Title:   "Seal number used twice",
		Meaning: "The same seal number is stated for another container or an earlier voyage. A seal is used once: one of the two is a copy, the mark of rip-on/rip-off."},
	{ID: "S04", Group: Seals, Weight: 2.5, Family: "seal", Source: "Operation TIN CAN; seals checks 1 and 25", Test: sealChanged,
		Title:   "Seal changed between two versions of the document",
		Meaning: "An amendment states another seal for the same container, and no record says who opened it."},
	{ID: "S06", Group: Seals, Weight: 1.5, Family: "seal", Source: "seals check 27", Test: sealShape,
		Title:   "Seal number unlike the carrier's others",
		Meaning: "The number has other letters or another length than all seals that we have seen of this carrier."},
}

func noSeal(v *View) Hit {
	mode := v.C.Transport.Mode
	for i := range v.boxes {
		b := &v.boxes[i]
		if !b.full() || b.seals > 0 || b.number == "" || b.size.IsFlat() || b.size.IsOpenTop() || mode == cargo.ModeAir {
			continue
		}
		if b.blank > 0 {
			return hit(1, evidence(cargo.EquipmentField(i, "seals[0].number"), b.box.Seals[0].Number, "seal-word"))
		}
		// Some carriers never state seals: ours is worth what theirs usually are.
		usual, s := 0.0, v.history.carrier.stats[0]
		if s.N >= 10 {
			usual = s.Mean()
		}
		switch {
		case v.someSealed() && len(v.boxes) > 1, usual >= 0.9:
			return hit(1, evidence(cargo.EquipmentField(i, "seals"), "", "no-seal", rough(100*usual)))
		case s.N < 10 || usual >= 0.6:
			return hit(0.3, evidence(cargo.EquipmentField(i, "seals"), "", "no-seal-stated"))
		}
	}
	return none
}

func (v *View) someSealed() bool {
	for i := range v.boxes {
		if v.boxes[i].seals > 0 {
			return true
		}
	}
	return false
}

func sealReused(v *View) Hit {
	if h := sealTwice(v); h.Strength > 0 {
		return h
	}
	for k := range v.history.seals {
		if k >= len(v.history.sealBox) {
			break
		}
		i, n := v.history.sealBox[k], v.history.sealNumber[k]
		box := Key(textHash(v.boxes[i].box.Number))
		best, found := 0.0, (*Ref)(nil)
		v.history.seals[k].refs(func(r *Ref) bool {
			s := 0.0
			if r.What != box {
				s = 1
			} else if days := v.At.Sub(r.At).Abs().Hours() / 24; days > 20 && !r.At.IsZero() && !v.At.IsZero() {
				s = 0.8
			}
			if s > best {
				best, found = s, r
			}
			return true
		})
		if found == nil {
			continue
		}
		number := v.boxes[i].box.Seals[n].Number
		if len(number) < 5 {
			best *= 0.3 // short numbers repeat by chance
		}
		return hit(best, evidence(cargo.EquipmentField(i, "seals["+decimal(float64(n))+"].number"), number, "seal-used", found.Document, day(found.At)))
	}
	return none
}

// sealTwice finds one number on two containers of the consignment.
func sealTwice(v *View) Hit {
	if len(v.boxes) < 2 {
		return none
	}
	boxes := v.boxes[:min(len(v.boxes), 40)]
	for i := range boxes {
		for _, a := range boxes[i].box.Seals {
			if v.placeholder(a.Number) || len(a.Number) < 4 {
				continue
			}
			for k := i + 1; k < len(boxes); k++ {
				for n, b := range boxes[k].box.Seals {
					if a.Number == b.Number && boxes[i].box.Number != boxes[k].box.Number {
						return hit(1, evidence(cargo.EquipmentField(k, "seals["+decimal(float64(n))+"].number"), b.Number, "seal-twice", boxes[i].box.Number))
					}
				}
			}
		}
	}
	return none
}

func sealChanged(v *View) Hit {
	o, n := v.history.earlier, &v.version
	if o == nil || v.again() || o.Containers != n.Containers || n.Containers == 0 || o.Seals == n.Seals || o.Seals == 0 || n.Seals == 0 {
		return none
	}
	for i := range v.boxes {
		for k, s := range v.boxes[i].box.Seals {
			if !v.placeholder(s.Number) {
				return hit(1, evidence(cargo.EquipmentField(i, "seals["+decimal(float64(k))+"].number"), s.Number, "seal-was", orElse(o.SealText, empty), day(o.Received)))
			}
		}
	}
	return none
}

func sealShape(v *View) Hit {
	h := &v.history
	if len(h.sealBox) == 0 || h.carrier.n < 40 || h.sealShape.n > 0 || v.maturity == 0 {
		return none
	}
	i, k := h.sealBox[0], h.sealNumber[0]
	if s := v.boxes[i].box.Seals[k]; s.Party != "" && s.Party != "carrier" {
		return none // a shipper buys its seals where it likes
	}
	return hit(v.maturity, evidence(cargo.EquipmentField(i, "seals["+decimal(float64(k))+"].number"), v.boxes[i].box.Seals[k].Number, "unlike-carrier", decimal(float64(h.carrier.n))))
}

var containers = []Indicator{
	{ID: "C01", Group: Containers, Weight: 0.375, Family: "box", Source: "AWMDS remarks; BIC register", Test: shipperOwned,
		Title:   "Shipper-owned container or unknown owner",
		Meaning: "No line answers for the container. Old and rebuilt boxes travel like this; so do honest removals."},
	{ID: "C02", Group: Containers, Weight: 0.75, Family: "hiding", Source: "Malta manual", Test: reeferDry,
		Title:   "Reefer used for dry goods",
		Meaning: "A cooled container carries goods that need no cold. Its machinery and walls offer hiding places; lines do move empty reefers this way."},
	{ID: "C03", Group: Containers, Weight: 0.25, Family: "hiding", Source: "Malta manual", Test: hidingType,
		Title:   "Container type with hiding places",
		Meaning: "Reefers, tanks, flat racks and open tops have cavities, or no doors that a seal could hold. It counts beside other reasons."},
	{ID: "C04", Group: Containers, Weight: 1, Family: "threat", Source: "Malta manual; list of source countries", Test: emptyFromRisk,
		Title:   "Empty container from a country of threat",
		Meaning: "Empty containers are searched less. From a source country they are not always empty."},
	{ID: "C08", Group: Containers, Weight: 0.5, Family: "box", Source: "ISO 6346", Test: strangeType,
		Title:   "Container type that does not exist",
		Meaning: "The size and type code is none of the standard. With an invented container number it goes together."},
	{ID: "C09", Group: Containers, Weight: 1.5, Family: "hiding", Source: "documents check 26", Test: emptyWithCargo,
		Title:   "Declared empty, and yet with cargo",
		Meaning: "The container is said to be empty while goods or a weight beyond its own are stated."},
	{ID: "C10", Group: Containers, Weight: 2, Family: "link", Source: "documents check 9; seals check 6", Test: twoPlaces,
		Title:   "Container in two places at once",
		Meaning: "Within days the same container number was loaded at another place. One of the two is not this container."},
}

func shipperOwned(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		switch {
		case b.box.ShipperOwned:
			return hit(1, evidence(cargo.EquipmentField(i, "number"), b.box.Number, "shipper-owned"))
		case b.fault != reference.NoProblem || b.number == "" || v.e.owners == nil:
		case !v.e.owners(b.number.Prefix()):
			return hit(0.7, evidence(cargo.EquipmentField(i, "number"), b.box.Number, "unknown-owner", b.number.Prefix()))
		}
	}
	return none
}

func reeferDry(v *View) Hit {
	g := v.heaviest()
	if g == nil || len(g.code) < 4 || g.facts.perishable != "" || g.chapter() < "25" || g.chapter() == "30" || g.chapter() == "29" {
		return none
	}
	for i := range v.boxes {
		b := &v.boxes[i]
		if b.sized && b.size.IsReefer() && b.box.Fullness != cargo.Empty {
			strength := 0.6
			if b.box.Temperature != nil {
				strength = 1
			}
			return hit(strength, evidence(cargo.EquipmentField(i, "size_type"), b.box.SizeType, "reefer-dry", g.code))
		}
	}
	return none
}

func hidingType(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		if b.sized && (b.size.IsReefer() || b.size.IsTank() || b.size.IsFlat() || b.size.IsOpenTop()) {
			return hit(1, evidence(cargo.EquipmentField(i, "size_type"), b.box.SizeType, "hiding-type"))
		}
	}
	return none
}

func emptyFromRisk(v *View) Hit {
	if v.load == nil || v.load.country == v.e.home {
		return none
	}
	for i := range v.boxes {
		if v.boxes[i].box.Fullness != cargo.Empty {
			continue
		}
		for _, th := range v.t.sources[v.load.country] {
			return hit(th.weight, evidence(v.load.field(), v.load.label(), "source-country", th.name), evidence(cargo.EquipmentField(i, "fullness"), "empty", "declared-empty"))
		}
	}
	return none
}

func strangeType(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		if b.box.SizeType != "" && !b.sized && b.number != "" && len(b.box.SizeType) == 4 {
			return hit(1, evidence(cargo.EquipmentField(i, "size_type"), b.box.SizeType, "no-type"))
		}
	}
	return none
}

func emptyWithCargo(v *View) Hit {
	for i := range v.boxes {
		b := &v.boxes[i]
		if b.box.Fullness != cargo.Empty {
			continue
		}
		tare := 5000.0
		if b.bound {
			tare = b.limits.TareMax
		}
		field, m := "gross_mass", sane(b.box.GrossMass)
		if vgm := sane(b.box.VerifiedGross); vgm > m {
			field, m = "verified_gross", vgm
		}
		if m > tare*1.15+300 {
			return hit(1, evidence(cargo.EquipmentField(i, field), plain(m), "empty-heavy", plain(tare)))
		}
		if len(v.boxes) == 1 && v.gross > tare*1.15+300 && v.packages > 0 {
			return hit(1, evidence(cargo.GoodsField(0, "gross_mass"), plain(v.gross), "empty-heavy", plain(tare)))
		}
	}
	return none
}

func twoPlaces(v *View) Hit {
	if v.load == nil || v.load.key == 0 || v.At.IsZero() {
		return none
	}
	for i := range v.history.boxes {
		b := &v.boxes[i]
		if b.number == "" || b.fault == reference.Malformed || b.box.Fullness == cargo.LCL || b.box.Fullness == cargo.Empty {
			continue // groupage has a document for each of its owners
		}
		var found *Ref
		v.history.boxes[i].refs(func(r *Ref) bool {
			if !r.At.IsZero() && r.Where != 0 && r.Where != v.load.key && v.At.Sub(r.At).Abs().Hours() <= 24*5 && v.switched(r) > 0 {
				found = r
			}
			return found == nil
		})
		if found != nil {
			return hit(1, evidence(cargo.EquipmentField(i, "number"), b.box.Number, "two-places", found.Document, day(found.At)), evidence(v.load.field(), v.load.label(), "other-load"))
		}
	}
	return none
}
