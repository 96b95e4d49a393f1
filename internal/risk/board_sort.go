package risk

import (
	"cmp"
	"slices"
)

// sort puts the rows in the order of the queue, one column after the other.
func (c *columns) sort() {
	order := make([]int32, c.len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if c.score[a] != c.score[b] {
			return cmp.Compare(c.score[b], c.score[a])
		}
		return cmp.Compare(c.id[a], c.id[b])
	})
	c.id, c.score, c.kind, c.mode = inOrder(c.id, order), inOrder(c.score, order), inOrder(c.kind, order), inOrder(c.mode, order)
	c.day, c.loading, c.unloading = inOrder(c.day, order), inOrder(c.loading, order), inOrder(c.unloading, order)
	c.consignor, c.consignee, c.notify = inOrder(c.consignor, order), inOrder(c.consignee, order), inOrder(c.notify, order)
	c.found = inOrder(c.found, order)
}

func inOrder[T any](column []T, order []int32) []T {
	out := make([]T, len(order))
	for i, at := range order {
		out[i] = column[at]
	}
	return out
}
