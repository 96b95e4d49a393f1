package simulate

import (
	"io"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/table"
)

// line is one row of the table: a document with the k-th of its goods and containers.
type line struct {
	*cargo.Consignment
	goods *cargo.GoodsItem
	box   *cargo.Equipment
	first bool
	local bool // Russian habits: decimal comma, day first
}

// column has a heading in English and in Russian.
type column struct {
	en, ru string
	value  func(l line) string
}

var columns = []column{
	{"B/L No", "Номер накладной", func(l line) string { return l.Document.Number }},
	{"Issue date", "Дата накладной", func(l line) string { return l.once(l.date(l.Document.Issued)) }},
	{"Document kind", "Вид документа", func(l line) string { return l.once(string(l.Document.Kind)) }},
	{"Master B/L", "Основной коносамент", func(l line) string { return l.Document.Master }},
	{"Mode of transport", "Вид транспорта", func(l line) string { return l.once(strconv.Itoa(int(l.Transport.Mode))) }},
	{"Nature", "Характер", func(l line) string { return l.once(strconv.Itoa(int(l.Nature))) }},
	{"Carrier code", "Код перевозчика", func(l line) string { return l.once(l.Carrier.Code) }},
	{"Carrier name", "Наименование перевозчика", func(l line) string { return l.once(l.Carrier.Name) }},
	{"Voyage No", "Номер рейса", func(l line) string { return l.once(l.Journey.Voyage) }},
	{"Means ID", "Регистрационный номер", func(l line) string { return l.once(l.Transport.ID) }},
	{"Vessel name", "Транспортное средство", func(l line) string { return l.once(l.Transport.Name) }},
	{"Place of receipt", "Место приема", func(l line) string { return l.at(cargo.PlaceOrigin) }},
	{"Port of loading", "Место погрузки", func(l line) string { return l.at(cargo.PlaceLoading) }},
	{"Via", "Транзит", func(l line) string { return l.at(cargo.PlaceTransit) }},
	{"Port of discharge", "Место выгрузки", func(l line) string { return l.at(cargo.PlaceUnloading) }},
	{"Final destination", "Пункт назначения", func(l line) string { return l.at(cargo.PlaceDestination) }},
	{"Customs office", "Таможенный орган", func(l line) string { return l.at(cargo.PlaceOffice) }},
	{"Departure date", "Дата отправления", func(l line) string { return l.once(l.date(l.Journey.Departure)) }},
	{"Arrival date", "Дата прибытия", func(l line) string { return l.once(l.date(l.Journey.Arrival)) }},
	{"Shipper id", "ИНН отправителя", func(l line) string { return l.party(cargo.Consignor).ID }},
	{"Shipper name", "Наименование отправителя", func(l line) string { return l.party(cargo.Consignor).Name }},
	{"Shipper address", "Адрес отправителя", func(l line) string { return l.party(cargo.Consignor).Address }},
	{"Shipper city", "Город отправителя", func(l line) string { return l.party(cargo.Consignor).City }},
	{"Shipper country", "Страна отправителя", func(l line) string { return l.party(cargo.Consignor).Country }},
	{"Shipper phone", "Телефон отправителя", func(l line) string { return l.party(cargo.Consignor).Phone }},
	{"Shipper email", "Email отправителя", func(l line) string { return l.party(cargo.Consignor).Email }},
	{"Consignee id", "ИНН получателя", func(l line) string { return l.party(cargo.Consignee).ID }},
	{"Consignee name", "Наименование получателя", func(l line) string { return l.party(cargo.Consignee).Name }},
	{"Consignee address", "Адрес получателя", func(l line) string { return l.party(cargo.Consignee).Address }},
	{"Consignee city", "Город получателя", func(l line) string { return l.party(cargo.Consignee).City }},
	{"Consignee country", "Страна получателя", func(l line) string { return l.party(cargo.Consignee).Country }},
	{"Consignee phone", "Телефон получателя", func(l line) string { return l.party(cargo.Consignee).Phone }},
	{"Consignee email", "Email получателя", func(l line) string { return l.party(cargo.Consignee).Email }},
	{"Notify party", "Уведомляемая сторона", func(l line) string { return l.party(cargo.NotifyParty).Name }},
	{"Notify party address", "Адрес уведомляемой стороны", func(l line) string { return l.party(cargo.NotifyParty).Address }},
	{"Notify party phone", "Телефон уведомляемой стороны", func(l line) string { return l.party(cargo.NotifyParty).Phone }},
	{"Agent id", "Код агента", func(l line) string { return l.party(cargo.Agent).ID }},
	{"Agent name", "Таможенный брокер", func(l line) string { return l.party(cargo.Agent).Name }},
	{"Description of goods", "Описание товара", func(l line) string { return l.item().Description }},
	{"HS code", "Код ТН ВЭД", func(l line) string { return l.item().HS }},
	{"Country of origin", "Страна происхождения", func(l line) string { return l.item().Origin }},
	{"Number of packages", "Количество мест", func(l line) string { return l.count(l.item().Packages) }},
	{"Package type", "Вид упаковки", func(l line) string { return l.item().PackageType }},
	{"Gross weight", "Вес брутто", func(l line) string { return l.number(l.item().GrossMass) }},
	{"Net weight", "Вес нетто", func(l line) string { return l.number(l.item().NetMass) }},
	{"Volume", "Объем", func(l line) string { return l.number(l.item().Volume) }},
	{"Invoice value", "Фактурная стоимость", func(l line) string { return l.number(l.item().Value.Amount) }},
	{"Invoice currency", "Валюта", func(l line) string { return l.item().Value.Currency }},
	{"UN number", "Номер ООН", func(l line) string { return l.item().DG }},
	{"Marks and numbers", "Маркировка", func(l line) string { return l.item().Marks }},
	{"Container No", "Номер контейнера", func(l line) string { return l.unit().Number }},
	{"Container type", "Тип контейнера", func(l line) string { return l.unit().SizeType }},
	{"FCL/LCL", "Статус контейнера", func(l line) string { return string(l.unit().Fullness) }},
	{"Shipper owned", "Контейнер отправителя", func(l line) string {
		if l.unit().ShipperOwned {
			return "yes"
		}
		return ""
	}},
	{"Seal numbers", "Номера пломб", func(l line) string { return l.seals() }},
	{"Temperature", "Температура", func(l line) string {
		if t := l.unit().Temperature; t != nil {
			return strings.Replace(strconv.FormatFloat(*t, 'f', -1, 64), ".", l.point(), 1)
		}
		return ""
	}},
	{"Tare weight", "Масса тары", func(l line) string { return l.number(l.unit().Tare) }},
	{"VGM", "Подтвержденная масса", func(l line) string { return l.number(l.unit().VerifiedGross) }},
	{"Freight", "Стоимость перевозки", func(l line) string { return l.once(l.number(l.Charges.Freight.Amount)) }},
	{"Freight currency", "Валюта фрахта", func(l line) string { return l.once(l.Charges.Freight.Currency) }},
	{"Insurance", "Страхование", func(l line) string { return l.once(l.number(l.Charges.Insurance.Amount)) }},
	{"Payment", "Оплата", func(l line) string { return l.once(l.Charges.Payment) }},
	{"Remarks", "Примечание", func(l line) string { return l.once(l.Remarks) }},
}

