package exercise

import "math"

// FirstRating is that of an officer who has never handed in an exercise of the skill.
const FirstRating = 1100

// The most that one exercise moves a rating: as FIDE's K, twice as much for who is new.
const (
	factorNew  = 40
	factorOld  = 20
	factorTask = 10 // a task is taken by many
	newUntil   = 10 // exercises
)

// aim is the score that the next level should let an officer expect: mostly right, with
// something left to learn.
const aim = 0.6

// Expected returns the score, 0 to 1, that a rating lets expect against a difficulty of the
// other rating: 1 / (1 + 10^((other-own)/400)). A. Elo, The Rating of Chessplayers, Past
// and Present, 1978, chapter 1; a score of one half takes the place of a draw.
func Expected(own, other float64) float64 { return 1 / (1 + math.Pow(10, (other-own)/400)) }

// Rate returns the rating after a score, 0 to 1, by Elo's formula R' = R + K (S - E); runs
// is how many exercises came before. A score outside of 0 to 1 counts as the nearest bound.
func Rate(own, other, score float64, runs int) float64 {
	k := float64(factorOld)
	if runs < newUntil {
		k = factorNew
	}
	return own + k*(clamp(score)-Expected(own, other))
}

// RateTask returns the difficulty of a task after an officer of the rating had the score.
func RateTask(task, officer, score float64) float64 {
	return task - factorTask*(clamp(score)-Expected(officer, task))
}

func clamp(score float64) float64 {
	if !(score >= 0) { // also what is no number
		return 0
	}
	return math.Min(score, 1)
}

// Propose returns the level whose expected score is nearest to what teaches most.
func Propose(rating float64) Level {
	best, distance := Usual, math.Inf(1)
	for _, level := range Levels {
		if d := math.Abs(Expected(rating, shapes[level].rating) - aim); d < distance {
			best, distance = level, d
		}
	}
	return best
}
