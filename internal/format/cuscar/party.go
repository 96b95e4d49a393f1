package cuscar

import "strings"

// partyCursor is the party that CTA and COM belong to.
type partyCursor struct {
	index int // 1-based; 0 for none
	first bool
}

// nameAndAddress reads NAD: structured (C080, C059 and on), or lines (C058), of which
// the first is the name.
func (r *Reader) nameAndAddress() {
	r.party = partyCursor{}
	if r.level == atEquipment {
		if r.bill != nil || r.eq < 0 {
			return
		}
		r.level = atHeader
	}
	p := Party{Code: r.value(1, 0), ID: r.value(2, 0), Span: r.span}
	p.Role = partyRoles[p.Code]
	r.address(&p)
	if p.ID == "" && p.Name == "" && p.Address == "" {
		return
	}
	p.Email, p.Phone = contacts(p.Name + ", " + p.Address)
	if p.Role == "carrier" {
		r.carrier(&p)
		return
	}
	list := &r.m.Parties
	if r.bill != nil {
		list = &r.bill.Parties
	}
	if len(*list) >= 200 {
		return
	}
	if *list == nil {
		*list = make([]Party, 0, 3)
	}
	other := false
	for i := range *list {
		other = other || (*list)[i].Role == p.Role
	}
	*list = append(*list, p)
	r.party = partyCursor{len(*list), !other && p.Role != ""}
	r.markParty(&p)
}

func (r *Reader) address(p *Party) {
	s := r.seg
	name, _ := r.joined("", false, 4, 0, lineWidth)
	if n := s.Components(4); n == 6 { // the last is a format code, element 3045
		name = strings.TrimSuffix(name, s.Value(4, 5))
	}
	p.Name = strings.TrimSpace(name)
	p.Address = r.street()
	p.City, p.Region, p.Postcode, p.Country = r.value(6, 0), first(r.value(7, 3), r.value(7, 0)), r.value(8, 0), r.value(9, 0)
	n := s.Components(3)
	if n == 0 || p.Name != "" && p.Address != "" {
		return
	}
	lines := make([]string, 0, 5)
	for c := range n {
		if v := r.value(3, c); v != "" && v != "-" {
			lines = append(lines, v)
		}
	}
	if p.Name == "" && len(lines) > 0 {
		p.Name, lines = lines[0], lines[1:]
	}
	if p.Address == "" {
		p.Address = strings.Join(lines, ", ")
	}
	if last := len(lines) - 1; p.City == "" && last >= 1 && cityLike(lines[last]) {
		p.City = lines[last]
	}
}

// street joins the lines of C059: one that fills its width goes on in the next.
func (r *Reader) street() string {
	s := r.seg
	n := s.Components(5)
	if n <= 1 {
		return r.value(5, 0)
	}
	var b strings.Builder
	full := true
	for c := range n {
		v := s.Value(5, c)
		if strings.TrimSpace(v) == "" {
			continue
		}
		if !full {
			b.WriteString(", ")
		}
		b.WriteString(v)
		full = r.full(5, c, lineWidth)
	}
	return strings.TrimSpace(b.String())
}

// cityLike reports whether the last line of an address can be a city: no digits, no
// address of its own.
func cityLike(s string) bool {
	return len(s) >= 2 && len(s) <= lineWidth && !strings.ContainsAny(s, "0123456789@:")
}

// carrier takes NAD+CA.
func (r *Reader) carrier(p *Party) {
	c := &r.m.Carrier
	if r.bill != nil {
		c = &r.bill.Carrier
	}
	if p.ID != "" {
		c.Code = p.ID
		r.mark("carrier.code")
	}
	if p.Name != "" {
		c.Name = p.Name
		r.mark("carrier.name")
	}
	if p.Address != "" {
		c.Address = p.Address
		r.mark("carrier.address")
	}
}

func (r *Reader) markParty(p *Party) {
	if !r.party.first {
		return
	}
	paths := partyPaths[p.Role]
	for i, v := range [...]string{p.ID, p.Name, p.Address, p.City, p.Country, p.Phone, p.Email} {
		if v != "" {
			r.mark(paths[i])
		}
	}
}

// last returns the party at hand, or nil.
func (r *Reader) last() *Party {
	list := r.m.Parties
	if r.bill != nil {
		list = r.bill.Parties
	}
	if r.party.index == 0 || r.party.index > len(list) {
		return nil
	}
	return &list[r.party.index-1]
}

// contact reads CTA.
func (r *Reader) contact() {
	if p := r.last(); p != nil && p.Contact == "" {
		p.Contact = first(r.value(2, 1), r.value(2, 0))
	}
}

// communication reads COM: up to three numbers with their kind, element 3155.
func (r *Reader) communication() {
	p := r.last()
	if p == nil {
		return
	}
	for e := 1; e <= 3; e++ {
		value := r.value(e, 0)
		if value == "" {
			continue
		}
		field := 0
		switch kind := r.value(e, 1); {
		case kind == "EM" || strings.Contains(value, "@"):
			p.Email, field = value, emailPath
		case kind == "TE" || kind == "AL" || kind == "MP":
			p.Phone, field = value, phonePath
		default:
			continue
		}
		if r.party.first {
			r.mark(partyPaths[p.Role][field])
		}
	}
}
