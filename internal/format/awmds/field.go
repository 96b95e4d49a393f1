package awmds

// A leaf says where the text of a tag goes: the path of the consignment's field, in
// which # stands for the index of the goods item or container, and the place in the
// record. The place is a *string, *int, *float64, *time.Time, *bool, *clock or *Seals.
type leaf[T any] struct {
	path string
	in   func(*T) any
	join bool // several of them make one text
}

type key struct {
	seg segment
	tag string
}

// clock takes a time of day, hh:mm, onto the date of arrival.
type clock Manifest

var headerLeaves = map[key]leaf[Manifest]{
	{segGeneralID, "customsofficecode"}:   {"journey.places[office].code", func(m *Manifest) any { return &m.Office }, false},
	{segGeneralID, "voyagenumber"}:        {"journey.voyage", func(m *Manifest) any { return &m.Voyage }, false},
	{segGeneralID, "dateofdeparture"}:     {"journey.departure", func(m *Manifest) any { return &m.Departure }, false},
	{segGeneralID, "dateofarrival"}:       {"journey.arrival", func(m *Manifest) any { return &m.Arrival }, false},
	{segGeneralID, "timeofarrival"}:       {"journey.arrival", func(m *Manifest) any { return (*clock)(m) }, false},
	{segGeneralID, "dateoflastdischarge"}: {"", func(m *Manifest) any { return &m.LastDischarge }, false},

	{segTotals, "totalnumberofbols"}:       {"", func(m *Manifest) any { return &m.Totals.Bols }, false},
	{segTotals, "totalnumberofpackages"}:   {"", func(m *Manifest) any { return &m.Totals.Packages }, false},
	{segTotals, "totalnumberofcontainers"}: {"", func(m *Manifest) any { return &m.Totals.Containers }, false},
	{segTotals, "totalgrossmass"}:          {"", func(m *Manifest) any { return &m.Totals.GrossMass }, false},

	{segTransport, "modeoftransportcode"}:             {"transport.mode", func(m *Manifest) any { return &m.Transport.Mode }, false},
	{segTransport, "identityoftransporter"}:           {"transport.name", func(m *Manifest) any { return &m.Transport.Identity }, false},
	{segTransport, "nationalityoftransportercode"}:    {"transport.nationality", func(m *Manifest) any { return &m.Transport.Nationality }, false},
	{segTransport, "placeoftransporter"}:              {"", func(m *Manifest) any { return &m.Transport.Place }, false},
	{segTransport, "registrationnumberoftransport"}:   {"transport.id", func(m *Manifest) any { return &m.Transport.Registration }, false},
	{segTransport, "registrationnumberoftransporter"}: {"transport.id", func(m *Manifest) any { return &m.Transport.Registration }, false},
	{segTransport, "dateofregistration"}:              {"", func(m *Manifest) any { return &m.Transport.Registered }, false},
	{segTransport, "masterinformation"}:               {"transport.master", func(m *Manifest) any { return &m.Transport.Master }, false},

	{segTransport, "registrationnumberoftransportcode"}: {"transport.id", func(m *Manifest) any { return &m.Transport.Registration }, false},

	{segCarrier, "carriercode"}:    {"carrier.code", func(m *Manifest) any { return &m.Carrier.Code }, false},
	{segCarrier, "carriername"}:    {"carrier.name", func(m *Manifest) any { return &m.Carrier.Name }, false},
	{segCarrier, "carrieraddress"}: {"carrier.address", func(m *Manifest) any { return &m.Carrier.Address }, true},

	{segPlaces, "placeofdeparturecode"}:   {"journey.places[loading].code", func(m *Manifest) any { return &m.PlaceOfDeparture }, false},
	{segPlaces, "placeofdestinationcode"}: {"journey.places[destination].code", func(m *Manifest) any { return &m.PlaceOfDestination }, false},

	{segTonnage, "tonnagenetweight"}:   {"", func(m *Manifest) any { return &m.NetTonnage }, false},
	{segTonnage, "tonnagegrossweight"}: {"", func(m *Manifest) any { return &m.GrossTonnage }, false},
}

