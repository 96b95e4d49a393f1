package simulate

import (
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
)

// company is a firm of the world, with its particulars in both alphabets.
type company struct {
	name, address, city words
	country             string
	taxID, phone, email string
	plate               string  // a haulier's country shape
	careless            float64 // how often its papers are untidy
	boss                words
}

// party states the company in a role, in Cyrillic where asked and known.
func (c *company) party(role cargo.PartyRole, cyrillic bool) cargo.Party {
	p := cargo.Party{
		Role: role, ID: c.taxID, Name: c.name.lat, Address: c.address.lat, City: c.city.lat,
		Country: c.country, Phone: c.phone, Email: c.email,
	}
	if cyrillic {
		p.Name, p.Address, p.City = c.name.cyr, c.address.cyr, c.city.cyr
	}
	return p
}

// registry founds companies and keeps their names apart.
type registry struct {
	atlas  *atlas
	names  map[string]bool
	before map[string]bool // names that the world gave before; never written to
}

func newRegistry(a *atlas) *registry { return &registry{atlas: a, names: map[string]bool{}} }

// after returns a registry that founds companies beside those of r and leaves r as it
// is, so that a period can be made again and comes out the same.
func (r *registry) after() *registry {
	return &registry{atlas: r.atlas, names: map[string]bool{}, before: r.names}
}

var freeMail = map[string][]string{
	"CN": {"163.com", "qq.com", "126.com"}, "RU": {"mail.ru", "yandex.ru"}, "KG": {"mail.ru", "gmail.com", "inbox.ru"},
	"KZ": {"mail.ru", "gmail.com"}, "UZ": {"mail.ru", "gmail.com"}, "": {"gmail.com", "yahoo.com", "hotmail.com"},
}

// found makes a company in the country, in the city when it is one of the country's.
func (r *registry) found(d *dice, code, city string) *company {
	n := r.atlas.countries[code]
	if n == nil {
		n = r.atlas.countries["AE"] // a country we know no names of: represented from Dubai
	}
	c := &company{country: n.code, city: one(d, n.cities), plate: n.plate, boss: one(d, n.style.person)}
	for _, w := range n.cities {
		if w.lat == city {
			c.city = w
		}
	}
	stem := r.rename(d, c, n)
	c.address = r.address(d, n)
	c.taxID = taxNumber(d, n)
	c.phone = phone(d, n)
	c.email = email(d, n, stem)
	c.careless = d.f() * d.f() * 0.3
	if d.chance(0.06) {
		c.phone = ""
	}
	if d.chance(0.25) {
		c.email = ""
	}
	return c
}

// rename composes a name that no other company has, and returns its stem.
func (r *registry) rename(d *dice, c *company, n *country) string {
	for try := 0; ; try++ {
		a, b := one(d, n.style.first), one(d, n.style.second)
		join := " "
		if len(a.lat) <= 5 && len(b.lat) <= 6 && n.code != "EG" && n.code != "KG" {
			join = ""
		}
		stem := words{a.lat + join + b.lat, a.cyr + join + b.cyr}
		if try > 0 { // names run out in big worlds: a third word, then a number
			x := one(d, n.style.first)
			stem = words{x.lat + " " + stem.lat, x.cyr + " " + stem.cyr}
		}
		if try > 2 {
			no := strconv.Itoa(d.n(10_000))
			stem = words{stem.lat + " " + no, stem.cyr + " " + no}
		}
		legal, legalCyr := d.n(len(n.legal)), d.n(len(n.legalCyr))
		lat, cyr := "", ""
		if n.style == r.atlas.styles["kg"] || n.style == r.atlas.styles["ru"] {
			lat = n.legal[legal] + " " + stem.lat
			cyr = n.legalCyr[legalCyr] + " \"" + stem.cyr + "\""
		} else {
			city := ""
			if n.style == r.atlas.styles["zh"] {
				city = strings.ToUpper(c.city.lat) + " "
			}
			lat = city + stem.lat + " " + n.legal[legal]
			cyr = lat
		}
		if key := stem.lat + n.code; !r.names[key] && !r.before[key] {
			r.names[key] = true
			c.name = words{lat, cyr}
			return stem.lat
		}
	}
}

// address writes street and number. Low numbers are commoner, so that some companies
// sit side by side in one house, as in business centres and bazaars.
func (r *registry) address(d *dice, n *country) words {
	s := one(d, n.style.street)
	no := d.pareto(0.6, 280)
	lat := s.lat + " " + strconv.Itoa(int(no))
	cyr := s.cyr + " " + strconv.Itoa(int(no))
	switch {
	case d.chance(0.25):
		office := strconv.Itoa(d.between(1, 60))
		return words{lat + ", OFFICE " + office, cyr + ", ОФИС " + office}
	case d.chance(0.07):
		flat := strconv.Itoa(d.between(1, 90))
		return words{lat + ", APT " + flat, cyr + ", КВ. " + flat}
	}
	return words{lat, cyr}
}

func taxNumber(d *dice, n *country) string {
	s := strconv.Itoa(d.between(1, 9)) + d.digits(n.taxDigits-1)
	if n.code == "CN" {
		s = "91" + d.digits(6) + "MA" + d.letters(1) + d.digits(7)
	}
	return s
}

func phone(d *dice, n *country) string {
	if n.phone == "7" {
		first := "9"
		if n.code == "KZ" {
			first = "7"
		}
		return "+7 " + first + d.digits(2) + " " + d.digits(7)
	}
	return "+" + n.phone + " " + strconv.Itoa(d.between(2, 9)) + d.digits(8)
}

func email(d *dice, n *country, stem string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(stem) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		}
	}
	name := b.String()
	if d.chance(n.freeMail) {
		return name + d.digits(2) + "@" + freeDomain(d, n.code)
	}
	return one(d, []string{"info", "sales", "import", "office", "export"}) + "@" + name + "." + n.tld
}

func freeDomain(d *dice, country string) string {
	list := freeMail[country]
	if list == nil {
		list = freeMail[""]
	}
	return one(d, list)
}

// shape fills a pattern: 9 becomes a digit, A a letter, the rest stands.
func shape(d *dice, pattern string) string {
	b := []byte(pattern)
	for i, c := range b {
		switch c {
		case '9':
			b[i] = byte('0' + d.n(10))
		case 'A':
			b[i] = byte('A' + d.n(26))
		}
	}
	return string(b)
}
