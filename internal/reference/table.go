package reference

import "strings"

// eachRow calls fn for every row of an embedded table: fields between tabs, # begins
// a comment line, missing fields at the end are empty.
func eachRow(table string, fields int, fn func([]string)) {
	row := make([]string, fields)
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		for i := range row {
			row[i], line, _ = strings.Cut(line, "\t")
		}
		fn(row)
	}
}
