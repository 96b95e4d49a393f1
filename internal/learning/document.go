package learning

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// MaxDocument is the largest document, in bytes.
const MaxDocument = 4 << 20

// maxName is the longest name of a document, in bytes.
const maxName = 2000

// Owner is what documents belong to: the state of an agent in an activity, the profile of
// an activity, or of an agent.
type Owner struct {
	Activity string // IRI
	Agent    xapi.Agent
}

// Place is where a document stands.
type Place struct {
	Owner
	Registration string // UUID in small letters; "" for none
	Name         string // stateId or profileId
}

// scope is the one that a client needs for the owner's documents.
func (o Owner) scope() Scope {
	if o.Activity != "" && o.Agent.Identity != "" {
		return UseState
	}
	return UseProfile
}

func (o Owner) key() []byte {
	return sum(string(o.scope()), o.Activity, o.Agent.Identity)[:16]
}

func (p Place) key() []byte {
	return sum(string(p.scope()), p.Activity, p.Agent.Identity, p.Registration, p.Name)
}

// sum returns a digest of several texts, of which none runs into the next.
func sum(texts ...string) []byte {
	h := sha256.New()
	for _, t := range texts {
		inner := sha256.Sum256([]byte(t))
		h.Write(inner[:])
	}
	return h.Sum(nil)
}

// check refuses a place that no document can have.
func (p Place) check() error {
	if p.Name == "" || len(p.Name) > maxName || strings.Contains(p.Name, "\x00") {
		return fault.New(fault.Invalid, "a document needs an id of at most %d bytes", maxName)
	}
	return nil
}

// Document is what a client keeps under a name. Its bytes are its own affair.
type Document struct {
	ContentType string
	Body        []byte
	ETag        string // SHA-1 of the body, as 1.0.3 asks for
	Updated     time.Time
}

// Condition says in which case a document may be written, by the headers of HTTP
// (RFC 9110 §13.1).
type Condition struct {
	Match   []string // ETags of which the document must have one; "*": it must exist
	None    []string // ETags of which it must have none; "*": it must not exist
	Careful bool     // without either, a document that exists is not written over
	Needed  bool     // and without either, none is written anew
}

// ErrPrecondition answers a condition that does not hold.
var ErrPrecondition = fault.New(fault.Conflict, "the document has changed, or is there already").
	WithHint("read it again, and send its new ETag as If-Match")

// ErrUnconditional answers who would write over a document without saying which.
var ErrUnconditional = fault.New(fault.Conflict, "there is a document of that id already").
	WithHint("read it, and send its ETag as If-Match, or send If-None-Match: *")

// holds returns why a document may not be written; known is nil when there is none.
func (c Condition) holds(known *Document) error {
	switch {
	case len(c.Match) > 0:
		if known == nil || !slices.Contains(c.Match, "*") && !slices.Contains(c.Match, known.ETag) {
			return ErrPrecondition
		}
	case len(c.None) > 0:
		if known != nil && (slices.Contains(c.None, "*") || slices.Contains(c.None, known.ETag)) {
			return ErrPrecondition
		}
	case c.Careful && known != nil:
		return ErrUnconditional
	case c.Needed:
		return fault.New(fault.Invalid, "the request must have a header If-Match or If-None-Match").
			WithHint("send If-None-Match: * for a new document")
	}
	return nil
}

// Document returns the document at a place, or fault.NotFound. Like all that follows it
// needs UseState or UseProfile; reading, ReadAll does as well.
func (r *Records) Document(ctx context.Context, c Client, p Place) (Document, error) {
	if !c.May(p.scope(), ReadAll) {
		return Document{}, mayNot("read this document")
	}
	if c.Session != nil {
		if err := c.Session.Read(ctx, p); err != nil {
			return Document{}, err
		}
	}
	return selectDocument(ctx, r.db.Read, p)
}

