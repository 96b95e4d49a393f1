package risk

import (
	"cmp"
	"math"
	"slices"
)

// What an indicator's firing says depends on how often it fires where nothing is
// wrong, and the best estimate of that is how often it fires at all: few consignments
// are guilty. An expert's weight is meant for an event that two in a hundred
// consignments of ordinary traffic show. The unit's own traffic corrects it: where
// the event is commoner it counts less, by the logarithm of the ratio, as in a naive
// Bayes score; where it is rarer it counts somewhat more. (Field notes, targeting §5:
// "calibrated log-likelihood sum with per-check base rates".)

const (
	usualRate    = 0.02 // the rate for which weights are meant
	rarityLeast  = 100  // fewer consignments say nothing of rates
	rateTrust    = 150  // consignments that the expert's rate is worth
	maxRarity    = 1    // what rarity may add at most, and never more than the weight
	leastWeight  = Step // what a common event still counts, so that it stays in sight
	levelsPerOne = 4    // levels of strength that are counted apart
	rarityBlock  = 1024 // consignments that are counted together; the last two blocks speak
)

// Fire counts consignments in which an indicator fired at one level of strength. What
// is new to a young unit is old after a year, so the counts are kept by blocks of
// consignments, and the last two blocks speak.
type Fire struct {
	Indicator uint16 // see fireCode
	Level     uint8
	Block     uint32
	N         int
}

// fireCode packs an indicator's id (a capital and two digits) into a number that
// does not change when indicators are added.
func fireCode(id string) uint16 {
	return uint16(id[0])<<8 | uint16(id[1]-'0')*10 + uint16(id[2]-'0')
}

func levelOf(strength float64) uint8 {
	return uint8(min(strength, maxStrength) * levelsPerOne)
}

func compareFires(a, b Fire) int {
	if c := cmp.Compare(a.Indicator, b.Indicator); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Level, b.Level); c != 0 {
		return c
	}
	return cmp.Compare(a.Block, b.Block)
}

// fires counts the consignments from a block on in which the indicator fired at least
// so strongly.
func (t *Trace) fires(indicator uint16, level uint8, from uint32) (n int) {
	if t == nil {
		return 0
	}
	i, _ := slices.BinarySearchFunc(t.Fires, Fire{Indicator: indicator, Level: level}, compareFires)
	for ; i < len(t.Fires) && t.Fires[i].Indicator == indicator; i++ {
		if t.Fires[i].Block >= from {
			n += t.Fires[i].N
		}
	}
	return n
}

// fire adds n to the count, which it makes or drops as need be.
func (t *Trace) fire(f Fire, n int) {
	f.N = n
	i, found := slices.BinarySearchFunc(t.Fires, f, compareFires)
	switch {
	case found:
		if t.Fires[i].N += n; t.Fires[i].N <= 0 {
			t.Fires = slices.Delete(t.Fires, i, i+1)
		}
	case n > 0 && len(t.Fires) < maxFires:
		t.Fires = slices.Insert(t.Fires, i, f)
	}
}

// noteFires counts what indicators found in a version of the document, each once for
// all its versions, at the highest level of any.
func noteFires(scope, own *Trace, all []Fire) {
	block := uint32(max(0, scope.N-1) / rarityBlock)
	scope.forget(block)
	for _, f := range all {
		f.Block = block
		if old, known := own.fired(f.Indicator); known {
			if old.Level >= f.Level {
				continue
			}
			f.Block = old.Block
			own.fire(old, -1)
			if old.Block+3 > block {
				scope.fire(old, -1)
			}
		}
		own.fire(f, 1)
		if f.Block+3 > block {
			scope.fire(f, 1)
		}
	}
}

// forget drops what no longer speaks. One block more is kept than is counted, because
// a document's own observation is left out of account.
func (t *Trace) forget(block uint32) {
	if len(t.Fires) > 0 && t.N%rarityBlock <= 1 {
		t.Fires = slices.DeleteFunc(t.Fires, func(f Fire) bool { return f.Block+3 <= block })
	}
}

// fired returns how the indicator fired in the document.
func (t *Trace) fired(indicator uint16) (found Fire, ok bool) {
	for _, f := range t.Fires {
		if f.Indicator == indicator {
			found, ok = f, true
		}
	}
	return found, ok
}

// rarity returns what the unit's own traffic adds to the weight of a finding, the last
// consignments that were counted, and those of them in which its like was found.
func (v *View) rarity(indicator uint16, strength float64) (adds float64, fired, of int) {
	n := v.history.scope.n
	if n < rarityLeast {
		return 0, 0, 0
	}
	level, from := levelOf(strength), uint32(max(0, n/rarityBlock-1))
	of = n - int(from)*rarityBlock
	fired = v.history.scope.trace.fires(indicator, level, from) - v.own.fires(indicator, level, from)
	return math.Log(usualRate * (float64(of) + rateTrust) / (float64(fired) + usualRate*rateTrust)), fired, of
}

// weighed returns the contribution of a finding: strength times weight, corrected by
// its rarity. Reasons against a suspicion are taken as they are.
func weighed(points, rarity float64) LogOdds {
	if points <= 0 {
		return Round(points)
	}
	return Round(max(points+min(rarity, maxRarity, points), min(points, float64(leastWeight))))
}

// fires lists what the indicators found, to be counted.
func (v *View) fires() []Fire {
	v.counted = v.counted[:0]
	for i := range v.fired {
		v.counted = append(v.counted, Fire{fireCode(v.fired[i].Indicator), levelOf(v.fired[i].strength), 0, 1})
	}
	return v.counted
}
