package course

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Marked is a sheet that was handed in: the marks of its questions, 0 to 1.
type Marked struct {
	Seed    uint64
	Marks   map[string]float64 // by question
	Answers map[string]Answer
}

// Item is how a question has worked in the tests.
type Item struct {
	Question string
	Asked    int
	// Difficulty is the mean mark, 0 to 1: the higher, the easier (the classical p value).
	Difficulty float64
	// Discrimination is the correlation of the mark with the mean mark of the sheet's other
	// questions (corrected item-total correlation); NaN where it cannot be told.
	Discrimination float64
	Chosen         []int // how often each part was chosen, in the order of the bank
	Skipped        int
}

// leastAsked is how many sheets a discrimination needs to be told.
const leastAsked = 10

// Analyse returns how each question of the course has worked (Crocker and Algina 1986,
// ch. 14), in the order of the bank; those never asked are left out.
func (c *Course) Analyse(sheets []Marked) (items []Item) {
	for i := range c.Questions {
		q := &c.Questions[i]
		item := Item{Question: q.ID, Chosen: make([]int, q.Parts())}
		var own, others []float64
		for _, s := range sheets {
			mark, asked := s.Marks[q.ID]
			if !asked {
				continue
			}
			item.Asked++
			item.Difficulty += mark
			answer := s.Answers[q.ID]
			if answer.Empty() {
				item.Skipped++
			}
			for _, part := range q.Chosen(s.Seed, answer) {
				item.Chosen[part]++
			}
			if len(s.Marks) > 1 {
				sum := 0.0
				for id, m := range s.Marks {
					if id != q.ID {
						sum += m
					}
				}
				own, others = append(own, mark), append(others, sum/float64(len(s.Marks)-1))
			}
		}
		if item.Asked == 0 {
			continue
		}
		item.Difficulty /= float64(item.Asked)
		item.Discrimination = math.NaN()
		if len(own) >= leastAsked {
			item.Discrimination = stat.Correlation(own, others, nil)
		}
		items = append(items, item)
	}
	return items
}

// Gain is how much more learners know after a course than before.
type Gain struct {
	Learners  int
	Mean      float64 // of after less before, in shares of 1
	Low, High float64 // 95 % interval of the mean (Student's t); NaN below 2 learners
}

// GainOf returns the gain over learners who took both tests: before[i] and after[i] are of
// one learner, 0 to 1.
func GainOf(before, after []float64) Gain {
	g := Gain{Learners: len(before), Mean: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if len(before) == 0 {
		return g
	}
	diff := make([]float64, len(before))
	for i := range before {
		diff[i] = after[i] - before[i]
	}
	mean, dev := stat.MeanStdDev(diff, nil)
	g.Mean = mean
	if n := float64(len(diff)); n > 1 {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.975)
		half := t * dev / math.Sqrt(n)
		g.Low, g.High = mean-half, mean+half
	}
	return g
}
