package reference

import (
	_ "embed"
	"strings"
	"sync"
)

// PackageType is a kind of package, as in BG for a bag. UN/ECE Recommendation 21.
type PackageType struct {
	Code string
	Name string // in English
	Bulk bool   // no packages at all: the goods are poured or pumped
}

//go:embed data/packages.tsv
var packageTable string

var packageTypes = sync.OnceValue(func() map[string]PackageType {
	m := make(map[string]PackageType, 128)
	eachRow(packageTable, 2, func(f []string) {
		m[f[0]] = PackageType{Code: f[0], Name: f[1], Bulk: f[0][0] == 'V' && strings.HasPrefix(f[1], "Bulk")}
	})
	return m
})

// LookupPackageType returns the kind of package of a code; false where our list of
// the common ones lacks it.
func LookupPackageType(code string) (PackageType, bool) {
	p, ok := packageTypes()[code]
	if !ok {
		p, ok = packageTypes()[strings.ToUpper(strings.TrimSpace(code))]
	}
	return p, ok
}
