package risk

import (
	"strings"

	"tidewaiter/internal/cargo"
)

// partyView is a party with what is read out of its name and contacts once.
type partyView struct {
	p         *cargo.Party // nil when the document names none
	key       Key          // of the name, 0 when there is none or it is "to order"
	id        Key          // of the tax or registration number, 0 when there is none
	address   Key          // 0 when it is too short to tell places apart
	phone     Key
	email     Key
	domain    string
	toOrder   bool
	forwarder bool
	company   bool
	words     []nameWord // of the name, read when first asked for
	business  []int      // rows of the list of business words
}

// named reports whether the party has a name that is a name.
func (p *partyView) named() bool { return p.p != nil && p.key != 0 }

// addressWords say nothing of where an address is.
var addressWords = newCommonWords("street str st road rd avenue ave no number office of room floor building bldg house city district region " +
	"ulitsa ul ulica dom d kv ofis gorod g pr prospekt oblast raion rayon mikrorayon mkr улица ул дом кв офис город пр проспект область район көчөсү үй шаары")

// view fills the party from the document's.
func (p *partyView) view(v *View, party *cargo.Party) {
	*p = partyView{p: party, business: p.business[:0], words: p.words[:0]}
	if party == nil {
		return
	}
	p.readName(v, party)
	if party.Role == cargo.Consignor || party.Role == cargo.Consignee {
		p.readAddress(v, party) // nobody asks for those of others
		p.readContacts(party)
	}
}

// viewSame fills the party from another of the same name, as a notify party mostly is.
func (p *partyView) viewSame(v *View, party *cargo.Party, as *partyView) {
	if party == nil || as.p == nil || party.Name != as.p.Name || party.ID != as.p.ID {
		p.view(v, party)
		return
	}
	*p = partyView{p: party, key: as.key, id: as.id, toOrder: as.toOrder, forwarder: as.forwarder, company: as.company,
		business: p.business[:0], words: p.words[:0]}
}

func (p *partyView) readName(v *View, party *cargo.Party) {
	name := party.Name
	if strings.TrimSpace(name) == "" {
		return
	}
	v.scratch = tokenize(v.scratch[:0], name, &v.t.names.stems)
	v.named = v.t.names.find(v.named[:0], v.scratch, 0)
	for _, m := range v.named {
		switch m.term {
		case termToOrder:
			p.toOrder = p.toOrder || m.start == v.scratch[0].start && (m.words > 1 || len(v.scratch) <= 2)
		case termForwarder:
			p.forwarder = true
		case termCompany:
			p.company = true
		case termBusiness:
			p.business = append(p.business, m.row)
		}
	}
	if p.toOrder {
		return
	}
	p.key = nameKey(name)
	if n := len(party.ID); n >= 6 && n <= 35 {
		p.id = Key(textHash(party.ID))
	}
}

// readAddress makes a key of a street with a house number and the city: a bare city is
// shared by everyone in it, and every city has a Main Street 4.
func (p *partyView) readAddress(v *View, party *cargo.Party) {
	v.scratch = tokenize(v.scratch[:0], party.Address, nil)
	h, words, numbers := uint64(fnvOffset), 0, 0
	for _, w := range v.scratch {
		if addressWords.has(w.hash) {
			continue
		}
		h = finish(h ^ w.hash)
		words++
		if hasDigit(party.Address[w.start:w.end]) {
			numbers++
		}
	}
	city := uint64(nameKey(party.City))
	if city != 0 {
		words++
	}
	if words >= 3 && numbers >= 1 {
		p.address = Key(finish(h ^ city))
	}
}

func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			return true
		}
	}
	return false
}

// readContacts keys a phone by its last nine digits, so that +996 and 0 before a
// number make no difference, and an e-mail address by its letters.
func (p *partyView) readContacts(party *cargo.Party) {
	var digits [32]byte
	n := 0
	for i := 0; i < len(party.Phone) && n < len(digits); i++ {
		if c := party.Phone[i]; c >= '0' && c <= '9' {
			digits[n] = c
			n++
		}
	}
	if n >= 7 && !repeated(digits[:n]) {
		h := uint64(fnvOffset)
		for _, c := range digits[max(0, n-9):n] {
			h = step(h, c)
		}
		p.phone = Key(finish(h))
	}
	mail := strings.TrimSpace(party.Email)
	if at := strings.LastIndexByte(mail, '@'); at > 0 && at < len(mail)-1 && len(mail) < 100 {
		p.domain = strings.ToLower(mail[at+1:])
		h := uint64(fnvOffset)
		for i := range len(mail) {
			h = step(h, lower(mail[i]))
		}
		p.email = Key(finish(h))
	}
}

// repeated reports whether the digits are one digit over and over: a placeholder.
func repeated(digits []byte) bool {
	for _, c := range digits[len(digits)/2:] {
		if c != digits[len(digits)-1] {
			return false
		}
	}
	return true
}
