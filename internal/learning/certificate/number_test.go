package certificate

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

func TestNumbersAsTheyAreTyped(t *testing.T) {
	number := newNumber()
	for _, typed := range []string{
		number, Spaced(number), strings.ToLower(Spaced(number)), " " + number[:5] + "  " + number[5:] + "\n", strings.ReplaceAll(Spaced(number), "-", "–"), "\u200b" + number,
		strings.NewReplacer("A", "А", "B", "В", "E", "Е", "K", "К", "M", "М", "H", "н", "P", "Р", "C", "с", "T", "Т", "Y", "У", "X", "х").Replace(number),
	} {
		if got, err := ParseNumber(typed); err != nil || got != number {
			t.Errorf("%q is read as %q (%v)", typed, got, err)
		}
	}
	for _, wrong := range []string{"", "A", number[1:], number + "2", strings.Repeat(number, 10), "0" + number[1:], "Ж" + number[1:], "\xff" + number[1:], strings.Repeat("-", 12)} {
		if got, err := ParseNumber(wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is read as %q", wrong, got)
		}
	}
}

var drawn = rapid.Custom(func(t *rapid.T) string {
	random := rapid.StringOfN(rapid.SampledFrom([]rune(alphabet)), digits-1, digits-1, -1).Draw(t, "random")
	return random + string(check(random))
})

// Whatever number was drawn: one wrong character is found, and two that were exchanged.
func TestSlipsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := []byte(drawn.Draw(t, "number"))
		if got, err := ParseNumber(string(number)); err != nil || got != string(number) {
			t.Fatalf("%s: %s, %v", number, got, err)
		}
		at, with := rapid.IntRange(0, digits-1).Draw(t, "at"), rapid.IntRange(0, digits-1).Draw(t, "with")
		slip := append([]byte{}, number...)
		if rapid.Bool().Draw(t, "exchanged") {
			slip[at], slip[with] = slip[with], slip[at]
		} else {
			slip[at] = alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(t, "wrong")]
		}
		if _, err := ParseNumber(string(slip)); (err == nil) != (string(slip) == string(number)) {
			t.Fatalf("%s for %s: %v", slip, number, err)
		}
	})
}

func TestNumbersAreOftenNew(t *testing.T) {
	seen, letters := map[string]bool{}, map[rune]int{}
	const many = 3100
	for range many {
		n := newNumber()
		if got, err := ParseNumber(n); err != nil || got != n || seen[n] {
			t.Fatalf("%s: %v", n, err)
		}
		seen[n] = true
		for _, r := range n[:digits-1] {
			letters[r]++
		}
	}
	want := many * (digits - 1) / len(alphabet) // 1,100; the deviation of one is 33
	for _, r := range alphabet {
		if n := letters[r]; n < want-300 || n > want+300 {
			t.Errorf("%c came %d times of about %d", r, n, want)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("K7QM-3XWP-9RTA")
	f.Add("а в е")
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := ParseNumber(typed)
		if err != nil {
			return
		}
		if again, err := ParseNumber(Spaced(n)); err != nil || again != n {
			t.Errorf("%q is %q, and that %q (%v)", typed, n, again, err)
		}
	})
}
