package cuscar

import (
	"strconv"
	"strings"

	"tidewaiter/internal/format/edifact"
)

// equipment reads EQD. It stands ahead of the consignments, which refer to it by SGP;
// some senders put it behind them, or within each.
func (r *Reader) equipment() {
	number := compact(r.value(2, 0))
	r.level, r.eq = atEquipment, -1
	if number == "" {
		r.bad("equipment", "", "EQD names no equipment")
		return
	}
	at, ok := r.known[number]
	if !ok {
		if len(r.m.Equipment) >= maxEquipment {
			return
		}
		at = len(r.m.Equipment)
		r.known[number] = at
		r.m.Equipment = append(r.m.Equipment, Equipment{Number: number, Kind: r.value(1, 0)})
	}
	r.eq = at
	e := &r.m.Equipment[at]
	r.equip("size_type", first(r.value(3, 0), r.value(3, 3)), &e.SizeType)
	r.equip("shipper_owned", r.value(4, 0), &e.Supplier)
	r.equip("", r.value(5, 0), &e.Movement)
	r.equip("fullness", r.value(6, 0), &e.Status)
	if r.bill != nil && !r.refers[number] {
		r.holds(number)
	}
}

func compact(s string) string {
	if strings.ContainsAny(s, " -") {
		s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	}
	return strings.ToUpper(s)
}

// equip sets a text of the equipment where it is stated.
func (r *Reader) equip(name, value string, to *string) {
	if value == "" {
		return
	}
	*to = value
	if name != "" {
		r.markEquipment(name)
	}
}

func (r *Reader) markEquipment(name string) {
	e := &r.m.Equipment[r.eq]
	if len(e.marks) < 100 {
		e.marks = append(e.marks, Mark{name, r.span})
	}
}

// holds returns the index of the container in the open bill, which it joins if new.
func (r *Reader) holds(number string) int {
	b := r.bill
	for i := range b.Equipment {
		if b.Equipment[i].Number == number {
			return i
		}
	}
	b.Equipment = append(b.Equipment, Equipment{Number: number, Kind: "CN"})
	i := len(b.Equipment) - 1
	b.Marks = append(b.Marks, Mark{equipmentNumberPath.at(i), r.span})
	return i
}

// seal reads SEL: a number and the party that fixed it.
func (r *Reader) seal() {
	number := r.value(1, 0)
	if r.level != atEquipment || r.eq < 0 || number == "" {
		return
	}
	e := &r.m.Equipment[r.eq]
	party := r.value(2, 0)
	for _, s := range e.Seals {
		if s.Number == number && s.Party == party {
			return
		}
	}
	if len(e.Seals) >= 100 {
		return
	}
	e.Seals = append(e.Seals, Seal{number, party})
	at := "seals[" + strconv.Itoa(len(e.Seals)-1) + "]."
	r.markEquipment(at + "number")
	if party != "" {
		r.markEquipment(at + "party")
	}
}

// temperature reads TMP: the set point, of a container or of goods.
func (r *Reader) temperature() {
	v, ok := r.degrees(r.value(2, 0), r.value(2, 1))
	switch {
	case !ok:
	case r.level == atEquipment && r.eq >= 0:
		r.m.Equipment[r.eq].Temperature = v
		r.markEquipment("temperature")
	case r.inGoods():
		g := r.item()
		g.Temperature = v
	}
}

// temperatureRange reads RNG of a container.
func (r *Reader) temperatureRange() {
	unit := r.value(2, 0)
	if r.level != atEquipment || r.eq < 0 || unit != "CEL" && unit != "FAH" {
		return
	}
	e := &r.m.Equipment[r.eq]
	if v, ok := r.degrees(r.value(2, 1), unit); ok {
		e.TemperatureMin = v
	}
	if v, ok := r.degrees(r.value(2, 2), unit); ok {
		e.TemperatureMax = v
	}
}

// degrees returns a temperature in °C.
func (r *Reader) degrees(value, unit string) (*float64, bool) {
	if value == "" {
		return nil, false
	}
	v, err := edifact.ParseNumber(value)
	if err != nil || v < -273.15 || v > 1000 {
		r.bad("temperature", value, "not a temperature")
		return nil, false
	}
	if unit == "FAH" {
		v = (v - 32) * 5 / 9
	}
	return &v, true
}

