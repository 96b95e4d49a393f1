package risk

import "embed"

// Locale holds the texts of indicators, notes and lists in English, Russian and
// Kyrgyz: locale/en.json, ru.json, ky.json, each a flat map of id to text. Ids are
// indicator.D01.title, indicator.D01.meaning, note.vague, list.hubs.title and
// list.hubs.description.
//
//go:embed locale/*.json
var Locale embed.FS

// Texts returns the English texts of indicators, notes and lists by their ids.
func Texts() map[string]string {
	texts := map[string]string{}
	for _, in := range indicators {
		texts["indicator."+in.ID+".title"] = in.Title
		texts["indicator."+in.ID+".meaning"] = in.Meaning
	}
	for id, text := range notes {
		texts["note."+id] = text
	}
	for _, l := range listSchemas {
		texts["list."+l.ID+".title"] = l.Title
		texts["list."+l.ID+".description"] = l.Description
	}
	return texts
}
