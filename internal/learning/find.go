package learning

import (
	"context"
	"slices"
	"time"

	"tidewaiter/internal/learning/xapi"
)

// MaxPage is how many statements a page has at most.
const MaxPage = 500

// defaultPage is how many it has when the request does not say.
const defaultPage = 100

// pageBytes is from how many bytes on a page ends early.
const pageBytes = 8 << 20

// Query says which statements are wanted; its zero value wants all, the newest first.
type Query struct {
	Keys         []xapi.Key // a statement must have each of them
	Since, Until time.Time  // stored after Since, and not after Until; zero: no bound
	Ascending    bool       // the oldest first
	Limit        int        // of a page; 0: as many as suit
	Cursor       int64      // where the page before ended, of Page.More; 0: the first page
}

// Page is a part of what was found.
type Page struct {
	Statements []Kept
	More       int64 // Query.Cursor of the next page; 0 when this is the last
}

// Find returns a page of the statements that match and were not voided. It needs
// ReadStatements, or ReadMine for those that the client itself sent.
func (r *Records) Find(ctx context.Context, c Client, q Query) (Page, error) {
	if !c.May(ReadStatements, ReadMine) {
		return Page{}, mayNot("read statements")
	}
	if c.onlyMine() {
		q.Keys = append(slices.Clone(q.Keys), xapi.ClientKey(c.ID))
	}
	limit := defaultPage
	if q.Limit > 0 {
		limit = min(q.Limit, MaxPage)
	}
	numbers, err := r.numbers(ctx, q, limit+1)
	if err != nil {
		return Page{}, err
	}
	more := len(numbers) > limit
	if more {
		numbers = numbers[:limit]
	}
	kept, err := r.press.selectBodies(ctx, r.db.Read, numbers)
	if err != nil {
		return Page{}, err
	}
	page, whole := cut(kept)
	p := Page{Statements: page}
	if len(page) > 0 && (more || !whole) {
		p.More = page[len(page)-1].seq + 1
	}
	return p, nil
}

// cut ends a page that has grown too large, but not before its first statement.
func cut(kept []Kept) (page []Kept, whole bool) {
	bytes := 0
	for i, k := range kept {
		if bytes += len(k.Body); bytes > pageBytes && i > 0 {
			return kept[:i], false
		}
	}
	return kept, true
}

// search is one walk over the segments.
type search struct {
	Query
	snapshot
	least, end int64 // numbers that are wanted, end without
	most       int
	found      []int64
}

// numbers returns the numbers of the first statements that match, at most so many.
func (r *Records) numbers(ctx context.Context, q Query, most int) ([]int64, error) {
	snap, err := r.tail.match(ctx, r.db.Read, q.Keys)
	if err != nil {
		return nil, err
	}
	s := &search{Query: q, snapshot: snap, end: snap.next, most: most}
	if err := r.bounds(ctx, s); err != nil {
		return nil, err
	}
	if s.least >= s.end {
		return nil, nil
	}
	if q.Ascending {
		if more, err := r.sealedSegments(ctx, s); err != nil || !more {
			return s.found, err
		}
		s.recentSegments()
		return s.found, nil
	}
	if !s.recentSegments() {
		return s.found, nil
	}
	_, err = r.sealedSegments(ctx, s)
	return s.found, err
}

// bounds turns times and the cursor into numbers.
func (r *Records) bounds(ctx context.Context, s *search) (err error) {
	if !s.Since.IsZero() {
		if s.least, err = r.after(ctx, s.Since, s.next); err != nil {
			return err
		}
	}
	if !s.Until.IsZero() {
		if s.end, err = r.after(ctx, s.Until, s.next); err != nil {
			return err
		}
	}
	if s.Cursor != 0 && s.Ascending {
		s.least = max(s.least, s.Cursor)
	} else if s.Cursor != 0 {
		s.end = min(s.end, s.Cursor-1)
	}
	return nil
}

// after returns the number of the first statement stored after a time. Times rise with
// the numbers, which have no gaps: twenty looks find one of a million.
func (r *Records) after(ctx context.Context, at time.Time, next int64) (int64, error) {
	low, high := int64(0), next
	for low < high {
		middle := low + (high-low)/2
		stored, err := selectStored(ctx, r.db.Read, middle)
		if err != nil {
			return 0, err
		}
		if stored.After(at) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low, nil
}

// take adds what matches in a segment, and reports whether more is wanted.
func (s *search) take(segment int64, b *bitmap) bool {
	b.within(segment, s.least, s.end)
	return b.each(s.Ascending, func(offset uint16) bool {
		s.found = append(s.found, segment*segmentSize+int64(offset))
		return len(s.found) < s.most
	})
}

// recentSegments walks over those that have no postings yet.
func (s *search) recentSegments() (more bool) {
	for i := range s.recent {
		if !s.Ascending {
			i = len(s.recent) - 1 - i
		}
		if !s.take(s.sealed+int64(i), s.recent[i]) {
			return false
		}
	}
	return true
}

// sealedSegments walks over those that have postings, some at a time: few at first, as
// the newest often suffice, then more and more.
func (r *Records) sealedSegments(ctx context.Context, s *search) (more bool, err error) {
	from, to := s.least/segmentSize, min(s.sealed, (s.end+segmentSize-1)/segmentSize)
	for step := int64(1); from < to; step = min(4*step, 1024) {
		low, high := max(from, to-step), to
		if s.Ascending {
			low, high = from, min(to, from+step)
		}
		matches, err := r.intersect(ctx, s.Keys, low, high)
		if err != nil {
			return false, err
		}
		for i := range high - low {
			segment := low + i
			if !s.Ascending {
				segment = high - 1 - i
			}
			if b := matches[segment]; b != nil && !s.take(segment, b) {
				return false, nil
			}
		}
		if s.Ascending {
			from = high
		} else {
			to = low
		}
	}
	return true, nil
}

// intersect returns the statements of the segments from low up to, and without, high
// that have all keys and were not voided.
func (r *Records) intersect(ctx context.Context, keys []xapi.Key, low, high int64) (map[int64]*bitmap, error) {
	matches := map[int64]*bitmap{}
	if len(keys) == 0 {
		for segment := low; segment < high; segment++ {
			matches[segment] = everything()
		}
	}
	for i, key := range keys {
		rows, err := selectPostings(ctx, r.db.Read, key, low, high)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			matches = rows
			continue
		}
		for segment, b := range matches {
			if other := rows[segment]; other == nil || !b.and(other) {
				delete(matches, segment)
			}
		}
		if len(matches) == 0 {
			return nil, nil
		}
	}
	voided, err := selectPostings(ctx, r.db.Read, xapi.KeyVoided, low, high)
	for segment, b := range voided {
		if matches[segment] != nil {
			matches[segment].without(b)
		}
	}
	return matches, err
}
