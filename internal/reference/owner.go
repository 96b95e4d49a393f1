package reference

import (
	_ "embed"
	"sync"
)

// Owner is who registered a container prefix with the Bureau International des
// Containers. ISO 6346 §3.1.1 and annex B.
type Owner struct {
	Prefix string // owner code and category letter, MSCU
	Name   string
	Lessor bool // lets containers to others: its boxes travel with any carrier
}

//go:embed data/owners.tsv
var ownerTable string

var ownOwners = sync.OnceValue(func() map[string]Owner {
	m := make(map[string]Owner, 256)
	eachRow(ownerTable, 3, func(f []string) { m[f[0]] = Owner{Prefix: f[0], Name: f[1], Lessor: f[2] == "lessor"} })
	return m
})
