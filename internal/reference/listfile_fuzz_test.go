package reference

import (
	"bytes"
	"testing"
)

// FuzzImport: no bytes make the reading of an official list panic, and a list that is
// taken can be loaded again.
func FuzzImport(f *testing.F) {
	f.Add([]byte("prefix,owner\nMSCU,MSC\n"), byte(2))
	f.Add([]byte("section,hscode,description,parent,level\nI,01,Animals; live,TOTAL,2\n"), byte(1))
	f.Add([]byte(`,"KG","FRU","Bishkek","Bishkek",,"AI","--34-6--","0601",,"4252N 07434E",""`+"\n"), byte(0))
	f.Add([]byte("PK\x03\x04"), byte(0))
	kinds := []Kind{Places, Tariff, Owners}
	f.Fuzz(func(t *testing.T, raw []byte, kind byte) {
		dir := t.TempDir()
		report, err := Import(kinds[int(kind)%len(kinds)], bytes.NewReader(raw), dir, ImportOptions{Name: "list"})
		if err != nil {
			return
		}
		d, err := Load(dir)
		if err != nil {
			t.Fatalf("a list of %d rows was taken and cannot be loaded: %v", report.List.Rows, err)
		}
		if _, ok := d.List(report.List.Kind); !ok {
			t.Errorf("the list %s was taken and is not there", report.List.Kind)
		}
	})
}