// measure reads MEA. What it measures is in element 6313, or in 6311 where that is
// missing; what it belongs to is what it follows.
func (r *Reader) measure() {
	what, ok := measures[r.value(2, 0)]
	if !ok {
		if what, ok = measures[r.value(1, 0)]; !ok {
			return
		}
	}
	unit, value := strings.ToUpper(r.value(3, 0)), r.value(3, 1)
	if value == "" {
		return
	}
	if _, cubic := volumeUnits[unit]; cubic && unit != "" && what == "gross" {
		what = "volume"
	}
	switch {
	case r.level == atEquipment:
		if r.eq >= 0 {
			r.measureEquipment(what, value, unit)
		}
	case r.level == atSplit:
		r.measureSplit(what, value, unit)
	case r.inGoods():
		r.measureGoods(what, value, unit)
	default:
		r.measureWhole(what, value, unit)
	}
}

func (r *Reader) measureEquipment(what, value, unit string) {
	e := &r.m.Equipment[r.eq]
	if what == "volume" {
		if v, ok := r.volume("volume", value, unit); ok {
			e.Volume = v
		}
		return
	}
	v, name, ok := 0.0, "gross_mass", false
	switch what {
	case "tare":
		name = "tare"
	case "verified":
		name = "verified_gross"
	}
	if v, ok = r.kilograms(name, value, unit); !ok {
		return
	}
	switch what {
	case "tare":
		e.Tare = v
	case "verified":
		e.VerifiedGross = v
	case "gross":
		e.GrossMass = v
	default:
		return
	}
	r.markEquipment(name)
}

func (r *Reader) measureSplit(what, value, unit string) {
	i := len(r.bill.Goods) - 1
	g := &r.bill.Goods[i]
	s := &g.Splits[len(g.Splits)-1]
	switch what {
	case "gross":
		if v, ok := r.mass(equipmentGrossMassPath.at(r.holds(s.Equipment)), value, unit); ok {
			s.GrossMass = v
		}
	case "volume":
		if v, ok := r.volume(goodsVolumePath.at(i), value, unit); ok {
			s.Volume = v
		}
	}
}

func (r *Reader) measureGoods(what, value, unit string) {
	i := len(r.bill.Goods) - 1
	g := &r.bill.Goods[i]
	switch what {
	case "gross":
		if v, ok := r.mass(goodsGrossMassPath.at(i), value, unit); ok {
			g.GrossMass = v
		}
	case "net":
		if v, ok := r.mass(goodsNetMassPath.at(i), value, unit); ok {
			g.NetMass = v
		}
	case "volume":
		field := goodsVolumePath.at(i)
		if v, ok := r.volume(field, value, unit); ok {
			g.Volume = v
			r.mark(field)
		}
	}
}

func (r *Reader) measureWhole(what, value, unit string) {
	t := &r.m.Totals
	if r.bill != nil {
		t = &r.bill.Totals
	}
	switch what {
	case "gross":
		if v, ok := r.mass("totals.gross_mass", value, unit); ok {
			t.GrossMass = v
		}
	case "volume":
		if v, ok := r.volume("totals.volume", value, unit); ok {
			t.Volume = v
		}
	}
}

// volume reads a volume in m³.
func (r *Reader) volume(field, value, unit string) (float64, bool) {
	v, ok := r.number(field, value)
	if !ok {
		return 0, false
	}
	factor, known := volumeUnits[unit]
	if !known {
		r.bad(field, value+" "+unit, "the unit of volume is unknown to us")
		return 0, false
	}
	return scaled(v, factor), true
}

// kilograms is mass without a mark, for equipment, whose marks are its own.
func (r *Reader) kilograms(field, value, unit string) (float64, bool) {
	v, ok := r.number(field, value)
	if !ok {
		return 0, false
	}
	factor, known := massUnits[unit]
	if !known {
		r.bad(field, value+" "+unit, "the unit of mass is unknown to us")
		return 0, false
	}
	return scaled(v, factor), true
}
