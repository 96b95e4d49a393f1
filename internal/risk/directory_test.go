package risk

import (
	"testing"

	"tidewaiter/internal/reference"
)

func TestDirectoryLookups(t *testing.T) {
	places := DirectoryPlaces(reference.Embedded())
	for range 2 { // the second answer is the remembered one
		if p, ok := places("NLRTM"); !ok || !p.Located || p.Functions && !p.Port {
			t.Errorf("Rotterdam: %+v, %v", p, ok)
		}
		if _, ok := places("ZZZZZ"); ok {
			t.Error("ZZZZZ is a place")
		}
	}
	if !DirectoryOwners(reference.Embedded())("QQQU") {
		t.Error("without a full register a prefix is called unknown")
	}
}
