package reference

import (
	"sort"
	"strconv"
	"strings"
	"sync"
)

// placeList is an imported list of places, packed: 116,000 rows take about 8 MiB.
type placeList struct {
	rows  []packedPlace // sorted by code
	names func() map[string]int32
}

type packedPlace struct {
	code     [5]byte
	function Function
	located  bool
	lat, lon float32
	name     string // part of the file's text
	sub      string
	iata     string
}

func newPlaceList(rows []packedPlace) *placeList {
	sort.SliceStable(rows, func(i, j int) bool { return string(rows[i].code[:]) < string(rows[j].code[:]) })
	l := &placeList{rows: rows}
	l.names = sync.OnceValue(func() map[string]int32 {
		m := make(map[string]int32, len(rows))
		for i := range rows {
			if k := nameKey(rows[i].name); k != "" {
				if _, taken := m[k]; !taken {
					m[k] = int32(i)
				}
			}
		}
		return m
	})
	return l
}

func (l *placeList) place(code Locode) (Place, bool) {
	i := sort.Search(len(l.rows), func(i int) bool { return string(l.rows[i].code[:]) >= string(code) })
	if i == len(l.rows) || string(l.rows[i].code[:]) != string(code) {
		return Place{}, false
	}
	return l.rows[i].place(), true
}

func (l *placeList) named(key string) (Place, bool) {
	i, ok := l.names()[key]
	if !ok {
		return Place{}, false
	}
	return l.rows[i].place(), true
}

func (r *packedPlace) place() Place {
	return Place{Code: Locode(r.code[:]), Name: r.name, Subdivision: r.sub, Lat: float64(r.lat), Lon: float64(r.lon),
		Located: r.located, Function: r.function, IATA: r.iata, Official: true, Source: FromOfficialList}
}

// unpackPlace reads the packed form of a line of the normal file; false where it is damaged.
func unpackPlace(line string) (packedPlace, bool) {
	var f [7]string
	for i := range f {
		f[i], line, _ = strings.Cut(line, "\t")
	}
	var p packedPlace
	if !isPlain(f[0], 5) || f[1] == "" {
		return p, false
	}
	copy(p.code[:], f[0])
	p.name, p.sub, p.function, p.iata = f[1], f[2], ParseFunction(f[3]), f[4]
	la, lo, ok := position(f[5], f[6])
	p.lat, p.lon, p.located = float32(la), float32(lo), ok
	return p, true
}

func (r *packedPlace) line() string {
	lat, lon := "", ""
	if r.located {
		lat, lon = strconv.FormatFloat(float64(r.lat), 'f', 4, 32), strconv.FormatFloat(float64(r.lon), 'f', 4, 32)
	}
	return strings.Join([]string{string(r.code[:]), r.name, r.sub, r.function.String(), r.iata, lat, lon}, "\t")
}
