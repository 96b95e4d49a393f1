package cuscar

import "strconv"

// fieldPath makes the paths of one field of a list's elements, as they are named in
// tidewaiter/internal/cargo; those of the first elements are made once.
type fieldPath struct {
	list, name string
	made       [32]string
}

func newPath(list, name string) *fieldPath {
	p := &fieldPath{list: list, name: name}
	for i := range p.made {
		p.made[i] = p.of(i)
	}
	return p
}

func (p *fieldPath) of(i int) string { return p.list + "[" + strconv.Itoa(i) + "]." + p.name }

// at returns list[i].name.
func (p *fieldPath) at(i int) string {
	if i < len(p.made) {
		return p.made[i]
	}
	return p.of(i)
}

var (
	equipmentGrossMassPath = newPath("equipment", "gross_mass")
	equipmentNumberPath    = newPath("equipment", "number")
	equipmentPackagesPath  = newPath("equipment", "packages")
	goodsDescriptionPath   = newPath("goods", "description")
	goodsDgClassPath       = newPath("goods", "dg_class")
	goodsDgPath            = newPath("goods", "dg")
	goodsEquipmentPath     = newPath("goods", "equipment")
	goodsGrossMassPath     = newPath("goods", "gross_mass")
	goodsHsPath            = newPath("goods", "hs")
	goodsMarksPath         = newPath("goods", "marks")
	goodsNetMassPath       = newPath("goods", "net_mass")
	goodsNumberPath        = newPath("goods", "number")
	goodsOriginPath        = newPath("goods", "origin")
	goodsPackageTypePath   = newPath("goods", "package_type")
	goodsPackagesPath      = newPath("goods", "packages")
	goodsValuePath         = newPath("goods", "value")
	goodsVolumePath        = newPath("goods", "volume")
	placeCodePath          = newPath("journey.places", "code")
	placeDatePath          = newPath("journey.places", "date")
	placeNamePath          = newPath("journey.places", "name")
)

// Indices of partyPaths that are set out of turn.
const (
	phonePath = 5
	emailPath = 6
)

// partyPaths are the paths of a party's fields by its role.
var partyPaths = func() map[string][7]string {
	m := make(map[string][7]string)
	for _, role := range partyRoles {
		var paths [7]string
		for i, name := range [...]string{"id", "name", "address", "city", "country", "phone", "email"} {
			paths[i] = "parties[" + role + "]." + name
		}
		m[role] = paths
	}
	return m
}()
