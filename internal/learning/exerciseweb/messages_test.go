package exerciseweb

import (
	"context"
	"slices"
	"testing"

	"tidewaiter/internal/learning/exercise"
	"tidewaiter/internal/simulate"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, messages) }

// TestEverythingHasWords: what is named by the core, or by the generator, can be said.
func TestEverythingHasWords(t *testing.T) {
	var ids []string
	for _, id := range exercise.TraceIDs() {
		ids = append(ids, "exercise.trace."+id)
	}
	for _, s := range simulate.Schemes() {
		ids = append(ids, "exercise.scheme."+s, "exercise.scheme-text."+s)
	}
	for _, s := range exercise.Skills {
		ids = append(ids, "exercise.skill."+s)
	}
	for _, l := range exercise.Levels {
		ids = append(ids, "exercise.level."+string(l), "exercise.level-text."+string(l))
	}
	for s := range stateTones {
		ids = append(ids, "exercise.state."+string(s))
	}
	for _, id := range ids {
		if !web.Known(id) {
			t.Errorf("there are no words for %s", id)
		}
	}
	ctx := context.Background()
	for _, f := range exercise.Fields {
		name := fieldName(ctx, f)
		if name == "" || slices.Contains([]string{f, "exercise.part." + f}, name) || sectionOf(f) == "" {
			t.Errorf("the field %s is called %q and stands in %q", f, name, sectionOf(f))
		}
	}
}
