package risk

import (
	"cmp"
	"slices"
)

// Capacity is how many consignments a unit can deal with in a day, and from which
// score on it is worth it: a quiet day does not fill its examinations with nothing.
type Capacity struct {
	Examine      int     `json:"examine"`
	Look         int     `json:"look"`
	ExamineFloor LogOdds `json:"examine_floor"`
	LookFloor    LogOdds `json:"look_floor"`
}

// DefaultCapacity is that of a small unit: ten examinations and forty looks a day.
// The floors stand for odds of about 1 in 8 and 1 in 20.
func DefaultCapacity() Capacity {
	return Capacity{Examine: 10, Look: 40, ExamineFloor: -2, LookFloor: -3}
}

// Scored is a consignment of a day with its score. The key breaks ties, so that the
// same day is always divided the same way.
type Scored struct {
	Key   string
	Score LogOdds
}

// Divide returns the channel of each consignment of one day: the highest scores are
// examined, the next ones get a look, as far as the capacity and its floors go.
func Divide(day []Scored, capacity Capacity) []Channel {
	order := make([]int, len(day))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(day[b].Score, day[a].Score), cmp.Compare(day[a].Key, day[b].Key))
	})
	channels := make([]Channel, len(day))
	examine, look := capacity.Examine, capacity.Look
	for _, i := range order {
		channels[i] = Release
		switch score := day[i].Score; {
		case examine > 0 && score >= capacity.ExamineFloor:
			channels[i] = Examine
			examine--
		case look > 0 && score >= capacity.LookFloor:
			channels[i] = Look
			look--
		}
	}
	return channels
}
