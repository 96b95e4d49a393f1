package cargo

import "strconv"

// A field path names one field of a consignment, for evidence, marks in the raw
// message, quarantine and differences. It is the JSON path with the list's index in
// brackets, and a party by its role: "document.number", "goods[0].gross_mass",
// "parties[consignee].address", "equipment[1].number", "equipment[1].seals[0].number",
// "journey.places[2].code", "charges.freight", "totals.gross_mass".

// GoodsField returns the path of a field of the goods item i, counted from 0.
func GoodsField(i int, name string) string { return "goods[" + strconv.Itoa(i) + "]." + name }

// EquipmentField returns the path of a field of the equipment i, counted from 0.
func EquipmentField(i int, name string) string { return "equipment[" + strconv.Itoa(i) + "]." + name }

// PlaceField returns the path of a field of the journey's place i, counted from 0.
func PlaceField(i int, name string) string { return "journey.places[" + strconv.Itoa(i) + "]." + name }

// PartyField returns the path of a field of the first party of the role.
func PartyField(role PartyRole, name string) string { return "parties[" + string(role) + "]." + name }
