package risk

import "testing"

func TestNameKey(t *testing.T) {
	same := [][2]string{
		{"ВОСОТК МАШ", "ВОСТОК МАШ"}, {"OOO NOVOSERVIS", "ООО ТД НОВОСЕРВИС"}, {"SHANGHAI KAIAN CO., TLD", "Shanghai Kaian Co., Ltd."},
		{"Bereke Metall LLC", "ОсОО «Береке Металл»"}, {"Trade Altyn", "ALTYN TRADE"}, {"Nile Foods S.A.E.", "NILE FOODS"},
		{"Хан-Тенгри", "KHAN TENGRI"}, {"Жибек Жолу", "JIBEK JOLU"},
	}
	for _, c := range same {
		if nameKey(c[0]) != nameKey(c[1]) && !sameName(c[0], c[1]) {
			t.Errorf("%q and %q are taken for two", c[0], c[1])
		}
	}
	other := [][2]string{
		{"Altyn Trade 1", "Altyn Trade 2"}, {"El Nasr Marble", "El Nasr Wood"}, {"Ак-Жол", "Ак-Тоо"}, {"Nile Foods", "Blue Lotus Import"},
		{"ООО", "LLC"}, {"", ""}, {"Horus Dairy", "Horus Paper"},
	}
	for _, c := range other {
		if c[0] != c[1] && nameKey(c[0]) == nameKey(c[1]) && nameKey(c[0]) != 0 || sameName(c[0], c[1]) {
			t.Errorf("%q and %q are taken for one", c[0], c[1])
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"vostok", "vosotk", 1}, {"metal", "metall", 0}, {"baraka", "bareka", 1}, {"baraka", "barka", 1}, {"sun", "moda", 3}, {"altyn", "altai", 2}} {
		a, _ := nextWord(c.a, 0)
		b, _ := nextWord(c.b, 0)
		if got := distance(&a, &b); got != c.want {
			t.Errorf("%s and %s: distance %d, want %d", a.text(), b.text(), got, c.want)
		}
	}
}

// FuzzNames: comparing any two names ends, and every name is like itself.
func FuzzNames(f *testing.F) {
	f.Add("ОсОО «Алтын»", "Altyn LLC")
	f.Add("a.b.c.\xff\xfe", "'''...")
	f.Fuzz(func(t *testing.T, a, b string) {
		sameName(a, b)
		if nameKey(a) != 0 && len(a) < maxText && !sameName(a, a) {
			t.Errorf("%q is unlike itself", a)
		}
	})
}
