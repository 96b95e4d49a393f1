package casework

import (
	"bytes"
	"context"
	"io"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/picture"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/store"
)

// Attach checks a photo or paper, keeps it as evidence with a thumbnail, and adds it to
// the case. What picture does not take is refused (picture.RefusalOf), and nothing of it
// is kept.
func (s *Cases) Attach(ctx context.Context, ref Ref, u Upload, r io.Reader) (Done, error) {
	if _, err := identity.May(ctx, identity.Decide); err != nil {
		return Done{}, err
	}
	if err := checkKey(ref.Key); err != nil {
		return Done{}, err
	}
	if e, known, err := selectEarlier(ctx, s.DB.Read, ref.Scope, ref.Key); err != nil {
		return Done{}, err
	} else if known { // before the bytes are read again
		return again(ctx, ref.Case, e)
	}
	c, err := selectCase(ctx, s.DB.Read, ref.Scope, ref.Case)
	if err != nil {
		return Done{}, err
	}
	f, err := picture.Read(r, picture.DefaultLimits)
	if err != nil {
		return Done{}, err
	}
	u.Name, u.ClientAt = picture.CleanName(u.Name, f.Kind), store.Time(u.ClientAt)
	d := &attached{Attachment: attachment(u, f)}
	if err := d.check(c); err != nil {
		return Done{}, err
	}
	if err := s.keep(ctx, f, &d.Attachment); err != nil {
		return Done{}, err
	}
	return s.do(ctx, ref, d)
}

// attachment says of a file what it says of itself.
func attachment(u Upload, f *picture.File) Attachment {
	a := Attachment{Upload: u, MediaType: string(f.Kind), Width: f.Width, Height: f.Height, Camera: f.Meta.Camera}
	if !f.Meta.Taken.IsZero() {
		a.Taken, a.ZoneKnown = store.Time(f.Meta.Taken), f.Meta.ZoneKnown
	}
	if p := f.Meta.Position; p != nil {
		a.Located, a.Latitude, a.Longitude = true, p.Latitude, p.Longitude
	}
	return a
}

// thumbSide is the longer side of a thumbnail, in pixels: twice the size at which pages
// show it, for the phones' fine screens.
const thumbSide = 480

// keep makes the thumbnail, which finds damaged pixels, and then keeps both.
func (s *Cases) keep(ctx context.Context, f *picture.File, a *Attachment) error {
	if !f.Kind.Paper() {
		var small bytes.Buffer
		if err := f.Thumbnail(&small, thumbSide); err != nil {
			return err
		}
		thumb, err := s.Files.Keep(ctx, &small)
		if err != nil {
			return err
		}
		a.Thumb = thumb.Hash
	}
	blob, err := s.Files.Keep(ctx, bytes.NewReader(f.Bytes()))
	a.Hash, a.Size = blob.Hash, blob.Size
	return err
}

// Copy says in which form an attachment is read.
type Copy string

// Copies of an attachment.
const (
	Original Copy = "original"
	Thumb    Copy = "thumb"    // JPEG; of pictures only
	Stripped Copy = "stripped" // without time, place and camera; of pictures only
)

// OpenAttachment returns an attachment of the case by its number, and its bytes. Errors:
// fault.NotFound, also for a thumbnail of a paper; fault.Invalid for a paper that is to
// be stripped.
func (s *Cases) OpenAttachment(ctx context.Context, scope cargo.ScopeID, id int64, seq int, as Copy) (Attachment, io.ReadCloser, error) {
	c, err := s.Case(ctx, scope, id)
	if err != nil {
		return Attachment{}, nil, err
	}
	for _, a := range c.Attachments {
		if a.Seq == seq {
			body, err := s.openCopy(ctx, a, as)
			return a, body, err
		}
	}
	return Attachment{}, nil, fault.New(fault.NotFound, "the case has no attachment %d", seq)
}

func (s *Cases) openCopy(ctx context.Context, a Attachment, as Copy) (io.ReadCloser, error) {
	switch as {
	case Original:
		return s.Files.Open(ctx, a.Hash)
	case Thumb:
		if a.Thumb == "" {
			return nil, fault.New(fault.NotFound, "a paper has no thumbnail")
		}
		return s.Files.Open(ctx, a.Thumb)
	case Stripped:
		return s.strip(ctx, a)
	}
	return nil, fault.New(fault.NotFound, "there is no copy %q of an attachment", as)
}

func (s *Cases) strip(ctx context.Context, a Attachment) (io.ReadCloser, error) {
	whole, err := s.Files.Open(ctx, a.Hash)
	if err != nil {
		return nil, err
	}
	defer whole.Close()
	f, err := picture.Read(whole, picture.DefaultLimits)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := f.Strip(&out); err != nil {
		return nil, err
	}
	return io.NopCloser(&out), nil
}
