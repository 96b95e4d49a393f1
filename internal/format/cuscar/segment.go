package cuscar

import "strings"

// maxShort bounds the short values that are kept to be used again.
const maxShort = 4096

// value returns a component, trimmed. Short ones, most of them codes, are made once.
func (r *Reader) value(e, c int) string {
	b := r.seg.Bytes(e, c)
	if len(b) == 0 {
		return ""
	}
	if len(b) > 5 || !r.seg.Plain() {
		return strings.TrimSpace(r.seg.Value(e, c))
	}
	if v, ok := r.short[string(b)]; ok {
		return v
	}
	v := strings.TrimSpace(string(b))
	if len(r.short) < maxShort {
		r.short[string(b)] = v
	}
	return v
}

// read takes one segment of the message.
func (r *Reader) read(tag string) {
	switch tag {
	case "CNI":
		r.consign()
	case "RFF":
		r.reference()
	case "EQD":
		r.openBill()
		r.equipment()
	case "GID":
		r.openBill()
		r.goods()
	case "DTM":
		r.openBill()
		r.date()
	case "CNT":
		r.openBill()
		r.total()
	default:
		r.openBill()
		r.detail(tag)
	}
	if r.bill != nil && tag != "RFF" && tag != "CNI" && tag != "DTM" {
		r.filled = true
	}
	if tag != "LOC" && tag != "DTM" {
		r.place = nil
	}
}

func (r *Reader) detail(tag string) {
	switch tag {
	case "BGM":
		r.begin()
	case "TDT":
		r.transport()
	case "LOC":
		r.location()
	case "NAD":
		r.nameAndAddress()
	case "CTA":
		r.contact()
	case "COM":
		r.communication()
	case "GIS":
		r.nature(r.value(1, 0))
	case "GEI":
		r.nature(r.value(2, 0))
	case "MEA":
		r.measure()
	case "SEL":
		r.seal()
	case "TMP":
		r.temperature()
	case "RNG":
		r.temperatureRange()
	case "FTX":
		r.freeText()
	case "MOA":
		r.money()
	case "CPI":
		r.payment()
	case "TSR":
		if r.bill != nil && r.bill.Service == "" {
			r.bill.Service = r.value(1, 0)
		}
	default:
		r.goodsDetail(tag)
	}
}

func (r *Reader) goodsDetail(tag string) {
	switch tag {
	case "PAC":
		r.packages()
	case "SGP":
		r.split()
	case "DGS":
		r.dangerous()
	case "PCI":
		r.shippingMarks()
	case "CST":
		r.customsCode()
	case "PIA":
		r.productCode()
	case "QTY":
		r.quantity()
	}
}

// begin reads BGM: kind, number and function of the document.
func (r *Reader) begin() {
	m := r.m
	m.Document, m.Number, m.Function = r.value(1, 0), r.value(2, 0), r.value(3, 0)
}

// nature reads the convention of ASYCUDA: GIS 22 export, 23 import, 24 transit, 28
// transhipment.
func (r *Reader) nature(code string) {
	n := 0
	switch code {
	case "22":
		n = 22
	case "23":
		n = 23
	case "24":
		n = 24
	case "28":
		n = 28
	default:
		return
	}
	if r.bill != nil {
		r.bill.Nature = n
	} else {
		r.m.Nature = n
	}
	r.mark("nature")
}

// transport reads TDT: main carriage is stage 20. The list 146 stands for a number of
// the ship, 103 for a call sign; senders mix them up, so the shape decides.
func (r *Reader) transport() {
	if stage := r.value(1, 0); stage != "20" && stage != "11" && stage != "" {
		return
	}
	m := r.m
	if r.bill != nil && (m.Voyage != "" || m.Transport != (Transport{})) {
		return
	}
	bill := r.bill
	r.bill = nil // the means is the manifest's, wherever it is stated
	defer func() { r.bill = bill }()
	if v := r.value(2, 0); v != "" {
		m.Voyage = v
		r.mark("journey.voyage")
	}
	t := &m.Transport
	if t.Mode = r.value(3, 0); t.Mode != "" {
		r.mark("transport.mode")
	}
	r.carrierOf(r.value(5, 0), r.value(5, 3), t.sea() && r.value(8, 3) == "" && r.value(8, 0) != "")
	if n := r.value(8, 3); n != "" {
		t.Name = n
		r.mark("transport.name")
	}
	if t.Nationality = r.value(8, 4); t.Nationality != "" {
		r.mark("transport.nationality")
	}
	r.identify(r.value(8, 0), r.value(8, 1))
}

// carrierOf takes composite C040. A ship that has no name of its own got it as the
// carrier's from senders that fill the wrong composite.
func (r *Reader) carrierOf(code, name string, nameless bool) {
	if code != "" && r.m.Carrier.Code == "" {
		r.m.Carrier.Code = code
		r.mark("carrier.code")
	}
	switch {
	case name == "":
	case nameless:
		r.m.Transport.Name = name
		r.mark("transport.name")
	case r.m.Carrier.Name == "":
		r.m.Carrier.Name = name
		r.mark("carrier.name")
	}
}

// sea reports whether the means is a ship, as far as is known.
func (t *Transport) sea() bool { return t.Mode == "" || t.Mode[0] == '1' || t.Mode[0] == '8' }

func (r *Reader) identify(id, list string) {
	if id == "" {
		return
	}
	t := &r.m.Transport
	digits := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(id), "IMO"), " ")
	switch sea := t.sea(); {
	case sea && len(digits) == 7 && allDigits(digits):
		t.IMO = digits
	case list == "103" || sea && len(id) >= 4 && len(id) <= 7 && alphanumeric(id):
		t.CallSign = id
	default:
		t.ID = id
	}
	r.mark("transport.id")
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
