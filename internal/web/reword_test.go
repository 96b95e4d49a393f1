package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

func TestStoredTextIsReworded(t *testing.T) {
	hint := fault.Say("send it as CSV")
	cases := []struct {
		name string
		err  error // its text is what was stored
		want string
	}{
		{"a sentence", fault.New(fault.Invalid, "the file is empty"), "файл пуст"},
		{"a hint", fault.New(fault.Invalid, "the file is empty").WithHint("%s", hint), "файл пуст (отправьте её как CSV)"},
		{"a phrase within", fault.New(fault.Invalid, "the file is %s, which is not read here", fault.Say("a PDF document")).WithHint("%s", hint),
			"файл не читается, это документ PDF (отправьте её как CSV)"},
		{"quotation marks and digits", fault.New(fault.Invalid, "sheet %q, row %d cannot be read", `A "1"`, 12345), `лист «A \"1\"», строка 12345 не читается`},
		{"a cause", fault.Wrap(fault.Invalid, errors.New("zip: not a valid zip file"), "the workbook cannot be read").WithHint("%s", hint),
			"книга Excel не читается: zip: not a valid zip file (отправьте её как CSV)"},
		{"a cause that is a fault", fault.Wrap(fault.Invalid, fault.New(fault.Invalid, "the file is empty"), "the workbook cannot be read"),
			"книга Excel не читается: файл пуст"},
		{"a place and a reason", fault.New(fault.Invalid, "%s, byte %d: %s", fault.Say("segment %d of message %s", 7, "M1"), int64(99), fault.Say("no segment terminator within %d bytes", 512)),
			"сегмент 7 сообщения M1, байт 99: нет конца сегмента на протяжении 512 байт"},
		{"brackets of its own", fault.New(fault.Invalid, "the file is %s, which is not read here", fault.Say("an old Excel workbook (.xls)")), "файл не читается, это книга старого Excel (.xls)"},
		{"words of nobody", errors.New("disk full (very)"), "disk full (very)"},
	}
	ru := SetLanguage(context.Background(), Russian)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Reword(ru, c.err.Error()); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := Reword(context.Background(), c.err.Error()); got != c.err.Error() {
				t.Errorf("English becomes %q", got)
			}
		})
	}
}

// Whatever format a text was made by, it is found again: no format hides another.
func TestEveryFormatIsFoundAgain(t *testing.T) {
	for format, translated := range sentences[Kyrgyz] {
		var args []any
		for i, m := range verbPattern.FindAllStringSubmatch(format, -1) {
			switch m[2][len(m[2])-1] {
			case 'd':
				args = append(args, int64(i+7))
			case 'c':
				args = append(args, '7')
			case '%':
			default:
				args = append(args, fmt.Sprintf("X%dY", i))
			}
		}
		want := strings.NewReplacer(`"X`, "«X", `Y"`, "Y»").Replace(fmt.Sprintf(translated, args...))
		if got := reword(Kyrgyz, fmt.Sprintf(format, args...), 0); got != want {
			t.Errorf("%q: %q, want %q", format, got, want)
		}
	}
}

func FuzzReword(f *testing.F) {
	f.Add(`the file is a PDF document, which is not read here (send it as CSV)`)
	f.Add(`line 4, "x": the XML is broken: (((: ((`)
	f.Fuzz(func(t *testing.T, text string) {
		if text != "" && Reword(SetLanguage(context.Background(), Russian), text) == "" {
			t.Errorf("%q becomes nothing", text)
		}
	})
}
