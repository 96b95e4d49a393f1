package cuscar

import (
	"strings"
)

// goods reads GID: number of the item, packages and their type.
func (r *Reader) goods() {
	if r.bill == nil {
		return
	}
	if r.bill.Goods == nil {
		r.bill.Goods = make([]Goods, 0, 2)
	}
	r.bill.Goods = append(r.bill.Goods, Goods{})
	r.level = atGoods
	i := len(r.bill.Goods) - 1
	g := r.item()
	if v := r.value(1, 0); v != "" {
		r.count(goodsNumberPath.at(i), v, &g.Number)
	}
	r.countPackages(2)
	g.PackageName = r.value(2, 4)
}

func (r *Reader) inGoods() bool { return r.level == atGoods || r.level == atSplit }

// item returns the goods item at hand.
func (r *Reader) item() *Goods { return &r.bill.Goods[len(r.bill.Goods)-1] }

// countPackages reads composite C213.
func (r *Reader) countPackages(e int) {
	i := len(r.bill.Goods) - 1
	g := r.item()
	if v := r.value(e, 0); v != "" {
		r.count(goodsPackagesPath.at(i), v, &g.Packages)
	}
	if v := r.value(e, 1); v != "" {
		g.PackageType = v
		r.mark(goodsPackageTypePath.at(i))
	}
}

// packages reads PAC where GID did not say.
func (r *Reader) packages() {
	if !r.inGoods() {
		return
	}
	i := len(r.bill.Goods) - 1
	g := r.item()
	if v := r.value(1, 0); v != "" && g.Packages == 0 {
		r.count(goodsPackagesPath.at(i), v, &g.Packages)
	}
	if v := r.value(3, 0); v != "" && g.PackageType == "" {
		g.PackageType = v
		r.mark(goodsPackageTypePath.at(i))
	}
	if g.PackageName == "" {
		g.PackageName = r.value(3, 3)
	}
}

// split reads SGP: the container that holds the goods, and how many packages of them.
func (r *Reader) split() {
	number := compact(r.value(1, 0))
	if !r.inGoods() || number == "" {
		return
	}
	i := len(r.bill.Goods) - 1
	g := r.item()
	g.Splits = append(g.Splits, Split{Equipment: number})
	r.level = atSplit
	at := r.holds(number)
	r.mark(goodsEquipmentPath.at(i))
	if v := r.value(2, 0); v != "" {
		r.count(equipmentPackagesPath.at(at), v, &g.Splits[len(g.Splits)-1].Packages)
	}
}

// quantity reads QTY of a split: its packages.
func (r *Reader) quantity() {
	if r.level != atSplit {
		return
	}
	g := r.item()
	s := &g.Splits[len(g.Splits)-1]
	if v := r.value(1, 1); v != "" && s.Packages == 0 {
		r.count(equipmentPackagesPath.at(r.holds(s.Equipment)), v, &s.Packages)
	}
}

// dangerous reads DGS: class and UN number.
func (r *Reader) dangerous() {
	class, number := r.value(2, 0), r.value(3, 0)
	switch {
	case r.level == atEquipment && r.eq >= 0:
		e := &r.m.Equipment[r.eq]
		e.DG, e.DGClass = first(e.DG, number), first(e.DGClass, class)
	case r.inGoods():
		i := len(r.bill.Goods) - 1
		g := r.item()
		if number != "" && g.DG == "" {
			g.DG = number
			r.mark(goodsDgPath.at(i))
		}
		if class != "" && g.DGClass == "" {
			g.DGClass = class
			r.mark(goodsDgClassPath.at(i))
		}
	}
}

// customsCode reads CST: the first of its codes that looks like one of the HS.
func (r *Reader) customsCode() {
	for e := 2; e <= 6; e++ {
		if r.harmonised(r.value(e, 0)) {
			return
		}
	}
	r.harmonised(r.value(1, 0))
}

// productCode reads PIA with a code of the list HS.
func (r *Reader) productCode() {
	for e := 2; e <= 6; e++ {
		if r.value(e, 1) == "HS" && r.harmonised(r.value(e, 0)) {
			return
		}
	}
}

// harmonised takes a code of the HS: 4 to 10 digits, which senders group by points.
func (r *Reader) harmonised(code string) bool {
	if strings.ContainsAny(code, ". ") {
		code = strings.NewReplacer(".", "", " ", "").Replace(code)
	}
	if !r.inGoods() || len(code) < 4 || len(code) > 10 || !allDigits(code) {
		return false
	}
	if g := r.item(); g.HS == "" {
		g.HS = code
		r.mark(goodsHsPath.at(len(r.bill.Goods) - 1))
	}
	return true
}

// money reads MOA, element 5025: 40 customs value, 44 value for carriage, 64 freight,
// 67 and 157 insurance. UN/EDIFACT code list.
func (r *Reader) money() {
	code, value, currency := r.value(1, 0), r.value(1, 1), r.value(1, 2)
	if r.bill == nil || r.level == atEquipment {
		return
	}
	c := &r.bill.Charges
	var to *Money
	field := ""
	switch code {
	case "64", "144":
		to, field = &c.Freight, "charges.freight"
	case "67", "157":
		to, field = &c.Insurance, "charges.insurance"
	case "44":
		to, field = &c.Transport, "charges.transport"
	case "40", "5", "66", "38", "77", "39":
		to, field = &c.Customs, "charges.customs"
		if r.inGoods() {
			to, field = &r.item().Value, goodsValuePath.at(len(r.bill.Goods)-1)
		}
	default:
		return
	}
	if v, ok := r.number(field, value); ok {
		*to = Money{v, currency}
		r.mark(field)
	}
}

// payment reads CPI, element 4237: prepaid or collect.
func (r *Reader) payment() {
	if r.bill == nil || r.bill.Charges.Payment != "" {
		return
	}
	code := strings.ToUpper(first(r.value(3, 0), r.value(2, 0)))
	switch {
	case code == "":
		return
	case code[0] == 'P':
		code = "prepaid"
	case code[0] == 'C':
		code = "collect"
	}
	r.bill.Charges.Payment = code
	r.mark("charges.payment")
}
