package cargo

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"
)

// Difference is one field that an amendment changed, added or took away.
type Difference struct {
	Field string // a field path
	Old   string // "" where the field is new
	New   string // "" where the field is gone
}

// Differences returns the fields in which two versions of a consignment differ, in
// the order of their paths.
func Differences(older, newer *Consignment) []Difference {
	a, b := flatten(older), flatten(newer)
	var out []Difference
	for field, old := range a {
		if now := b[field]; now != old {
			out = append(out, Difference{Field: field, Old: old, New: now})
		}
	}
	for field, now := range b {
		if _, was := a[field]; !was {
			out = append(out, Difference{Field: field, New: now})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Field < out[j].Field })
	return out
}

// flatten returns every stated field of a consignment by its path.
func flatten(c *Consignment) map[string]string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic("a consignment is always JSON: " + err.Error())
	}
	var tree any
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		panic("our own JSON is always read: " + err.Error())
	}
	out := map[string]string{}
	walk(tree, "", out)
	return out
}

func walk(node any, path string, out map[string]string) {
	switch v := node.(type) {
	case map[string]any:
		for name, child := range v {
			at := name
			if path != "" {
				at = path + "." + name
			}
			walk(child, at, out)
		}
	case []any:
		for i, child := range v {
			walk(child, path+"["+listKey(path, i, child)+"]", out)
		}
	case json.Number:
		out[path] = v.String()
	case string:
		out[path] = v
	case bool:
		out[path] = strconv.FormatBool(v)
	}
}

// listKey names an element of a list: a party by its role, as in field paths.
func listKey(path string, i int, child any) string {
	if m, ok := child.(map[string]any); ok && path == "parties" {
		if role, ok := m["role"].(string); ok {
			return role
		}
	}
	return strconv.Itoa(i)
}