// writeCSV writes the manifests as one table, a row for each goods item and container.
// A sender who writes Cyrillic heads it in Russian and separates by semicolons.
func writeCSV(to io.Writer, list []*Manifest) error {
	local := list[0].Sender.Cyrillic
	comma, heading := ',', make([]string, len(columns))
	for i, c := range columns {
		heading[i] = c.en
		if local {
			heading[i] = c.ru
		}
	}
	if local {
		comma = ';'
		if _, err := io.WriteString(to, "\uFEFF"); err != nil {
			return err
		}
	}
	return table.WriteCSV(to, comma, heading, func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for _, m := range list {
			for i := range m.Consignments {
				c := &m.Consignments[i]
				for k := range max(1, len(c.Goods), len(c.Equipment)) {
					l := line{Consignment: c, first: k == 0, local: local}
					if k < len(c.Goods) {
						l.goods = &c.Goods[k]
					}
					if k < len(c.Equipment) {
						l.box = &c.Equipment[k]
					}
					for j := range columns {
						row[j] = columns[j].value(l)
					}
					if !yield(row) {
						return
					}
				}
			}
		}
	})
}

// once states what is true of the whole document in its first row only.
func (l line) once(s string) string {
	if l.first {
		return s
	}
	return ""
}

func (l line) at(role cargo.PlaceRole) string {
	var b strings.Builder
	for _, p := range l.Journey.Places {
		if p.Role == role && l.first {
			if b.Len() > 0 {
				b.WriteString("; ")
			}
			b.WriteString(or(p.Code, p.Name))
		}
	}
	return b.String()
}

func (l line) party(role cargo.PartyRole) cargo.Party {
	if p := l.Party(role); p != nil && l.first {
		return *p
	}
	return cargo.Party{}
}

var (
	noGoods cargo.GoodsItem
	noBox   cargo.Equipment
)

func (l line) item() *cargo.GoodsItem {
	if l.goods == nil {
		return &noGoods
	}
	return l.goods
}

func (l line) unit() *cargo.Equipment {
	if l.box == nil {
		return &noBox
	}
	return l.box
}

func (l line) seals() string {
	list := make([]string, 0, 2)
	for _, s := range l.unit().Seals {
		list = append(list, s.Number)
	}
	return strings.Join(list, ", ")
}

func (l line) date(t time.Time) string {
	if l.local {
		return t.Format("02.01.2006")
	}
	return t.Format("2006-01-02")
}

func (l line) point() string {
	if l.local {
		return ","
	}
	return "."
}

func (l line) number(x float64) string {
	if x == 0 {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", l.point(), 1)
}

func (l line) count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
