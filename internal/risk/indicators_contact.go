package risk

import (
	"slices"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/reference"
)

var partyContacts = []Indicator{
	{ID: "P05", Group: Parties, Weight: 1.5, Family: "contact", Source: "own; documents check 44", Test: sharedAddress,
		Title:   "Address shared with other companies",
		Meaning: "Other consignees or consignors gave the same address. Business centres are innocent; a row of front companies looks the same."},
	{ID: "P06", Group: Parties, Weight: 1.75, Family: "contact", Source: "own; documents check 44", Test: sharedContact,
		Title:   "Phone or e-mail shared with another party",
		Meaning: "Another company gave the same telephone or mailbox. Whoever answers there works for both."},
	{ID: "P09", Group: Parties, Weight: 0.75, Family: "contact", Source: "FATF: single counterparty", Test: related,
		Title:   "Consignor and consignee are related",
		Meaning: "They have one name, address, telephone or mailbox. The price between them is what they like."},
	{ID: "P14", Group: Parties, Weight: 1.25, Family: "contact", Source: "documents check 46; ITU-T E.164", Test: phoneAbroad,
		Title:   "Telephone of another country",
		Meaning: "The party's telephone is not in the country of its address. Ask who answers, and where."},
	{ID: "P15", Group: Parties, Weight: 0.75, Family: "contact", Source: "documents check 45, list of providers", Test: freeMail,
		Title:   "Company with a free mailbox only",
		Meaning: "A company that moves full loads but has no mail domain of its own. Common with small traders, and with companies of paper."},
	{ID: "P16", Group: Parties, Weight: 0.5, Source: "documents check 43", Test: forwarderConsignee,
		Title:   "Forwarder in place of the consignee",
		Meaning: "The one named as receiver handles goods for others, and no other party is named: who the owner is stays unknown."},
	{ID: "P17", Group: Parties, Weight: 1, Family: "detour", Source: "FATF: third-party traders; IMB on switched bills", Test: shipperElsewhere,
		Title:   "Shipper in another country than the goods",
		Meaning: "The consignor is neither where the goods were loaded nor where they are from. Traders work like this; so does a bill of lading that was switched to hide the first shipper."},
	{ID: "P18", Group: Parties, Weight: 1.25, Family: "front", Source: "EU ICS2: identification number of the consignee; FATF on companies without registration", Test: unregistered,
		Title:   "Consignee without a tax number",
		Meaning: "Most consignees here are stated with their tax or registration number, this one is not. Whoever is not registered cannot be asked later."},
}

// others counts the other companies that a trace was seen with. Another spelling of
// the party's own name is none, nor is another name under its tax number.
func (v *View) others(s *seen, self *partyView) (n int, name, document string) {
	if s.trace == nil || len(s.trace.Refs) == 0 {
		return 0, "", ""
	}
	s.refs(func(r *Ref) bool {
		if r.Who != 0 && r.Who != v.consignee.key && r.Who != v.consignor.key && !self.is(r.Who, r.What, r.Name) {
			n++
			if name == "" {
				name, document = r.Name, r.Document
			}
		}
		return true
	})
	return n, name, document
}

// is reports whether the party goes by the key, the tax number or the name.
func (p *partyView) is(key, id Key, name string) bool {
	if p.p == nil || p.key == 0 {
		return false
	}
	if key == p.key || id != 0 && id == p.id {
		return true
	}
	if len(p.words) == 0 {
		p.words = slices.Grow(p.words, maxNameWords)
		p.words = nameWords(p.words[:0:maxNameWords], p.p.Name)
	}
	var buf [maxNameWords]nameWord
	return sameWords(nameWords(buf[:0], name), p.words)
}

// strange says how little we know of a party: what a stranger does means more than
// what a customer of many consignments has always done.
func (v *View) strange(s *seen) float64 {
	switch {
	case v.maturity == 0:
		return 0.75
	case s.n <= 2:
		return 1
	case s.n <= 7:
		return 0.6
	default:
		return 0.3
	}
}

func sharedAddress(v *View) Hit {
	type side struct {
		p    *partyView
		s    *seen
		role cargo.PartyRole
	}
	for _, x := range [...]side{{&v.consignee, &v.history.consigneeAddress, cargo.Consignee}, {&v.consignor, &v.history.consignorAddress, cargo.Consignor}} {
		n, name, document := v.others(x.s, x.p)
		if n == 0 || x.p.forwarder {
			continue
		}
		strength := [...]float64{0, 0.5, 0.8, 1, 1.25, 1.25}[min(n, 5)]
		if x.role == cargo.Consignor {
			strength *= 0.7 * v.strange(&v.history.consignor)
		} else {
			strength *= v.strange(&v.history.consignee)
		}
		return hit(strength, evidence(cargo.PartyField(x.role, "address"), x.p.p.Address, "shared", name, document, decimal(float64(n))))
	}
	return none
}

