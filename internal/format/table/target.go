package table

// Kind is what the text of a column is read as.
type Kind string

// Kinds of value.
const (
	Text   Kind = "text"
	List   Kind = "list"   // several texts in one cell
	Count  Kind = "count"  // whole number, not negative
	Number Kind = "number" // may be negative
	Mass   Kind = "mass"   // kg
	Volume Kind = "volume" // m³
	Amount Kind = "amount" // of money
	Date   Kind = "date"
	Flag   Kind = "flag" // yes or no
)

// Target is a field that a column can become. Its ID is stable: mappings are stored.
type Target struct {
	ID   string
	Path string // of the consignment's field; {g}, {e}, {s}: index of goods item, container, seal
	Kind Kind
}

// Targets is the vocabulary, in the order in which a page shows it.
var Targets = []Target{
	{"document_number", "document.number", Text},
	{"document_kind", "document.kind", Text},
	{"document_date", "document.issued", Date},
	{"line", "document.line", Text},
	{"master_document", "document.master", Text},
	{"mode", "transport.mode", Text},
	{"nature", "nature", Text},
	{"carrier_code", "carrier.code", Text},
	{"carrier_name", "carrier.name", Text},
	{"voyage", "journey.voyage", Text},
	{"means_id", "transport.id", Text},
	{"means_name", "transport.name", Text},
	{"means_nationality", "transport.nationality", Text},
	{"means_master", "transport.master", Text},
	{"place_origin", "journey.places[origin]", Text},
	{"place_loading", "journey.places[loading]", Text},
	{"place_transit", "journey.places[transit]", List},
	{"place_unloading", "journey.places[unloading]", Text},
	{"place_delivery", "journey.places[delivery]", Text},
	{"place_destination", "journey.places[destination]", Text},
	{"place_office", "journey.places[office]", Text},
	{"departure", "journey.departure", Date},
	{"arrival", "journey.arrival", Date},
	{"consignor_id", "parties[consignor].id", Text},
	{"consignor_name", "parties[consignor].name", Text},
	{"consignor_address", "parties[consignor].address", Text},
	{"consignor_city", "parties[consignor].city", Text},
	{"consignor_country", "parties[consignor].country", Text},
	{"consignor_phone", "parties[consignor].phone", Text},
	{"consignor_email", "parties[consignor].email", Text},
	{"consignee_id", "parties[consignee].id", Text},
	{"consignee_name", "parties[consignee].name", Text},
	{"consignee_address", "parties[consignee].address", Text},
	{"consignee_city", "parties[consignee].city", Text},
	{"consignee_country", "parties[consignee].country", Text},
	{"consignee_phone", "parties[consignee].phone", Text},
	{"consignee_email", "parties[consignee].email", Text},
	{"notify_id", "parties[notify].id", Text},
	{"notify_name", "parties[notify].name", Text},
	{"notify_address", "parties[notify].address", Text},
	{"notify_city", "parties[notify].city", Text},
	{"notify_country", "parties[notify].country", Text},
	{"notify_phone", "parties[notify].phone", Text},
	{"notify_email", "parties[notify].email", Text},
	{"agent_id", "parties[agent].id", Text},
	{"agent_name", "parties[agent].name", Text},
	{"goods_description", "goods[{g}].description", Text},
	{"hs", "goods[{g}].hs", Text},
	{"origin", "goods[{g}].origin", Text},
	{"packages", "goods[{g}].packages", Count},
	{"package_type", "goods[{g}].package_type", Text},
	{"gross_mass", "goods[{g}].gross_mass", Mass},
	{"net_mass", "goods[{g}].net_mass", Mass},
	{"volume", "goods[{g}].volume", Volume},
	{"value", "goods[{g}].value", Amount},
	{"currency", "goods[{g}].value.currency", Text},
	{"dg", "goods[{g}].dg", Text},
	{"marks", "goods[{g}].marks", Text},
	{"container", "equipment[{e}].number", List},
	{"size_type", "equipment[{e}].size_type", Text},
	{"fullness", "equipment[{e}].fullness", Text},
	{"shipper_owned", "equipment[{e}].shipper_owned", Flag},
	{"seal", "equipment[{e}].seals[{s}].number", List},
	{"seal_party", "equipment[{e}].seals[{s}].party", Text},
	{"temperature", "equipment[{e}].temperature", Number},
	{"tare", "equipment[{e}].tare", Mass},
	{"verified_gross", "equipment[{e}].verified_gross", Mass},
	{"freight", "charges.freight", Amount},
	{"freight_currency", "charges.freight.currency", Text},
	{"insurance", "charges.insurance", Amount},
	{"payment", "charges.payment", Text},
	{"location", "location", Text},
	{"remarks", "remarks", Text},
}

var targets = func() map[string]Target {
	m := make(map[string]Target, len(Targets))
	for _, t := range Targets {
		m[t.ID] = t
	}
	return m
}()

// TargetOf returns the target with the id.
func TargetOf(id string) (Target, bool) {
	t, ok := targets[id]
	return t, ok
}
