package awmds

// A segment is an element that holds others.
type segment uint8

const (
	segNone segment = iota
	segRoot
	segGeneral
	segGeneralID
	segTotals
	segTransport
	segCarrier
	segPlaces
	segTonnage
	segBol
	segBolID
	segTraders
	segExporter
	segNotify
	segConsignee
	segContainer
	segGoods
	segSeals
	segValue
	segFreight
	segCustoms
	segInsurance
	segCarriageValue
	segLocation
	segMaster
)

// segments holds the names squeezed: in small letters without prefix and punctuation.
var segments = map[string]segment{
	"awmds": segRoot, "manifest": segRoot,
	"generalsegment": segGeneral, "general": segGeneral,
	"generalsegmentid": segGeneralID, "generalid": segGeneralID,
	"totalssegment": segTotals, "totals": segTotals,
	"transportinformation": segTransport, "transportinfo": segTransport,
	"carrier": segCarrier, "shippingagent": segCarrier,
	"loadunloadplace": segPlaces, "loadunloadplaces": segPlaces,
	"tonnage":    segTonnage,
	"bolsegment": segBol, "bol": segBol,
	"bolid":          segBolID,
	"traderssegment": segTraders, "traders": segTraders,
	"exporter": segExporter, "shipper": segExporter, "consignor": segExporter,
	"notify": segNotify, "notifyparty": segNotify,
	"consignee": segConsignee, "importer": segConsignee,
	"ctnsegment": segContainer, "containersegment": segContainer, "ctn": segContainer,
	"goodssegment": segGoods, "goods": segGoods,
	"sealssegment": segSeals, "seals": segSeals,
	"valuesegment": segValue, "values": segValue,
	"freightsegment": segFreight, "customssegment": segCustoms,
	"insurancesegment": segInsurance, "transportsegment": segCarriageValue,
	"location": segLocation, "locationsegment": segLocation,
	"masterbol": segMaster, "masterbolsegment": segMaster,
}

// squeeze returns a tag's name in small letters, without what senders vary.
func squeeze(name string) string {
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c == '_' || c == '-' || c == '.':
		default:
			b = append(b, c)
		}
	}
	return string(b)
}
