package simulate

import (
	"math"
	"strings"
	"testing"
)

func learned(prior, with, shuffled string) LearnedWorld {
	w := LearnedWorld{Supported: true, Prior: map[string]bool{}, Learned: map[string]bool{}, Shuffled: map[string]bool{}}
	for i := range len(prior) {
		doc := string(rune('a' + i))
		w.Prior[doc], w.Learned[doc], w.Shuffled[doc] = prior[i] == '1', with[i] == '1', shuffled[i] == '1'
	}
	return w
}

func TestLearnReport(t *testing.T) {
	r := LearnReport{Worlds: []LearnedWorld{learned("1100000000", "1111000000", "1100000000"), learned("1010101010", "1111111010", "1010101010")}}
	gain, control := r.Gain(), r.Control()
	if math.Abs(gain.Value-0.25) > 1e-12 || gain.Low <= 0 || gain.High <= 0.25 || gain.High > 0.6 {
		t.Errorf("gain %+v", gain)
	}
	if control != (Difference{}) {
		t.Errorf("nothing has changed, and yet %+v", control)
	}
	if r.Gain() != gain {
		t.Error("the same report gives another interval")
	}
	text := r.String()
	for _, want := range []string{"35.0 %", "60.0 %", "+25.0 points", "+0.0 points (95 % interval +0.0 to +0.0)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if empty := (LearnReport{}).Gain(); !math.IsNaN(empty.Value) {
		t.Errorf("a gain of nothing: %+v", empty)
	}
}

func TestPlantedInHead(t *testing.T) {
	scores := []Scored{{"D0", 9}, {"D5", 8}, {"D1", 7}}
	for share, want := range map[float64]string{0.1: "10", 0.2: "10", 0.3: "11", 1: "11"} {
		got := PlantedInHead(scores, ten(), share)
		if len(got) != 2 || asNumber(got["D0"]) != asNumber(want[0] == '1') || asNumber(got["D1"]) != asNumber(want[1] == '1') {
			t.Errorf("%v: %v, want %s", share, got, want)
		}
	}
}
