package risk

import (
	"strings"

	"tidewaiter/internal/cargo"
)

// partyView is a party with what is read out of its name and contacts once.
type partyView struct {
	p         *cargo.Party // nil when the document names none
	key       Key          // of the name, 0 when there is none or it is "to order"
	address   Key          // 0 when it is too short to tell places apart
	phone     Key
	email     Key
	domain    string
	toOrder   bool
	forwarder bool
	company   bool
	business  []int // rows of the list of business words
}

// named reports whether the party has a name that is a name.
func (p *partyView) named() bool { return p.p != nil && p.key != 0 }

// companyForms are left out of the key of a name, since the same company is written
// with and without its legal form, before or behind, in Latin or in Cyrillic.
var companyForms = newCommonWords("ltd limited llc inc corp corporation company co gmbh ag kg sa sae sarl spa srl bv nv ab oy as plc llp " +
	"jsc ojsc cjsc pte pty pvt sdn bhd kft sro doo ooo oao zao pao ao tov too osoo ocoo ip fze fzco fzc est ooo jchk zhchk achk the and " +
	"ООО ОАО ЗАО ПАО АО ТОО ОсОО ЖЧК ААК ИП")

// addressWords say nothing of where an address is.
var addressWords = newCommonWords("street str st road rd avenue ave no number office of room floor building bldg house city district region " +
	"ulitsa ul ulica dom d kv ofis gorod g pr prospekt oblast raion rayon mikrorayon mkr улица ул дом кв офис город пр проспект область район көчөсү үй шаары")

// view fills the party from the document's.
func (p *partyView) view(v *View, party *cargo.Party) {
	*p = partyView{p: party, business: p.business[:0]}
	if party == nil {
		return
	}
	p.readName(v, party.Name)
	p.readAddress(v, party)
	p.readContacts(party)
}

func (p *partyView) readName(v *View, name string) {
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
	v.scratch = tokenize(v.scratch[:0], name, nil)
	p.key = nameKey(name, v.scratch)
}

// nameKey hashes the words of a name without legal forms; 0 when none is left.
func nameKey(name string, words []token) Key {
	h, n := uint64(fnvOffset), 0
	for i := 0; i < len(words); {
		w, next := initials(name, words, i)
		i = next
		if !companyForms.has(w) {
			h = finish(h ^ w)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return Key(h)
}

// initials returns the hash of the word at i, or of the letters of an abbreviation
// that is written apart, such as S.A.E., and the position behind it.
func initials(name string, words []token, i int) (hash uint64, next int) {
	k, h := i, uint64(fnvOffset)
	for k < len(words) && words[k].end-words[k].start == 1 && (k == i || words[k].start-words[k-1].end <= 2) {
		h = step(h, lower(name[words[k].start]))
		k++
	}
	if k-i < 2 {
		return words[i].hash, i + 1
	}
	return finish(h), k
}

// readAddress makes a key of an address with a house number and two more words:
// a bare city is shared by everyone in it.
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
	if words >= 3 && numbers >= 1 {
		p.address = Key(h)
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
