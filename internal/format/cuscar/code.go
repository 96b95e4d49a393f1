package cuscar

import "strconv"

// placeRoles maps element 3227 to what happens at a place.
var placeRoles = map[string]string{
	"1": "origin", "76": "origin", "80": "origin", "88": "origin",
	"5": "loading", "9": "loading",
	"10": "transit", "13": "transit", "24": "transit", "92": "transit", "94": "transit", "125": "transit", "152": "transit", "153": "transit",
	"11": "unloading", "12": "unloading", "60": "unloading", "61": "unloading", "87": "unloading",
	"7": "delivery", "65": "delivery", "83": "delivery",
	"8": "destination", "20": "destination", "28": "destination", "36": "destination",
	"22": "office", "23": "office", "41": "office", "42": "office", "118": "office",
}

// locationRoles are places where goods lie.
var locationRoles = map[string]bool{"14": true, "18": true, "104": true, "44": true}

var roleOrder = map[string]int{
	"origin": 0, "loading": 1, "transit": 2, "unloading": 3, "delivery": 4, "destination": 5, "office": 6,
}

var roleQualifiers = map[string]string{
	"origin": "88", "loading": "9", "transit": "13", "unloading": "11", "delivery": "7", "destination": "8", "office": "22",
}

// partyRoles maps element 3035, with codes that senders make up for lack of one.
var partyRoles = map[string]string{
	"CZ": "consignor", "OS": "consignor", "EX": "consignor", "SH": "consignor",
	"CN": "consignee", "UC": "consignee", "IM": "consignee",
	"NI": "notify", "N1": "notify", "N2": "notify", "NP": "notify",
	"FW": "forwarder", "FF": "forwarder",
	"AG": "agent", "CB": "agent", "DT": "agent", "AE": "agent", "CG": "agent",
	"CA": "carrier", "MS": "sender",
}

// documents are the qualifiers of element 1153 that name a transport document, and of
// which kind.
var documents = map[string]string{
	"BM": "master", "MB": "master", "MWB": "master", "AWB": "master",
	"BH": "house", "HWB": "house",
	"AAA": "", "AAM": "", "CMR": "", "CIM": "", "SMG": "",
}

// masterOnly are those that name the document above another, when there is another.
var masterOnly = map[string]bool{"MB": true, "MWB": true}

// massUnits in kg and volumeUnits in m³. UN/ECE Recommendation 20, and TON, which
// senders write for the metric ton.
var massUnits = map[string]float64{
	"KGM": 1, "KG": 1, "KGS": 1, "": 1, "TNE": 1000, "TON": 1000, "TO": 1000, "MTN": 1000, "GRM": 0.001, "DTN": 100,
	"LBR": 0.45359237, "LBS": 0.45359237, "STN": 907.18474, "LTN": 1016.0469088, "ONZ": 0.028349523125,
}

var volumeUnits = map[string]float64{
	"MTQ": 1, "CBM": 1, "M3": 1, "DMQ": 0.001, "LTR": 0.001, "HLT": 0.1, "CMQ": 1e-6, "FTQ": 0.028316846592, "INQ": 1.6387064e-5, "": 1,
}

// What a measurement is of: element 6313, else 6311.
var measures = map[string]string{
	"G": "gross", "AAB": "gross", "AAD": "gross", "EGW": "gross", "WT": "gross", "ACN": "gross",
	"N": "net", "AAA": "net", "AAL": "net", "AAC": "net",
	"AAW": "volume", "VOL": "volume", "ABJ": "volume", "AAX": "volume",
	"T": "tare", "TR": "tare", "VGM": "verified",
}

// pathKey names a field of an element of a list.
type pathKey struct {
	list  string
	index int
	name  string
}

// maxPaths bounds the cache of field paths.
const maxPaths = 8192

// path returns list[index].name without making it anew each time.
func (r *Reader) path(list string, index int, name string) string {
	k := pathKey{list, index, name}
	if p, ok := r.paths[k]; ok {
		return p
	}
	p := list + "[" + strconv.Itoa(index) + "]." + name
	if len(r.paths) < maxPaths {
		r.paths[k] = p
	}
	return p
}