// DocumentNames returns the names of an owner's documents that were written after a time,
// and when the last of them was. An empty registration is any.
func (r *Records) DocumentNames(ctx context.Context, c Client, o Owner, registration string, since time.Time) ([]string, time.Time, error) {
	if !c.May(o.scope(), ReadAll) {
		return nil, time.Time{}, mayNot("read these documents")
	}
	if c.Session != nil {
		if err := c.Session.Read(ctx, Place{Owner: o, Registration: registration}); err != nil {
			return nil, time.Time{}, err
		}
	}
	return selectDocumentNames(ctx, r.db.Read, o, registration, since)
}

// PutDocument writes a document, over one that was there.
func (r *Records) PutDocument(ctx context.Context, c Client, p Place, d Document, cond Condition) error {
	if c.Session != nil { // before conditions, which are of no use to who may not write at all
		if err := c.Session.Write(ctx, p, &d); err != nil {
			return err
		}
	}
	return r.write(ctx, c, p, d, cond, func(*Document, *Document) error { return nil })
}

// MergeDocument writes the properties of a JSON object over those of the document that is
// there, or the document, when there is none (1.0.3 part 3 §2.2). Where either is not a
// JSON object it is a fault.Invalid.
func (r *Records) MergeDocument(ctx context.Context, c Client, p Place, d Document, cond Condition) error {
	return r.write(ctx, c, p, d, cond, func(known, d *Document) (err error) {
		if known == nil {
			return nil
		}
		if !xapi.IsJSON(known.ContentType) || !xapi.IsJSON(d.ContentType) {
			return fault.New(fault.Invalid, "only documents of type application/json can be merged").WithHint("replace the document by PUT")
		}
		d.Body, err = xapi.MergeDocuments(known.Body, d.Body)
		return err
	})
}

// write lets change have its say on the new document d before it takes the known one's
// place.
func (r *Records) write(ctx context.Context, c Client, p Place, d Document, cond Condition, change func(known, d *Document) error) error {
	if !c.May(p.scope()) {
		return mayNot("write this document")
	}
	if err := p.check(); err != nil {
		return err
	}
	write := func(tx *sql.Tx) error {
		d := d
		known, err := lockDocument(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := cond.holds(known); err != nil {
			return err
		}
		if err := change(known, &d); err != nil {
			return err
		}
		if c.Session != nil {
			if err := c.Session.Write(ctx, p, &d); err != nil {
				return err
			}
		}
		if len(d.Body) > MaxDocument {
			return fault.New(fault.Invalid, "the document has %d bytes; %d are the most", len(d.Body), MaxDocument)
		}
		d.ETag, d.Updated = etag(d.Body), r.db.Now()
		if known == nil {
			return insertDocument(ctx, tx, p, d)
		}
		return updateDocument(ctx, tx, p, d)
	}
	err := r.db.InTx(ctx, write)
	if store.IsUnique(err) { // somebody wrote the first one at the same moment
		err = r.db.InTx(ctx, write)
	}
	return err
}

func etag(body []byte) string {
	sum := sha1.Sum(body)
	return hex.EncodeToString(sum[:])
}

// DeleteDocument removes a document. That there is none is no fault, but for a condition.
func (r *Records) DeleteDocument(ctx context.Context, c Client, p Place, cond Condition) error {
	if !c.May(p.scope()) {
		return mayNot("delete this document")
	}
	if c.Session != nil {
		if err := c.Session.Write(ctx, p, nil); err != nil {
			return err
		}
	}
	return r.db.InTx(ctx, func(tx *sql.Tx) error {
		known, err := lockDocument(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := cond.holds(known); err != nil {
			return err
		}
		return deleteDocument(ctx, tx, p)
	})
}

// DeleteDocuments removes all documents of an owner; an empty registration is any.
func (r *Records) DeleteDocuments(ctx context.Context, c Client, o Owner, registration string) error {
	if !c.May(o.scope()) {
		return mayNot("delete these documents")
	}
	if c.Session != nil {
		if err := c.Session.Write(ctx, Place{Owner: o, Registration: registration}, nil); err != nil {
			return err
		}
	}
	return deleteDocuments(ctx, r.db.Write, o, registration)
}