func sharedContact(v *View) Hit {
	h := &v.history
	type side struct {
		p     *partyView
		s     *seen
		role  cargo.PartyRole
		field string
	}
	best := none
	for _, x := range [...]side{{&v.consignee, &h.consigneePhone, cargo.Consignee, "phone"}, {&v.consignee, &h.consigneeEmail, cargo.Consignee, "email"},
		{&v.consignor, &h.consignorPhone, cargo.Consignor, "phone"}, {&v.consignor, &h.consignorEmail, cargo.Consignor, "email"}} {
		n, name, document := v.others(x.s, x.p)
		if n == 0 || x.p.forwarder {
			continue
		}
		strength := [...]float64{0, 0.75, 1.1, 1.25, 1.25, 1.25}[min(n, 5)]
		if x.role == cargo.Consignor {
			strength *= 0.7 * v.strange(&h.consignor)
		} else {
			strength *= v.strange(&h.consignee)
		}
		if strength > best.Strength {
			value := x.p.p.Phone
			if x.field == "email" {
				value = x.p.p.Email
			}
			best = hit(strength, evidence(cargo.PartyField(x.role, x.field), value, "shared", name, document, decimal(float64(n))))
		}
	}
	return best
}

func related(v *View) Hit {
	a, b := &v.consignor, &v.consignee
	if !a.named() || !b.named() {
		return none
	}
	field := func(name string) string { return cargo.PartyField(cargo.Consignee, name) }
	switch {
	case a.phone != 0 && a.phone == b.phone:
		return hit(1, evidence(field("phone"), b.p.Phone, "same-as-consignor"))
	case a.email != 0 && a.email == b.email:
		return hit(1, evidence(field("email"), b.p.Email, "same-as-consignor"))
	case a.address != 0 && a.address == b.address:
		return hit(1, evidence(field("address"), b.p.Address, "same-as-consignor"))
	case a.key == b.key:
		return hit(0.5, evidence(field("name"), b.p.Name, "same-as-consignor"))
	}
	return none
}

func phoneAbroad(v *View) Hit {
	for _, p := range [...]*partyView{&v.consignee, &v.consignor} {
		if p.p == nil {
			continue
		}
		digits, ok := strings.CutPrefix(strings.TrimSpace(p.p.Phone), "+")
		if !ok {
			if digits, ok = strings.CutPrefix(strings.TrimSpace(p.p.Phone), "00"); !ok {
				continue
			}
		}
		code := reference.Country(p.p.Country).CallingCode()
		if code == "" || startsWithDigits(digits, code) || len(digits) < 8 {
			continue
		}
		return hit(1, evidence(cargo.PartyField(p.p.Role, "phone"), p.p.Phone, "calling-code", p.p.Country, code))
	}
	return none
}

// startsWithDigits compares only the digits of s with the code.
func startsWithDigits(s, code string) bool {
	k := 0
	for i := 0; i < len(s) && k < len(code); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			if s[i] != code[k] {
				return false
			}
			k++
		}
	}
	return k == len(code)
}

func freeMail(v *View) Hit {
	if v.gross < 5000 && v.value < 50000 && len(v.boxes) == 0 {
		return none
	}
	for _, p := range [...]*partyView{&v.consignee, &v.consignor} {
		if p.named() && p.domain != "" && v.t.freeMail[p.domain] {
			strength := v.strange(&v.history.consignee)
			if p == &v.consignor {
				strength = 0.75 * v.strange(&v.history.consignor)
			}
			return hit(strength, evidence(cargo.PartyField(p.p.Role, "email"), p.p.Email, "free-mail", p.domain))
		}
	}
	return none
}

func forwarderConsignee(v *View) Hit {
	p := &v.consignee
	if !p.named() || !p.forwarder || v.C.Document.Kind == cargo.DocumentMaster || v.C.Document.Consolidated {
		return none
	}
	if v.notify.named() && v.notify.key != p.key && !v.notify.forwarder {
		return none
	}
	return hit(1, evidence(cargo.PartyField(cargo.Consignee, "name"), p.p.Name, "forwarder"))
}

func shipperElsewhere(v *View) Hit {
	p := &v.consignor
	if !p.named() || p.p.Country == "" || v.load == nil || v.load.country == "" || p.p.Country == v.load.country {
		return none
	}
	origin := ""
	if g := v.heaviest(); g != nil {
		origin = g.item.Origin
	}
	if origin == p.p.Country || has(europe, p.p.Country) && has(europe, v.load.country) {
		return none
	}
	strength := 0.75
	if origin != "" {
		strength = 1
	}
	if v.history.shipperPort.n >= 3 {
		strength *= 0.3 // this trader has long shipped from there
	}
	return hit(strength, evidence(cargo.PartyField(cargo.Consignor, "country"), p.p.Country, "loaded-in", v.load.country))
}

// identified is 1 when the consignee is stated with its tax number and 0 without, to
// be summed up over the whole traffic; no value where there is no consignee.
func (v *View) identified() int32 {
	switch {
	case !v.consignee.named():
		return noValue
	case v.consignee.id != 0:
		return fixed(1)
	default:
		return fixed(0)
	}
}

func unregistered(v *View) Hit {
	s := v.history.scope.stats[0]
	if !v.consignee.named() || v.consignee.id != 0 || s.N < 100 || s.Mean() < 0.7 {
		return none
	}
	strength := max(0.5, v.strange(&v.history.consignee))
	return hit(strength, evidence(cargo.PartyField(cargo.Consignee, "id"), v.consignee.p.ID, "no-number", rough(100*s.Mean())))
}
