package casework

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/format/picture"
)

// photo is a small JPEG file, another one for each shade.
func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 800, 600))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(3, 3, color.Gray{Y: 255 - shade})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAttachments(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t := d.TB.(*testing.T)
		ids := d.bring(1)
		ref := d.open(ids...)
		ref.Key = "phone-1"
		raw := photo(t, 10)
		up := Upload{Name: `..\..\secret/IMG 1.PNG`, Caption: "left door", Consignment: ids[0]}
		done, err := d.Attach(d.asAigul, ref, up, bytes.NewReader(raw))
		d.ok(err)
		again, err := d.Attach(d.asAigul, ref, up, bytes.NewReader(raw))
		d.ok(err)
		c := d.load(ref)
		if !again.Again || again.Seq != done.Seq || len(c.Attachments) != 1 || c.Version != 1 {
			t.Fatalf("sent twice: %+v, %+v, %d attachments", done, again, len(c.Attachments))
		}
		a := c.Attachments[0]
		if a.Name != "IMG 1.jpg" || a.MediaType != "image/jpeg" || a.Width != 800 || a.Size != int64(len(raw)) || a.Thumb == "" || a.Officer != d.aigul.ID {
			t.Errorf("got %+v", a)
		}
		for as, check := range map[Copy]func([]byte) bool{
			Original: func(b []byte) bool { return bytes.Equal(b, raw) },
			Thumb:    func(b []byte) bool { return len(b) > 0 && len(b) < len(raw) },
			Stripped: func(b []byte) bool { _, err := jpeg.Decode(bytes.NewReader(b)); return err == nil },
		} {
			_, body, err := d.OpenAttachment(d.asBak, d.scope, ref.Case, done.Seq, as)
			d.ok(err)
			got, err := io.ReadAll(body)
			d.ok(err)
			d.ok(body.Close())
			if !check(got) {
				t.Errorf("%s copy of %d bytes is not as it should be", as, len(got))
			}
		}
		_, _, err = d.OpenAttachment(d.asStranger, d.other, ref.Case, done.Seq, Original)
		d.want(err, fault.NotFound, "another unit's officer opens a photo")
		_, _, err = d.OpenAttachment(d.asAigul, d.scope, ref.Case, 1, Original)
		d.want(err, fault.NotFound, "an act that is no attachment")
	})
}

func TestWhatIsNoPictureIsNotKept(t *testing.T) {
	eachDesk(t, func(d *desk) {
		t := d.TB.(*testing.T)
		ref := d.open(d.bring(1)...)
		kept := func() (n int) {
			d.ok(d.db.Read.QueryRow(`SELECT count(*) FROM evidence_files`).Scan(&n))
			return n
		}
		before := kept()
		whole := photo(t, 20)
		for name, body := range map[string]io.Reader{
			"a program":     strings.NewReader("MZ\x90\x00 this is no photo"),
			"nothing":       strings.NewReader(""),
			"half a photo":  bytes.NewReader(whole[:len(whole)/2]),
			"too many":      io.LimitReader(zeros{}, 1<<30),
			"a page":        strings.NewReader("<html><script>alert(1)</script>"),
			"damaged photo": bytes.NewReader(append(whole[:200:200], whole[230:]...)),
		} {
			_, err := d.Attach(d.asAigul, ref, Upload{Name: "x.jpg"}, body)
			d.want(err, fault.Invalid, name)
			if picture.RefusalOf(err) == "" {
				t.Errorf("%s: %v names no refusal", name, err)
			}
		}
		foreign := ref
		foreign.Scope = d.other
		_, err := d.Attach(d.asStranger, foreign, Upload{Name: "x.jpg"}, bytes.NewReader(whole))
		d.want(err, fault.NotFound, "into another unit's case")
		_, err = d.Attach(d.asAigul, ref, Upload{Name: "x.jpg", Item: "no such"}, bytes.NewReader(whole))
		d.want(err, fault.Invalid, "of an item that is not on the list")
		if c := d.load(ref); len(c.Attachments) != 0 || kept() != before {
			t.Errorf("%d attachments, %d files kept", len(c.Attachments), kept()-before)
		}
		// A photo that comes after the conclusion is kept, set aside.
		early := ref
		d.done(&ref)(d.Hold(d.asAigul, ref, Reason{Code: "suspicion"}))
		d.done(&ref)(d.Conclude(d.asAigul, ref, Conclusion{Ending: Released, Reason: Reason{Code: "low-risk"}}))
		_, err = d.Attach(d.asAigul, early, Upload{Name: "late.jpg"}, bytes.NewReader(whole))
		d.want(err, fault.Conflict, "after the conclusion")
		c := d.load(ref)
		if len(c.SetAside) != 1 || c.SetAside[0].Act != ActAttached {
			t.Fatalf("set aside %+v", c.SetAside)
		}
		d.done(&ref)(d.Reopen(d.asAigul, ref, Reason{Code: "new-information", Words: "the photo came late"}))
		d.done(&ref)(d.ApplyAside(d.asAigul, ref, c.SetAside[0].Seq))
		if c := d.load(ref); len(c.Attachments) != 1 || c.Attachments[0].Name != "late.jpg" {
			t.Errorf("attachments %+v", c.Attachments)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
