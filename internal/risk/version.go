package risk

import (
	"math"
)

// snapshot keeps of the consignment what an amendment may change and an officer
// wants to know of.
func (v *View) snapshot() Version {
	s := Version{Number: v.C.Version, Received: v.C.Received.UTC(), At: v.At, Consignor: v.consignor.key,
		Consignee: v.consignee.key, Notify: v.notify.key, Voyage: Key(textHash(v.C.Journey.Voyage)), Mass: v.gross}
	if !s.Received.IsZero() {
		s.Received = s.Received.Truncate(1e9)
	}
	to := first(v.destination, v.unload)
	if to != nil {
		s.Destination, s.PlaceText = to.key, clip(orElse(to.place.Code, to.place.Name), 35)
	}
	var boxes, seals uint64
	for i := range v.boxes {
		box := textHash(v.boxes[i].box.Number)
		boxes += box // a sum, because their order does not matter
		for _, seal := range v.boxes[i].box.Seals {
			if !v.placeholder(seal.Number) {
				seals += finish(box ^ textHash(seal.Number))
				if s.SealText == "" {
					s.SealText = clip(seal.Number, 35)
				}
			}
		}
	}
	s.Containers, s.Seals = Key(boxes), Key(seals)
	if v.consignee.p != nil {
		s.PartyText = clip(v.consignee.p.Name, 40)
	}
	h := uint64(fnvOffset)
	for _, k := range [...]Key{s.Consignor, s.Consignee, s.Notify, s.Destination, s.Containers, s.Seals, s.Voyage, Key(math.Float64bits(s.Mass)), v.goodsHash()} {
		h = finish(h ^ uint64(k))
	}
	s.Content = Key(h)
	return s
}

func (v *View) goodsHash() Key {
	h := uint64(fnvOffset)
	for i := range v.goods {
		g := v.goods[i].item
		h = finish(h ^ textHash(g.Description) ^ uint64(g.Packages)<<32 ^ textHash(g.HS)*3)
	}
	return Key(h)
}

// earlierVersion finds the version of the document before this one, and counts those
// before it. A version is another one when its content differs.
func (v *View) earlierVersion() {
	if v.own == nil {
		return
	}
	for i := range v.own.Versions {
		o := &v.own.Versions[i]
		if o.Content != v.version.Content && o.Number <= v.version.Number {
			v.history.earlier = o
			v.history.versions = min(v.history.versions+1, maxVersions-1)
		}
	}
}

// again reports whether the earlier version is rather another consignment under the
// same number: its voyage differs and so do its parties, or weeks lie between.
func (v *View) again() bool {
	o, n := v.history.earlier, &v.version
	if o == nil {
		return false
	}
	parties := o.Consignor != n.Consignor && o.Consignee != n.Consignee
	boxes := o.Containers != n.Containers
	voyage := o.Voyage != n.Voyage && o.Voyage != 0 && n.Voyage != 0
	far := !o.At.IsZero() && !n.At.IsZero() && n.At.Sub(o.At).Abs().Hours() > 24*30
	return parties && boxes && (voyage || far)
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
