package intake

import (
	"strings"

	"tidewaiter/internal/cargo"
)

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// natureOf reads ASYCUDA's code or a word for why the goods cross.
func natureOf(s string) cargo.Nature {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, n := range []cargo.Nature{cargo.NatureExport, cargo.NatureImport, cargo.NatureTransit, cargo.NatureTranshipment} {
		if s == n.String() {
			return n
		}
	}
	switch s {
	case "22", "экспорт":
		return cargo.NatureExport
	case "23", "импорт":
		return cargo.NatureImport
	case "24", "транзит":
		return cargo.NatureTransit
	case "28", "transshipment":
		return cargo.NatureTranshipment
	}
	return cargo.NatureUnknown
}

// kindOf tells a house document from a master by the sender's type code, else by the
// master that it names.
func kindOf(code, master string, consolidated bool) cargo.DocumentKind {
	switch strings.ToUpper(code) {
	case "HWB", "HBL", "BH", "703", "714", "HSB", "HAWB":
		return cargo.DocumentHouse
	case "MWB", "MBL", "MB", "704", "741", "MAWB":
		return cargo.DocumentMaster
	}
	switch {
	case master != "":
		return cargo.DocumentHouse
	case consolidated:
		return cargo.DocumentMaster
	}
	return cargo.DocumentUnknown
}

// fullnessOf reads ASYCUDA's container status (FCL, LCL, PRT), UN/EDIFACT 8169
// (4 empty, 5 full), or a word.
func fullnessOf(s string) cargo.Fullness {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "FCL", "8":
		return cargo.FCL
	case "LCL", "PRT", "PART", "7":
		return cargo.LCL
	case "5", "FULL", "F", "ГРУЖЕНЫЙ", "ГРУЖЁНЫЙ":
		return cargo.Full
	case "4", "MTY", "EMPTY", "E", "ПОРОЖНИЙ", "ПУСТОЙ", "БОШ":
		return cargo.Empty
	}
	return ""
}

// sealParty reads UN/EDIFACT 9303 and ASYCUDA's Sealing_party_code; other codes stay.
func sealParty(code string) string {
	switch strings.ToUpper(code) {
	case "CA", "CAR":
		return "carrier"
	case "SH", "SHI":
		return "shipper"
	case "CU", "CUS":
		return "customs"
	case "TO", "TER":
		return "terminal"
	case "AC", "VET":
		return "veterinary"
	}
	return code
}

// paymentOf reads PC_indicator and UN/EDIFACT 4215: prepaid or collect.
func paymentOf(s string) string {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "P", "PP", "PPD", "PREPAID":
		return "prepaid"
	case "C", "CC", "COL", "COLLECT":
		return "collect"
	}
	return strings.ToLower(s)
}

// withContacts looks for an e-mail address and a phone number in the party's address,
// where senders put them, unless the message states them apart.
func withContacts(p cargo.Party) cargo.Party {
	words := strings.FieldsFunc(p.Address, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' })
	for i, w := range words {
		if at := strings.IndexByte(w, '@'); p.Email == "" && at > 0 && strings.Contains(w[at:], ".") {
			p.Email = strings.Trim(strings.TrimPrefix(strings.ToLower(w), "email:"), ".:()<>")
		}
		upper := strings.ToUpper(strings.Trim(w, ".:"))
		if p.Phone == "" && (upper == "TEL" || upper == "PHONE" || upper == "ТЕЛ" || upper == "MOB") {
			p.Phone = phoneFrom(words[i+1:])
		}
		if p.Phone == "" && len(w) >= 9 && w[0] == '+' {
			p.Phone = phoneFrom(words[i:])
		}
	}
	return p
}

// phoneFrom joins the leading words that look like parts of a phone number.
func phoneFrom(words []string) string {
	var parts []string
	digits := 0
	for _, w := range words {
		w = strings.Trim(w, ".:")
		if strings.Trim(w, "+0123456789()-/") != "" || digits >= 15 {
			break
		}
		for _, r := range w {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		parts = append(parts, w)
	}
	if digits < 7 {
		return ""
	}
	return strings.Join(parts, " ")
}
