package exercise

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"tidewaiter/internal/bus"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Traffic is the synthetic traffic of exercises, and what the engine says of it. The
// scopes that it speaks of are exercises', never a unit's live traffic.
type Traffic interface {
	// Scope opens an empty body of traffic for an exercise of the unit.
	Scope(ctx context.Context, unit int64, title string) (int64, error)
	// Fill makes the ordered world and brings it into the scope as a unit would receive it,
	// telling how far it is. It returns when everything has been assessed, with the truth of
	// the month. Called again after it was interrupted it goes on and returns the same. A
	// world that cannot be made is a fault.Invalid.
	Fill(ctx context.Context, scope int64, o Order, progress func(done, total int)) ([]Truth, error)
	// Look returns what the engine says of consignments of the scope, by id.
	Look(ctx context.Context, scope int64, consignments []int64) (map[int64]Look, error)
}

// Needs are what exercises work on.
type Needs struct {
	DB       *store.DB
	Bus      *bus.Bus
	Traffic  Traffic
	Audit    *identity.Audit
	Officers *identity.Officers
	Courses  func() []Task    // the exercises of courses; nil: none
	Schemes  []string         // that can be planted
	Now      func() time.Time // nil: time.Now
}

// Exercises are the use-cases of exercises.
type Exercises struct{ Needs }

// Queue is that of the bus in which worlds are made: it keeps nobody else waiting.
const Queue = "exercise"

// New returns the use-cases and subscribes the making of worlds to the bus.
func New(n Needs) *Exercises {
	if n.Now == nil {
		n.Now = time.Now
	}
	if n.Courses == nil {
		n.Courses = func() []Task { return nil }
	}
	s := &Exercises{n}
	bus.Subscribe(n.Bus, Queue, "exercise.prepare", s.prepare)
	return s
}

var errNone = fault.New(fault.NotFound, "there is no such exercise")

// Offer is a task that can be taken.
type Offer struct {
	Key      string // names it in addresses: course-ID or task-ID
	Task     Task
	MadeAt   time.Time // zero for one of a course
	Rating   float64   // of the officer who asks, for the least of its skills
	Proposed Level
}

const (
	courseKey = "course-"
	taskKey   = "task-"
)

// CourseKey returns the key of a course's exercise.
func CourseKey(course string) string { return courseKey + course }

// Offers returns what the viewer can take: the unit's own tasks, the newest first, then
// those of the courses. It needs identity.Learn.
func (s *Exercises) Offers(ctx context.Context) ([]Offer, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	offers, err := selectTasks(ctx, s.DB.Read, v.Unit.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range s.Courses() {
		offers = append(offers, Offer{Key: CourseKey(t.Course), Task: t})
	}
	ratings, err := s.ratings(ctx, s.DB.Read, v.Officer.ID)
	for i := range offers {
		offers[i].rate(ratings)
	}
	return offers, err
}

// Offer returns one of the Offers, or fault.NotFound.
func (s *Exercises) Offer(ctx context.Context, key string) (Offer, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return Offer{}, err
	}
	o, err := s.offer(ctx, v.Unit.ID, key)
	if err != nil {
		return o, err
	}
	ratings, err := s.ratings(ctx, s.DB.Read, v.Officer.ID)
	o.rate(ratings)
	return o, err
}

func (s *Exercises) offer(ctx context.Context, unit int64, key string) (Offer, error) {
	if course, ok := strings.CutPrefix(key, courseKey); ok {
		for _, t := range s.Courses() {
			if t.Course == course {
				return Offer{Key: key, Task: t}, nil
			}
		}
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(key, taskKey), 10, 64); err == nil && strings.HasPrefix(key, taskKey) {
		return selectTask(ctx, s.DB.Read, unit, id)
	}
	return Offer{}, errNone
}

// rate sets what is proposed to an officer of the ratings.
func (o *Offer) rate(ratings map[string]Rating) {
	for i, skill := range o.Task.skills() {
		if r := ratings[skill].orFirst(); i == 0 || r < o.Rating {
			o.Rating = r
		}
	}
	o.Proposed = Propose(o.Rating)
}

// Rating is what an officer has shown in one skill.
type Rating struct {
	Skill  string
	Rating float64
	Runs   int // exercises that it is made of
}

func (r Rating) orFirst() float64 {
	if r.Runs == 0 {
		return FirstRating
	}
	return r.Rating
}

// Ratings returns the viewer's ratings, of the skills that were practised, in the order of
// Skills.
func (s *Exercises) Ratings(ctx context.Context) (out []Rating, err error) {
	v, err := identity.May(ctx, identity.Learn)
	if err != nil {
		return nil, err
	}
	ratings, err := s.ratings(ctx, s.DB.Read, v.Officer.ID)
	for _, skill := range Skills {
		if r, practised := ratings[skill]; practised {
			out = append(out, r)
		}
	}
	return out, err
}

func (s *Exercises) ratings(ctx context.Context, q store.Querier, officer int64) (map[string]Rating, error) {
	return selectRatings(ctx, q, officerSubject(officer))
}

func officerSubject(id int64) string { return "officer-" + strconv.FormatInt(id, 10) }

func taskSubject(key string, level Level) string { return key + "/" + string(level) }

// Make keeps a coordinator's own task for the unit, and returns its key. It needs
// identity.Teach. What is wrong with the task is a FieldError.
func (s *Exercises) Make(ctx context.Context, t Task) (string, error) {
	v, err := identity.May(ctx, identity.Teach)
	if err != nil {
		return "", err
	}
	t.Course = ""
	if err := t.check(s.Schemes); err != nil {
		return "", err
	}
	id := store.NewID()
	key := taskKey + strconv.FormatInt(id, 10)
	return key, s.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertTask(ctx, tx, id, v.Unit.ID, v.Officer.ID, t, s.Now()); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, identity.Entry{Act: "exercise.made", ObjectKind: "exercise-task", ObjectID: key,
			Detail: map[string]any{"title": In(t.Title, "en"), "consignments": t.Consignments, "select": t.Select}})
	})
}

// chance returns a number that nobody can guess, of 53 bits, which JSON keeps whole.
func chance() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	return binary.LittleEndian.Uint64(b[:]) >> 11
}
