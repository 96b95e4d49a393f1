package awmds

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// Writer writes a manifest as UTF-8: WriteHeader once, then each Bol, then Close.
type Writer struct {
	w     *bufio.Writer
	depth int
}

// NewWriter returns a writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriter(w)} }

// WriteHeader writes the General_segment.
func (w *Writer) WriteHeader(m *Manifest) error {
	w.w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Awmds>\n")
	w.depth = 1
	w.in("General_segment", func() {
		w.in("General_segment_id", func() {
			w.text("Customs_office_code", m.Office)
			w.text("Voyage_number", m.Voyage)
			w.date("Date_of_departure", m.Departure)
			w.date("Date_of_arrival", m.Arrival)
			if m.Arrival.Hour() != 0 || m.Arrival.Minute() != 0 {
				w.text("Time_of_arrival", m.Arrival.Format("15:04"))
			}
			w.date("Date_of_last_discharge", m.LastDischarge)
		})
		w.in("Totals_segment", func() {
			w.whole("Total_number_of_bols", m.Totals.Bols)
			w.whole("Total_number_of_packages", m.Totals.Packages)
			w.whole("Total_number_of_containers", m.Totals.Containers)
			w.number("Total_gross_mass", m.Totals.GrossMass)
		})
		w.in("Transport_information", func() { w.transport(&m.Transport); w.carrier(m.Carrier) })
		w.in("Load_unload_place", func() {
			w.text("Place_of_departure_code", m.PlaceOfDeparture)
			w.text("Place_of_destination_code", m.PlaceOfDestination)
		})
		w.in("Tonnage", func() {
			w.whole("Tonnage_net_weight", m.NetTonnage)
			w.whole("Tonnage_gross_weight", m.GrossTonnage)
		})
	})
	return w.w.Flush()
}

func (w *Writer) transport(t *Transport) {
	w.text("Mode_of_transport_code", t.Mode)
	w.text("Identity_of_transporter", t.Identity)
	w.text("Nationality_of_transporter_code", t.Nationality)
	w.text("Place_of_transporter", t.Place)
	w.text("Registration_number_of_transport_code", t.Registration)
	w.date("Date_of_registration", t.Registered)
	w.text("Master_information", t.Master)
}

func (w *Writer) carrier(c Carrier) {
	if c == (Carrier{}) {
		return
	}
	w.in("Carrier", func() {
		w.text("Carrier_code", c.Code)
		w.text("Carrier_name", c.Name)
		w.text("Carrier_address", c.Address)
	})
}

// WriteBol writes one Bol_segment.
func (w *Writer) WriteBol(b *Bol) error {
	w.in("Bol_segment", func() {
		w.bolID(b)
		w.in("Load_unload_place", func() {
			w.text("Port_of_origin_code", b.PlaceOfOrigin)
			w.text("Place_of_loading_code", b.PlaceOfLoading)
			w.text("Place_of_unloading_code", b.PlaceOfUnloading)
			w.text("Place_of_delivery_code", b.PlaceOfDelivery)
		})
		w.in("Traders_segment", func() {
			w.carrier(b.Carrier)
			w.party("Exporter", b.Exporter)
			w.party("Notify", b.Notify)
			w.party("Consignee", b.Consignee)
		})
		for i := range b.Containers {
			w.container(&b.Containers[i])
		}
		for i := range b.Goods {
			w.goods(&b.Goods[i])
		}
		w.values(&b.Values)
		w.in("Location", func() { w.text("Location_code", b.Location); w.text("Location_info", b.LocationIn) })
		w.master(&b.Master)
	})
	return w.w.Flush()
}

func (w *Writer) bolID(b *Bol) {
	w.in("Bol_id", func() {
		w.text("Bol_reference", b.Reference)
		w.whole("Line_number", b.LineNumber)
		w.text("Bol_nature", b.Nature)
		w.text("Bol_type_code", b.Type)
		w.text("Master_bol_ref_number", b.MasterReference)
		w.text("DG_status", b.DGStatus)
		consolidated := "0"
		if b.Consolidated {
			consolidated = "1"
		}
		w.text("Consolidated_Cargo", consolidated)
	})
}

func (w *Writer) party(tag string, p Party) {
	if p == (Party{}) {
		return
	}
	w.in(tag, func() {
		w.text(tag+"_code", p.Code)
		w.text(tag+"_name", p.Name)
		w.text(tag+"_address", p.Address)
	})
}

