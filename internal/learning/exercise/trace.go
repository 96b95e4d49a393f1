package exercise

import (
	"regexp"
	"strings"
)

// Trace is one sign that a scheme, or an innocent look-alike, left in the papers.
type Trace struct {
	ID     string   // of the message that says it; empty for one that nobody knows
	Args   []string // what stands in it; of an unknown one the text
	Fields []string // where it stands, as field paths without indexes
}

// Where traces stand. Fields are those of package cargo without their indexes; "parties" is
// all that is said of a party.
var traceFields = map[string][]string{
	// Seals and containers.
	"seal-missing":                               {"equipment.seals"},
	"seal-not-of-the-line-s-series":              {"equipment.seals"},
	"seal-number-already-on-another-container":   {"equipment.seals"},
	"seal-changed-by-a-late-amendment":           {"equipment.seals"},
	"resealed-by-customs-on-record":              {"equipment.seals", "remarks"},
	"verified-mass-above-goods-and-tare":         {"equipment.verified_gross"},
	"pallets-on-the-scale":                       {"equipment.verified_gross", "remarks"},
	"reefer-switched-off":                        {"equipment.temperature"},
	"owner-unknown":                              {"equipment.number"},
	"check-digit-wrong":                          {"equipment.number"},
	"typing-error":                               {"equipment.number"},
	"amended":                                    {"equipment.number"},
	"said-to-be-the-shipper-s-own":               {"equipment.shipper_owned"},
	"tare-of-another-kind-of-box":                {"equipment.tare"},
	"one-transhipment-more-than-the-service-has": {"journey.places"},
	"hub-of-the-service":                         {"journey.places"},
	"hub-of-the-service-network":                 {"journey.places", "remarks"},
	"much-longer-on-the-way":                     {"journey.departure", "journey.arrival"},
	"a-detour":                                   {"journey.places"},
	"by-way-of-a-free-zone":                      {"journey.places"},
	"by-way-of":                                  {"journey.places"},
	"on-to-russia":                               {"journey.places", "nature"},
	"declared":                                   {"goods.gross_mass"},
	"text-tells-the-true-mass":                   {"goods.description"},
	"total-tells-the-true-mass":                  {"totals.gross_mass"},
	"packages-fewer-as-well":                     {"goods.packages"},
	"round-mass":                                 {"goods.gross_mass"},
	"net-mass-above-gross":                       {"goods.net_mass"},
	"a-smaller-package":                          {"goods.packages", "goods.description"},
	"vague-goods":                                {"goods.description"},
	"named-as-something-harmless":                {"goods.description", "goods.hs"},
	"dangerous-goods-not-declared":               {"goods.dg"},
	"worded-as-parts":                            {"goods.description"},
	"a-catch-all-heading":                        {"goods.hs"},
	"made-elsewhere-than-shipped":                {"goods.origin"},
	"made-elsewhere-than-loaded":                 {"goods.origin", "journey.places"},
	"brand-named":                                {"goods.description"},
	"goods-of-many-chapters-together":            {"goods.description", "goods.hs"},
	"no-marks":                                   {"goods.marks"},
	"cheap-goods-without-a-brand":                {"goods.description", "goods.value"},
	"far-above-the-usual-price":                  {"goods.value", "charges.customs"},
	"far-below-the-usual-price":                  {"goods.value", "charges.customs"},
	"below-the-usual-price":                      {"goods.value", "charges.customs"},
	"goods-worth-little":                         {"goods.value", "charges.customs"},
	"freight-high-against-the-value":             {"charges.freight"},
	"buyer-never-seen":                           {"parties"},
	"buyer-never-seen-a-large-first-order":       {"parties", "goods.gross_mass"},
	"a-new-company-s-honest-first-order":         {"parties"},
	"seller-never-seen":                          {"parties"},
	"importer-silent-since-long":                 {"parties"},
	"returns-for-the-season":                     {"parties"},
	"free-mailbox":                               {"parties.email"},
	"seller-with-a-free-mailbox":                 {"parties.email"},
	"other-phone-and-mailbox-than-before":        {"parties.phone", "parties.email"},
	"phone-of-another-company":                   {"parties.phone"},
	"phone-of-another-country":                   {"parties.phone"},
	"buyer-s-phone-is-russian":                   {"parties.phone"},
	"notify-party-in-russia":                     {"parties"},
	"the-forwarder-is-the-consignee":             {"parties"},
	"another-agent":                              {"parties"},
	"no-tax-number":                              {"parties.id"},
	"address-of-many-companies":                  {"parties.address"},
	"address-is-a-flat":                          {"parties.address"},
	"other-address-than-before":                  {"parties.address"},
	"shipper-in-a-third-country":                 {"parties"},
	"to-order":                                   {"parties"},
	"consignee-changed-by-a-late-amendment":      {"parties"},
	"known-distributor-bought-by-way-of-a-hub":   {"parties", "goods.description"},
	"authorised-distributor":                     {"parties", "remarks"},
	"licensed-end-user":                          {"remarks"},
	"sold-by-a-trading-house-origin-stated":      {"parties", "goods.origin"},
	"number-not-in-the-carrier-s-shape":          {"document.number"},
	"issued-after-departure":                     {"document.issued"},
	"house-bill-without-a-master":                {"document.master", "document.kind"},
	"the-remark-says-so":                         {"remarks"},
	"one-shipment-on-several-bills":              {"goods.gross_mass", "parties"},
	"each-worth-just-under-10-000":               {"goods.value", "charges.customs"},
	"buyers-of-several-names-at-one-address":     {"parties"},
	"one-order-on-several-full-loads":            {"parties"},
}

