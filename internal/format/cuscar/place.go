package cuscar

import (
	"slices"

	"tidewaiter/internal/format/edifact"
)

// location reads LOC. 27 is the country of origin, 14 and its like where the goods lie.
func (r *Reader) location() {
	q, code, name := r.value(1, 0), r.value(2, 0), r.value(2, 3)
	r.place = nil
	if code == "" && name == "" {
		return
	}
	switch {
	case q == "27":
		r.origin(code)
		return
	case locationRoles[q] && r.bill != nil:
		r.bill.Location = first(code, name)
		r.mark("location")
		return
	}
	role, ok := placeRoles[q]
	if !ok || r.level == atEquipment {
		return
	}
	list := &r.m.Places
	if r.bill != nil {
		list = &r.bill.Places
	}
	if len(*list) >= 200 {
		return
	}
	if *list == nil {
		*list = make([]Place, 0, 3)
	}
	*list = append(*list, Place{Role: role, Qualifier: q, Code: code, Name: name, Span: r.span})
	r.place = &(*list)[len(*list)-1]
}

func (r *Reader) origin(code string) {
	switch {
	case r.bill == nil:
	case (r.level == atGoods || r.level == atSplit) && len(r.bill.Goods) > 0:
		i := len(r.bill.Goods) - 1
		r.bill.Goods[i].Origin = code
		r.mark(goodsOriginPath.at(i))
	default:
		r.bill.Origin = code
		r.mark("origin")
	}
}

// date reads DTM by its function, element 2005, and by what it follows.
func (r *Reader) date() {
	q, value, format := r.value(1, 0), r.value(1, 1), r.value(1, 2)
	field := ""
	switch q {
	case "132", "178", "232":
		field = "journey.arrival"
	case "133", "136", "186", "189":
		field = "journey.departure"
	case "137", "182", "95", "171":
		field = "document.issued"
	default:
		return
	}
	if r.level == atEquipment || value == "" {
		return
	}
	t, err := edifact.ParseTime(value, format)
	if err != nil {
		r.bad(field, value, err.Error())
		return
	}
	switch field {
	case "document.issued":
		switch {
		case r.bill != nil && r.bill.Issued.IsZero():
			r.bill.Issued = t
		case r.bill == nil && r.m.Issued.IsZero():
			r.m.Issued = t
			return // of the manifest, not of a transport document
		default:
			return
		}
	case "journey.arrival":
		if r.place != nil {
			r.place.Date, r.place.DateSpan = t, r.span
		}
		if r.bill != nil || !r.m.Arrival.IsZero() {
			return
		}
		r.m.Arrival = t
	default:
		if r.place != nil {
			r.place.Date, r.place.DateSpan = t, r.span
		}
		if r.bill != nil || !r.m.Departure.IsZero() {
			return
		}
		r.m.Departure = t
	}
	r.mark(field)
}

// Route returns the places of the bill in the order of a journey: its own, and the
// manifest's for roles that it does not state itself.
func (b *Bill) Route() []Place {
	places := slices.Clone(b.Places)
	if b.Manifest != nil {
		for _, p := range b.Manifest.Places {
			if !slices.ContainsFunc(b.Places, func(q Place) bool { return q.Role == p.Role }) {
				places = append(places, p)
			}
		}
	}
	slices.SortStableFunc(places, func(a, b Place) int { return roleOrder[a.Role] - roleOrder[b.Role] })
	return places
}

// AllMarks returns the marks of the bill, of what the manifest says for it, and of the
// places in Route.
func (b *Bill) AllMarks() []Mark {
	marks := slices.Clone(b.Marks)
	for _, m := range b.Manifest.Marks {
		if m.Field == "nature" && b.Nature != 0 || m.Field[0] == 'c' && b.Carrier != (Carrier{}) {
			continue
		}
		marks = append(marks, m)
	}
	for i, p := range b.Route() {
		if p.Code != "" {
			marks = append(marks, Mark{placeCodePath.at(i), p.Span})
		}
		if p.Name != "" {
			marks = append(marks, Mark{placeNamePath.at(i), p.Span})
		}
		if !p.Date.IsZero() {
			marks = append(marks, Mark{placeDatePath.at(i), p.DateSpan})
		}
	}
	return marks
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