var bolLeaves = map[key]leaf[Bol]{
	{segBolID, "bolreference"}:       {"document.number", func(b *Bol) any { return &b.Reference }, false},
	{segBolID, "linenumber"}:         {"document.line", func(b *Bol) any { return &b.LineNumber }, false},
	{segBolID, "bolnature"}:          {"nature", func(b *Bol) any { return &b.Nature }, false},
	{segBolID, "boltypecode"}:        {"document.type", func(b *Bol) any { return &b.Type }, false},
	{segBolID, "masterbolrefnumber"}: {"document.master", func(b *Bol) any { return &b.MasterReference }, false},
	{segBolID, "dgstatus"}:           {"goods[0].dg_class", func(b *Bol) any { return &b.DGStatus }, false},
	{segBolID, "consolidatedcargo"}:  {"document.consolidated", func(b *Bol) any { return &b.Consolidated }, false},

	{segPlaces, "portoforigincode"}:     {"journey.places[origin].code", func(b *Bol) any { return &b.PlaceOfOrigin }, false},
	{segPlaces, "placeofloadingcode"}:   {"journey.places[loading].code", func(b *Bol) any { return &b.PlaceOfLoading }, false},
	{segPlaces, "placeofunloadingcode"}: {"journey.places[unloading].code", func(b *Bol) any { return &b.PlaceOfUnloading }, false},
	{segPlaces, "placeofdeliverycode"}:  {"journey.places[delivery].code", func(b *Bol) any { return &b.PlaceOfDelivery }, false},

	{segCarrier, "carriercode"}:    {"carrier.code", func(b *Bol) any { return &b.Carrier.Code }, false},
	{segCarrier, "carriername"}:    {"carrier.name", func(b *Bol) any { return &b.Carrier.Name }, false},
	{segCarrier, "carrieraddress"}: {"carrier.address", func(b *Bol) any { return &b.Carrier.Address }, true},

	{segExporter, "exportercode"}:      {"parties[consignor].id", func(b *Bol) any { return &b.Exporter.Code }, false},
	{segExporter, "exportername"}:      {"parties[consignor].name", func(b *Bol) any { return &b.Exporter.Name }, false},
	{segExporter, "exporteraddress"}:   {"parties[consignor].address", func(b *Bol) any { return &b.Exporter.Address }, true},
	{segNotify, "notifycode"}:          {"parties[notify].id", func(b *Bol) any { return &b.Notify.Code }, false},
	{segNotify, "notifyname"}:          {"parties[notify].name", func(b *Bol) any { return &b.Notify.Name }, false},
	{segNotify, "notifyaddress"}:       {"parties[notify].address", func(b *Bol) any { return &b.Notify.Address }, true},
	{segConsignee, "consigneecode"}:    {"parties[consignee].id", func(b *Bol) any { return &b.Consignee.Code }, false},
	{segConsignee, "consigneename"}:    {"parties[consignee].name", func(b *Bol) any { return &b.Consignee.Name }, false},
	{segConsignee, "consigneeaddress"}: {"parties[consignee].address", func(b *Bol) any { return &b.Consignee.Address }, true},

	{segContainer, "ctnreference"}:     {"equipment[#].number", func(b *Bol) any { return &b.container().Number }, false},
	{segContainer, "numberofpackages"}: {"equipment[#].packages", func(b *Bol) any { return &b.container().Packages }, false},
	{segContainer, "typeofcontainer"}:  {"equipment[#].size_type", func(b *Bol) any { return &b.container().Type }, false},
	{segContainer, "status"}:           {"equipment[#].fullness", func(b *Bol) any { return &b.container().Status }, false},
	{segContainer, "emptyfull"}:        {"equipment[#].fullness", func(b *Bol) any { return &b.container().Status }, false},
	{segContainer, "sealnumber"}:       {"equipment[#].seals", func(b *Bol) any { return &b.container().Seals }, false},
	{segContainer, "marks1"}:           {"equipment[#].seals", func(b *Bol) any { return &b.container().Seals }, false},
	{segContainer, "marks2"}:           {"equipment[#].seals", func(b *Bol) any { return &b.container().Seals }, false},
	{segContainer, "marks3"}:           {"equipment[#].seals", func(b *Bol) any { return &b.container().Seals }, false},
	{segContainer, "marksofseals"}:     {"equipment[#].seals", func(b *Bol) any { return &b.container().Seals }, false},
	{segContainer, "sealingpartycode"}: {"equipment[#].seals[0].party", func(b *Bol) any { return &b.container().Seals.Party }, false},
	{segContainer, "seals"}:            {"", func(b *Bol) any { return &b.container().Seals.Count }, false},
	{segContainer, "numberofseals"}:    {"", func(b *Bol) any { return &b.container().Seals.Count }, false},
	{segContainer, "sealingparty"}:     {"equipment[#].seals[0].party", func(b *Bol) any { return &b.container().Seals.Party }, false},
	{segContainer, "imco"}:             {"goods[0].dg_class", func(b *Bol) any { return &b.container().IMDG }, false},
	{segContainer, "un"}:               {"goods[0].dg", func(b *Bol) any { return &b.container().UN }, false},
	{segContainer, "ctnlocation"}:      {"", func(b *Bol) any { return &b.container().Location }, false},
	{segContainer, "grossweight"}:      {"equipment[#].gross_mass", func(b *Bol) any { return &b.container().GrossMass }, false},
	{segContainer, "goodsweight"}:      {"equipment[#].gross_mass", func(b *Bol) any { return &b.container().GrossMass }, false},
	{segContainer, "emptyweight"}:      {"equipment[#].tare", func(b *Bol) any { return &b.container().Tare }, false},
	{segContainer, "temperature"}:      {"equipment[#].temperature", func(b *Bol) any { return &b.container().Temperature }, false},

	{segGoods, "numberofpackages"}:    {"goods[#].packages", func(b *Bol) any { return &b.goods().Packages }, false},
	{segGoods, "packagetypecode"}:     {"goods[#].package_type", func(b *Bol) any { return &b.goods().PackageType }, false},
	{segGoods, "grossmass"}:           {"goods[#].gross_mass", func(b *Bol) any { return &b.goods().GrossMass }, false},
	{segGoods, "netmass"}:             {"goods[#].net_mass", func(b *Bol) any { return &b.goods().NetMass }, false},
	{segGoods, "shippingmarks"}:       {"goods[#].marks", func(b *Bol) any { return &b.goods().Marks }, true},
	{segGoods, "goodsdescription"}:    {"goods[#].description", func(b *Bol) any { return &b.goods().Description }, true},
	{segGoods, "hscode"}:              {"goods[#].hs", func(b *Bol) any { return &b.goods().HS }, false},
	{segGoods, "commoditycode"}:       {"goods[#].hs", func(b *Bol) any { return &b.goods().HS }, false},
	{segGoods, "volumeincubicmeters"}: {"goods[#].volume", func(b *Bol) any { return &b.goods().Volume }, false},
	{segGoods, "numofctnforthisbol"}:  {"totals.containers", func(b *Bol) any { return &b.goods().Containers }, false},
	{segGoods, "remarks"}:             {"remarks", func(b *Bol) any { return &b.goods().Remarks }, true},
	{segGoods, "information"}:         {"remarks", func(b *Bol) any { return &b.goods().Remarks }, true},
	{segSeals, "numberofseals"}:       {"", func(b *Bol) any { return &b.goods().Seals.Count }, false},
	{segSeals, "marksofseals"}:        {"goods[#].seals", func(b *Bol) any { return &b.goods().Seals }, false},
	{segSeals, "sealingpartycode"}:    {"goods[#].seals[0].party", func(b *Bol) any { return &b.goods().Seals.Party }, false},

	{segFreight, "pcindicator"}:             {"charges.payment", func(b *Bol) any { return &b.Values.Payment }, false},
	{segFreight, "freightvalue"}:            {"charges.freight", func(b *Bol) any { return &b.Values.Freight.Amount }, false},
	{segFreight, "freightcurrency"}:         {"charges.freight.currency", func(b *Bol) any { return &b.Values.Freight.Currency }, false},
	{segCustoms, "customsvalue"}:            {"charges.customs", func(b *Bol) any { return &b.Values.Customs.Amount }, false},
	{segCustoms, "customscurrency"}:         {"charges.customs.currency", func(b *Bol) any { return &b.Values.Customs.Currency }, false},
	{segInsurance, "insurancevalue"}:        {"charges.insurance", func(b *Bol) any { return &b.Values.Insurance.Amount }, false},
	{segInsurance, "insurancecurrency"}:     {"charges.insurance.currency", func(b *Bol) any { return &b.Values.Insurance.Currency }, false},
	{segCarriageValue, "transportvalue"}:    {"charges.transport", func(b *Bol) any { return &b.Values.Transport.Amount }, false},
	{segCarriageValue, "transportcurrency"}: {"charges.transport.currency", func(b *Bol) any { return &b.Values.Transport.Currency }, false},
	{segLocation, "locationcode"}:           {"location", func(b *Bol) any { return &b.Location }, false},
	{segLocation, "locationinfo"}:           {"location", func(b *Bol) any { return &b.LocationIn }, false},
	{segMaster, "customsofficecode"}:        {"", func(b *Bol) any { return &b.Master.Office }, false},
	{segMaster, "voyagenumber"}:             {"", func(b *Bol) any { return &b.Master.Voyage }, false},
	{segMaster, "dateofdeparture"}:          {"", func(b *Bol) any { return &b.Master.Departure }, false},
	{segMaster, "referencenumber"}:          {"document.master", func(b *Bol) any { return &b.Master.Reference }, false},
}

// strays finds the leaf of a tag that stands outside its segment.
func strays[T any](leaves map[key]leaf[T]) map[string]leaf[T] {
	m := make(map[string]leaf[T], len(leaves))
	for k, l := range leaves {
		// Number_of_packages is the goods' where no segment says otherwise, and the
		// customs office, voyage and departure of a master bill need their segment.
		_, goods := leaves[key{segGoods, k.tag}]
		_, seals := leaves[key{segSeals, k.tag}]
		if k.seg != segMaster && !(k.seg == segContainer && (goods || seals)) {
			m[k.tag] = l
		}
	}
	return m
}

var (
	headerStrays = strays(headerLeaves)
	bolStrays    = strays(bolLeaves)
)

func (b *Bol) container() *Container {
	if len(b.Containers) == 0 {
		b.Containers = append(b.Containers, Container{})
	}
	return &b.Containers[len(b.Containers)-1]
}

func (b *Bol) goods() *Goods {
	if len(b.Goods) == 0 {
		b.Goods = append(b.Goods, Goods{})
	}
	return &b.Goods[len(b.Goods)-1]
}
