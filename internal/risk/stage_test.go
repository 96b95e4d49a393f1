package risk

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tidewaiter/internal/cargo"
)

// stage is one consignment with the unit's past, to be spoilt by a case.
type stage struct {
	t *testing.T
	e *Engine
	m *Memory
	c *cargo.Consignment
}

// before observes a variant of the consignment as it came some days earlier.
func (s *stage) before(days float64, number string, change func(c *cargo.Consignment)) {
	c := innocent()
	c.Document.Number = number
	shift := time.Duration(-days * 24 * float64(time.Hour))
	c.Journey.Arrival, c.Journey.Departure, c.Received = c.Journey.Arrival.Add(shift), c.Journey.Departure.Add(shift), c.Received.Add(shift)
	c.Document.Issued = c.Document.Issued.Add(shift)
	n := int(textHash(number) % 900000)
	c.Equipment[0].Number, c.Equipment[0].Seals[0].Number = boxNumber(n), fmt.Sprintf("FX%07d", n+100000)
	c.Goods[0].GrossMass += float64(n%97) / 8
	if change != nil {
		change(c)
	}
	s.e.Observe(c, s.m)
}

// grown fills the memory with two months of other trade.
func (s *stage) grown() {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 700 {
		c := trade(r, 200000+i)
		at := day0.AddDate(0, 0, -60).Add(time.Duration(i) * 2 * time.Hour)
		c.Journey.Arrival, c.Journey.Departure, c.Received = at, at.AddDate(0, 0, -12), at.AddDate(0, 0, -2)
		s.e.Observe(c, s.m)
	}
}

// registered is a past in which consignees are stated with their tax numbers.
func (s *stage) registered() {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 300 {
		c := trade(r, 300000+i)
		c.Party(cargo.Consignee).ID = fmt.Sprintf("%d", 200000000+r.IntN(400))
		at := day0.AddDate(0, 0, -60).Add(time.Duration(i) * 4 * time.Hour)
		c.Journey.Arrival, c.Journey.Departure, c.Received = at, at.AddDate(0, 0, -12), at.AddDate(0, 0, -2)
		s.e.Observe(c, s.m)
	}
}

func (s *stage) amend(change func(c *cargo.Consignment)) {
	s.e.Observe(s.c, s.m)
	s.c.Version, s.c.Received = 2, s.c.Journey.Departure.AddDate(0, 0, 3)
	change(s.c)
}

func (s *stage) goods() *cargo.GoodsItem { return &s.c.Goods[0] }
func (s *stage) box() *cargo.Equipment   { return &s.c.Equipment[0] }
func (s *stage) consignee() *cargo.Party { return s.c.Party(cargo.Consignee) }
func (s *stage) consignor() *cargo.Party { return s.c.Party(cargo.Consignor) }
func (s *stage) via(code string)         { s.insert(cargo.Place{Role: cargo.PlaceTransit, Code: code}) }
func (s *stage) load(code string)        { s.c.Journey.Places[0].Code = code }
func (s *stage) insert(p cargo.Place) {
	old := s.c.Journey.Places
	s.c.Journey.Places = append(append(append([]cargo.Place{}, old[:len(old)-1]...), p), old[len(old)-1])
}

func (s *stage) is(description, hs, origin string) {
	g := s.goods()
	g.Description, g.HS, g.Origin, g.Value = description, hs, origin, cargo.Money{}
}

func shareMass(kg float64) func(*cargo.Consignment) {
	return func(c *cargo.Consignment) { c.Goods[0].GrossMass = kg }
}

func other(name string) func(*cargo.Consignment) {
	return func(c *cargo.Consignment) {
		for i := range c.Parties {
			c.Parties[i].Name = name + " " + string(c.Parties[i].Role)
		}
	}
}

var regular = func(s *stage) {
	for i := range 7 {
		s.before(float64(5*i+5), fmt.Sprintf("MEDU555000%d", i), nil)
	}
}

// voluminous is a regular trade whose volume is stated.
var voluminous = func(s *stage) {
	for i := range 6 {
		s.before(float64(5*i+5), fmt.Sprintf("MEDU555000%d", i), func(c *cargo.Consignment) { c.Goods[0].Volume = 36 + float64(i)/10 })
	}
}
