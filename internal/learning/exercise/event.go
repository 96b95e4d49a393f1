package exercise

import "time"

// Marked is announced, once, when an officer has handed in an exercise.
type Marked struct {
	Run     int64     `json:"run"`
	Officer int64     `json:"officer"`
	Unit    int64     `json:"unit"`
	Course  string    `json:"course"` // empty for a coordinator's own exercise
	Score   float64   `json:"score"`  // 0 to 1
	At      time.Time `json:"at"`
}

// EventName names the event.
func (Marked) EventName() string { return "exercise.marked" }

// Ordered is announced for a world that is to be made.
type Ordered struct {
	World int64 `json:"world"`
}

// EventName names the event.
func (Ordered) EventName() string { return "exercise.ordered" }
