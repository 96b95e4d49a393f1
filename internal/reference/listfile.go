package reference

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// An imported list lies in the data directory as one file of tab-separated text. Its
// first line is its label: "#tidewaiter 1", kind, release, full or partial, rows.
const listMagic = "#tidewaiter 1"

const mostListBytes = 64 << 20 // the official UN/LOCODE is under 10 MB

func listPath(dir string, kind Kind) string {
	return filepath.Join(dir, "reference-"+string(kind)+".tsv")
}

// Load reads the lists that Import left in dir, and lays them over the tables built
// in. A missing directory or file is no error; a damaged one is fault.Invalid.
func Load(dir string) (*Directory, error) {
	d := &Directory{lists: make(map[Kind]List)}
	for _, kind := range Kinds {
		list, lines, err := readList(dir, kind)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load the list %s: %w", kind, err)
		}
		if err := d.take(kind, lines); err != nil {
			return nil, fmt.Errorf("load the list %s: %w", kind, err)
		}
		d.lists[kind] = list
	}
	return d, nil
}

func readList(dir string, kind Kind) (List, []string, error) {
	path := listPath(dir, kind)
	info, err := os.Stat(path)
	if err != nil {
		return List{}, nil, err
	}
	if info.Size() > mostListBytes {
		return List{}, nil, fault.New(fault.Invalid, "%s is larger than %d MiB", path, mostListBytes>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return List{}, nil, err
	}
	label, rest, _ := strings.Cut(string(text), "\n")
	f := strings.Split(label, "\t")
	damaged := fault.New(fault.Invalid, "%s is not a list of ours, or damaged", path).WithHint("import it again")
	if len(f) != 5 || f[0] != listMagic || f[1] != string(kind) {
		return List{}, nil, damaged
	}
	rows, err := strconv.Atoi(f[4])
	lines := strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
	if err != nil || rows != len(lines) {
		return List{}, nil, damaged
	}
	return List{Kind: kind, Release: f[2], Full: f[3] == "full", Rows: rows}, lines, nil
}

// take parses the lines of a list into the directory.
func (d *Directory) take(kind Kind, lines []string) error {
	switch kind {
	case Places:
		rows := make([]packedPlace, len(lines))
		for i, line := range lines {
			var ok bool
			if rows[i], ok = unpackPlace(line); !ok {
				return fault.New(fault.Invalid, "line %d is damaged", i+2)
			}
		}
		d.places = newPlaceList(rows)
	case Tariff:
		d.goods = make(map[HS]string, len(lines))
		for _, line := range lines {
			code, title, _ := strings.Cut(line, "\t")
			d.goods[HS(code)] = title
		}
	case Owners:
		d.owners = make(map[string]Owner, len(lines))
		for _, line := range lines {
			prefix, name, _ := strings.Cut(line, "\t")
			d.owners[prefix] = Owner{Prefix: prefix, Name: name}
		}
	}
	return nil
}

// writeList puts the list in place whole or not at all.
func writeList(dir string, list List, lines []string) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	f, err := os.CreateTemp(dir, "reference-*.tmp")
	if err != nil {
		return fmt.Errorf("write the list %s: %w", list.Kind, err)
	}
	defer os.Remove(f.Name()) // gone already where all went well
	full := "partial"
	if list.Full {
		full = "full"
	}
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", listMagic, list.Kind, list.Release, full, list.Rows)
	for _, line := range lines {
		w.WriteString(line)
		w.WriteByte('\n')
	}
	err = errors.Join(w.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), listPath(dir, list.Kind))
	}
	if err != nil {
		return fmt.Errorf("write the list %s: %w", list.Kind, err)
	}
	return nil
}
