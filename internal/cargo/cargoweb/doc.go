// Package cargoweb shows what a consignment says: its document, journey, parties, goods
// and equipment, as fragments that the pages of other domains put together, and the names
// of a consignment's fields in the person's language.
//
// A Sheet is one version of a consignment with the fields that findings cite; each
// fragment marks those fields and links them to the finding and back.
package cargoweb

import (
	"embed"

	"tidewaiter/internal/web"
)

//go:embed locale/*.json
var messages embed.FS

func init() { web.AddMessages(messages) }