func (w *Writer) container(c *Container) {
	w.in("ctn_segment", func() {
		w.text("Ctn_reference", c.Number)
		w.whole("Number_of_packages", c.Packages)
		w.text("Type_of_container", c.Type)
		w.text("Status", c.Status)
		w.some("Number_of_seals", c.Seals.Count)
		for _, n := range c.Seals.Numbers {
			w.text("Seal_number", n)
		}
		w.text("Sealing_party", c.Seals.Party)
		w.text("IMCO", c.IMDG)
		w.text("UN", c.UN)
		w.text("Ctn_location", c.Location)
		w.number("Gross_weight", c.GrossMass)
		if c.Tare != 0 {
			w.number("Empty_weight", c.Tare)
		}
		w.text("Temperature", c.Temperature)
	})
}

func (w *Writer) goods(g *Goods) {
	w.in("Goods_segment", func() {
		w.whole("Number_of_packages", g.Packages)
		w.text("Package_type_code", g.PackageType)
		w.number("Gross_mass", g.GrossMass)
		if g.NetMass != 0 {
			w.number("Net_mass", g.NetMass)
		}
		w.text("Shipping_marks", g.Marks)
		w.text("Goods_description", g.Description)
		w.text("HS_code", g.HS)
		if g.Volume != 0 {
			w.number("Volume_in_cubic_meters", g.Volume)
		}
		w.whole("Num_of_ctn_for_this_bol", g.Containers)
		w.text("Remarks", g.Remarks)
		if g.Seals.Count == 0 && len(g.Seals.Numbers) == 0 && g.Seals.Party == "" {
			return
		}
		w.in("Seals_segment", func() {
			w.some("Number_of_seals", g.Seals.Count)
			w.text("Marks_of_seals", strings.Join(g.Seals.Numbers, ","))
			w.text("Sealing_party_code", g.Seals.Party)
		})
	})
}

func (w *Writer) values(v *Values) {
	if *v == (Values{}) {
		return
	}
	w.in("Value_segment", func() {
		w.in("Freight_segment", func() { w.text("PC_indicator", v.Payment); w.money("Freight", v.Freight) })
		w.in("Customs_segment", func() { w.money("Customs", v.Customs) })
		w.in("Insurance_segment", func() { w.money("Insurance", v.Insurance) })
		w.in("Transport_segment", func() { w.money("Transport", v.Transport) })
	})
}

func (w *Writer) money(what string, m Money) {
	if m == (Money{}) {
		return
	}
	w.number(what+"_value", m.Amount)
	w.text(what+"_currency", m.Currency)
}

func (w *Writer) master(m *Master) {
	if *m == (Master{}) {
		return
	}
	w.in("Master_bol", func() {
		w.text("Customs_office_code", m.Office)
		w.text("Voyage_number", m.Voyage)
		w.date("Date_of_departure", m.Departure)
		w.text("Reference_number", m.Reference)
	})
}

// Close ends the document. It does not close the writer below.
func (w *Writer) Close() error {
	w.w.WriteString("</Awmds>\n")
	return w.w.Flush()
}

// in writes an element that holds others. Errors stay in the bufio.Writer until Flush.
func (w *Writer) in(tag string, inner func()) {
	w.indent()
	w.w.WriteString("<" + tag + ">\n")
	w.depth++
	inner()
	w.depth--
	w.indent()
	w.w.WriteString("</" + tag + ">\n")
}

func (w *Writer) indent() {
	for range w.depth {
		w.w.WriteByte('\t')
	}
}

// text writes an element, and nothing for an empty value.
func (w *Writer) text(tag, value string) {
	if value == "" {
		return
	}
	w.indent()
	w.w.WriteString("<" + tag + ">")
	_ = xml.EscapeText(w.w, []byte(value)) // the error comes again from Flush
	w.w.WriteString("</" + tag + ">\n")
}

func (w *Writer) date(tag string, t time.Time) {
	if !t.IsZero() {
		w.text(tag, t.UTC().Format(time.DateOnly))
	}
}

func (w *Writer) whole(tag string, n int) { w.text(tag, strconv.Itoa(n)) }

func (w *Writer) some(tag string, n int) {
	if n != 0 {
		w.whole(tag, n)
	}
}

func (w *Writer) number(tag string, f float64) { w.text(tag, strconv.FormatFloat(f, 'f', -1, 64)) }
