package risk

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tidewaiter/internal/fault"
)

// List is editable data that indicators use: what it is, its columns and its rows.
type List struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Columns     []Column   `json:"columns"`
	Rows        [][]string `json:"rows"`
}

// Column says what the cells of a list's column hold.
type Column struct {
	Name     string     `json:"name"`
	Kind     ColumnKind `json:"kind"`
	Required bool       `json:"required,omitempty"`
}

// ColumnKind says how a cell is checked.
type ColumnKind string

// Kinds of column. "List" kinds hold several values divided by spaces.
const (
	Text        ColumnKind = "text"
	Term        ColumnKind = "term"         // words looked for in texts; word* stands for every ending
	CountryCode ColumnKind = "country"      // ISO 3166-1 alpha-2
	CountryList ColumnKind = "country list" //
	PlaceCode   ColumnKind = "place"        // UN/LOCODE, five characters
	HSCode      ColumnKind = "hs"           // 2 to 6 digits
	HSList      ColumnKind = "hs list"      //
	Number      ColumnKind = "number"
	Code        ColumnKind = "code" // capitals and digits
)

// Lists are all lists of a unit. It is a value: With returns another one.
type Lists struct {
	rows map[string][][]string
}

//go:embed lists/*.tsv
var listFiles embed.FS

var defaultLists = readDefaultLists()

// DefaultLists returns the lists as they come with the program: public knowledge and
// rough figures of our own, each row with its source.
func DefaultLists() Lists { return Lists{maps.Clone(defaultLists)} }

func readDefaultLists() map[string][][]string {
	rows := map[string][][]string{}
	for _, s := range listSchemas {
		raw, err := listFiles.ReadFile("lists/" + s.ID + ".tsv")
		if err != nil {
			panic(err) // a list without its file: found by every test
		}
		for n, line := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
			if n > 0 && line != "" { // the first line holds the columns' names
				rows[s.ID] = append(rows[s.ID], padRow(strings.Split(line, "\t"), len(s.Columns)))
			}
		}
	}
	return rows
}

func padRow(row []string, n int) []string {
	for len(row) < n {
		row = append(row, "")
	}
	return row
}

// IDs returns the ids of all lists, in the order in which pages show them.
func (l Lists) IDs() []string {
	ids := make([]string, len(listSchemas))
	for i, s := range listSchemas {
		ids[i] = s.ID
	}
	return ids
}

// List returns the list of the id, or false. Its rows must not be changed.
func (l Lists) List(id string) (List, bool) {
	for _, s := range listSchemas {
		if s.ID == id {
			s.Rows = l.rows[id]
			return s, true
		}
	}
	return List{}, false
}

// With returns the lists with the rows of one of them replaced, or a fault.Invalid
// that names the row, counted from 1, and the column.
func (l Lists) With(id string, rows [][]string) (Lists, error) {
	s, ok := l.List(id)
	if !ok {
		return l, fault.New(fault.NotFound, "there is no list %q", id)
	}
	clean := make([][]string, 0, len(rows))
	for i, row := range rows {
		c, err := s.check(i, row)
		if err != nil {
			return l, err
		}
		clean = append(clean, c)
	}
	next := Lists{maps.Clone(l.rows)}
	if next.rows == nil {
		next.rows = map[string][][]string{}
	}
	next.rows[id] = clean
	return next, nil
}

// Validate returns the first fault of all lists, or nil.
func (l Lists) Validate() error {
	for _, s := range listSchemas {
		for i, row := range l.rows[s.ID] {
			if _, err := s.check(i, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxRows bounds a list, so that an engine stays in memory.
const maxRows = 20000

// title and the column's are what pages call them.
func (s List) title() fault.Phrase   { return fault.Term("list."+s.ID+".title", s.ID) }
func (c Column) title() fault.Phrase { return fault.Term("risk.column."+c.Name, c.Name) }

func (s List) check(i int, row []string) ([]string, error) {
	if i >= maxRows {
		return nil, fault.New(fault.Invalid, "list %s: more than %d rows", s.title(), maxRows)
	}
	if len(row) > len(s.Columns) {
		return nil, fault.New(fault.Invalid, "list %s, row %d: %d cells, but the list has %d columns", s.title(), i+1, len(row), len(s.Columns))
	}
	row = padRow(slices.Clone(row), len(s.Columns))
	for k, c := range s.Columns {
		row[k] = strings.TrimSpace(row[k])
		if why := c.check(row[k]); !why.IsZero() {
			return nil, fault.New(fault.Invalid, "list %s, row %d, column %s: %q %s", s.title(), i+1, c.title(), row[k], why)
		}
	}
	return row, nil
}

// MarshalJSON writes {"id": [[cell, ...], ...], ...}.
func (l Lists) MarshalJSON() ([]byte, error) { return json.Marshal(l.rows) }

// UnmarshalJSON reads what MarshalJSON wrote. Lists that are missing keep their
// default rows; unknown ids and bad cells are a fault.Invalid.
func (l *Lists) UnmarshalJSON(b []byte) error {
	var rows map[string][][]string
	if err := json.Unmarshal(b, &rows); err != nil {
		return fmt.Errorf("risk: lists: %w", err)
	}
	next := DefaultLists()
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		var err error
		if next, err = next.With(id, rows[id]); err != nil {
			return err
		}
	}
	*l = next
	return nil
}
