package risk

// listSchemas are all lists, in the order in which pages show them. The last column
// of each says where a row is from.
var listSchemas = []List{
	{ID: "source-countries", Title: "Source countries", Description: "Countries where goods of a threat are made or loaded. The weight says how much (1 is usual).",
		Columns: cols("country!country", "threat!text", "weight!number", "headings:hs list", "source:text")},
	{ID: "transit-countries", Title: "Transit countries", Description: "Countries through which goods of a threat are carried.",
		Columns: cols("country!country", "threat!text", "weight!number", "source:text")},
	{ID: "free-zones", Title: "Free zones", Description: "Ports and zones where goods change papers without customs formalities.",
		Columns: cols("place!place", "name:text", "source:text")},
	{ID: "hubs", Title: "Transhipment hubs", Description: "Ports where a change of ship is usual; departure from there does not wonder.",
		Columns: cols("place!place", "name:text", "source:text")},
	{ID: "reexport-countries", Title: "Re-export countries", Description: "Countries through which goods under export control are often passed on.",
		Columns: cols("country!country", "source:text")},
	{ID: "vague-terms", Title: "Vague descriptions", Description: "Words that do not say what the goods are. Strength 1 is unacceptable alone; 0.5 is vague without more words.",
		Columns: cols("term!term", "strength!number", "source:text")},
	{ID: "cover-headings", Title: "Goods that hide well", Description: "Headings that often cover something else: dense, bulk, scrap, frozen, or costly to unpack.",
		Columns: cols("hs!hs", "why!text", "weight!number", "source:text")},
	{ID: "cover-words", Title: "Words of goods that hide well", Description: "Words such as used, scrap or charcoal, for papers without an HS code.",
		Columns: cols("term!term", "why!text", "weight!number", "source:text")},
	{ID: "controlled-headings", Title: "Controlled goods by HS code", Description: "Precursors, weapons, ozone-depleting gases, endangered species, waste. Weight 1: named in the code; less: the code holds free goods, too.",
		Columns: cols("hs!hs", "regime!text", "name!text", "weight!number", "source:text")},
	{ID: "controlled-words", Title: "Controlled goods by name", Description: "Names and CAS numbers of controlled goods, with the HS headings under which they belong.",
		Columns: cols("term!term", "regime!text", "headings:hs list", "weight!number", "source:text")},
	{ID: "strategic-headings", Title: "High-priority strategic goods", Description: "Codes of goods that partners watch for diversion (common high priority list).",
		Columns: cols("hs!hs", "tier!text", "name:text", "source:text")},
	{ID: "brands", Title: "Brands", Description: "Brand names that are counterfeited, their chapters and the countries that usually ship them.",
		Columns: cols("term!term", "chapters!hs list", "origins:country list", "source:text")},
	{ID: "perishables", Title: "Perishable goods", Description: "Headings of perishable goods: days they bear, and the temperatures they travel at, °C.",
		Columns: cols("hs!hs", "name!text", "days!number", "coldest!number", "warmest!number", "source:text")},
	{ID: "valuables", Title: "Goods of high value or duty", Description: "Headings worth stealing, smuggling or misdeclaring.",
		Columns: cols("hs!hs", "why!text", "weight!number", "source:text")},
	{ID: "free-mail", Title: "Free e-mail providers", Description: "Domains where anyone opens a mailbox.",
		Columns: cols("domain!text", "source:text")},
	{ID: "to-order", Title: "To-order words", Description: "Words that stand in place of a consignee's name.",
		Columns: cols("term!term", "source:text")},
	{ID: "seal-placeholders", Title: "Seal placeholders", Description: "What senders write where there is no seal.",
		Columns: cols("code!code", "source:text")},
	{ID: "dangerous-words", Title: "Words of dangerous goods", Description: "Words of goods that need a UN number when they are carried.",
		Columns: cols("term!term", "un:code", "source:text")},
	{ID: "goods-words", Title: "Words of goods", Description: "Words and the HS heading that they usually mean: used where the paper states no code, and to compare with the code that it states.",
		Columns: cols("term!term", "heading!hs", "also:hs list", "source:text")},
	{ID: "price-norms", Title: "Price norms", Description: "Rough prices, US dollars a kilogram, and how many times dearer or cheaper is still usual. Our own estimates: replace them by your own statistics.",
		Columns: cols("hs!hs", "usd_per_kg!number", "factor!number", "source:text")},
	{ID: "rates", Title: "Exchange rates", Description: "Rough value of a unit of currency in US dollars, only to compare prices with norms.",
		Columns: cols("currency!code", "usd!number", "source:text")},
	{ID: "package-norms", Title: "Package norms", Description: "Usual gross mass of one package, kg, by package type (UN/ECE Recommendation 21). Our own estimates.",
		Columns: cols("type!code", "lightest!number", "heaviest!number", "source:text")},
	{ID: "density-norms", Title: "Density norms", Description: "Usual mass of a cubic metre as packed, kg, by HS chapter. Our own estimates.",
		Columns: cols("hs!hs", "lightest!number", "heaviest!number", "source:text")},
	{ID: "excluded-origins", Title: "Goods a country does not produce", Description: "Countries that do not grow or make goods of a heading.",
		Columns: cols("hs!hs", "countries!country list", "why!text", "source:text")},
	{ID: "home-exports", Title: "Goods that we export", Description: "Headings that a country exports: bringing them there is carrying coals to Newcastle.",
		Columns: cols("country!country", "hs!hs", "source:text")},
	{ID: "packaging", Title: "Packaging by goods", Description: "Package types that do not fit the goods of a heading or chapter.",
		Columns: cols("hs!hs", "types!text", "source:text")},
	{ID: "business-words", Title: "Lines of business in names", Description: "Words in company names that tell their business, and the chapters that fit it.",
		Columns: cols("term!term", "chapters!hs list", "source:text")},
	{ID: "forwarder-words", Title: "Words of forwarders", Description: "Words in names of companies that carry or handle goods of others.",
		Columns: cols("term!term", "source:text")},
	{ID: "company-words", Title: "Words of companies", Description: "Legal forms and words by which a name is a company's, not a person's.",
		Columns: cols("term!term", "source:text")},
	{ID: "thresholds", Title: "Value thresholds", Description: "Amounts above which a licence, a fuller declaration or an inspection is due.",
		Columns: cols("currency!code", "amount!number", "meaning!text", "source:text")},
}

// cols reads column definitions: name, then ! when required or :, then the kind.
func cols(defs ...string) []Column {
	out := make([]Column, len(defs))
	for i, d := range defs {
		for k := range d {
			if d[k] == '!' || d[k] == ':' {
				out[i] = Column{Name: d[:k], Kind: ColumnKind(d[k+1:]), Required: d[k] == '!'}
				break
			}
		}
	}
	return out
}
