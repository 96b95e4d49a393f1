package risk

import (
	"fmt"
	"testing"
)

func TestInnocentDump(t *testing.T) {
	a := testEngine(t).Assess(innocent(), nil)
	for _, f := range a.Findings {
		fmt.Println(f.Indicator, f.Contribution, f.Evidence)
	}
}