// Patterns of traces that hold figures or names.
var (
	declaredMass = regexp.MustCompile(`^declared (\S+) kg of (\S+)$`)
	byWayOf      = regexp.MustCompile(`^by way of (.+)$`)
	notLetters   = regexp.MustCompile(`[^a-z0-9]+`)
)

// Traces takes apart the note of a truth: signs with "; " between them.
func Traces(note string) (out []Trace) {
	for _, text := range strings.Split(note, "; ") {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, traceOf(text))
		}
	}
	return out
}

func traceOf(text string) Trace {
	id := strings.Trim(notLetters.ReplaceAllString(strings.ToLower(text), "-"), "-")
	t := Trace{ID: id}
	if _, known := traceFields[id]; !known {
		if m := declaredMass.FindStringSubmatch(text); m != nil {
			t.ID, t.Args = "declared", m[1:]
		} else if m := byWayOf.FindStringSubmatch(text); m != nil {
			t.ID, t.Args = "by-way-of", m[1:]
		} else {
			return Trace{Args: []string{text}}
		}
	}
	t.Fields = traceFields[t.ID]
	return t
}

// TraceIDs returns the ids of all traces, for the check that each language can say them.
func TraceIDs() (ids []string) {
	for id := range traceFields {
		ids = append(ids, id)
	}
	return ids
}

// Fields are those that a learner can give as a reason, without their indexes.
var Fields = []string{
	"equipment.seals", "equipment.number", "equipment.verified_gross", "equipment.tare", "equipment.temperature", "equipment.shipper_owned",
	"goods.description", "goods.hs", "goods.gross_mass", "goods.net_mass", "goods.packages", "goods.value", "goods.origin", "goods.dg", "goods.marks",
	"parties.name", "parties.address", "parties.phone", "parties.email", "parties.id",
	"journey.places", "journey.departure", "journey.arrival", "nature",
	"document.number", "document.issued", "document.master", "document.kind",
	"charges.freight", "charges.customs", "totals.gross_mass", "remarks",
}

var brackets = regexp.MustCompile(`\[[^\]]*\]`)

// generic returns a field path without its indexes: goods.hs for goods[1].hs.
func generic(path string) string { return brackets.ReplaceAllString(path, "") }

// within reports whether one of two generic paths is the other, or part of it.
func within(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}
