package risk

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// Draw chooses a share of all consignments whatever their scores, so that one day we
// can say what the score misses. It depends on nothing but its seed, the scope and the
// document's key: anyone who knows the recorded seed can repeat it, nobody who does not
// can foresee it, and neither the order of arrival nor an amendment changes it.
type Draw struct {
	Seed  uint64  `json:"seed"`
	Share float64 `json:"share"` // 0 to 1: the probability that a consignment is chosen
}

// Chosen reports whether the draw chooses the document of the scope.
func (d Draw) Chosen(scope int64, documentKey string) bool {
	if d.Share <= 0 {
		return false
	}
	var head [16]byte
	binary.BigEndian.PutUint64(head[:8], d.Seed)
	binary.BigEndian.PutUint64(head[8:], uint64(scope))
	sum := sha256.Sum256(append(head[:], documentKey...))
	uniform := float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53) // in [0, 1)
	return uniform < math.Min(d.Share, 1)
}
