package resultweb_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/resultweb"
	"tidewaiter/internal/format/pdf"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

var (
	shownText = regexp.MustCompile(`(?s)\(((?:[^\\()]|\\.)*)\) ?Tj`)
	escaped   = regexp.MustCompile(`(?s)\\(.)`)
)

// paperText is what a PDF shows, line by line: the strings of its compressed contents, in
// UTF-16.
func (d *desk) paperText(raw []byte) string {
	d.Helper()
	var text strings.Builder
	for _, part := range bytes.Split(raw, []byte("stream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // a picture
		}
		content, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(content, []byte("Tj")) {
			continue // a font
		}
		for _, m := range shownText.FindAllSubmatch(content, -1) {
			bytes := escaped.ReplaceAllFunc(m[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte{'\r'}
				}
				return e[1:]
			})
			var units []uint16
			for i := 0; i+1 < len(bytes); i += 2 {
				units = append(units, binary.BigEndian.Uint16(bytes[i:]))
			}
			text.WriteString(string(utf16.Decode(units)) + " ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func fontsBuilt(t *testing.T) {
	t.Helper()
	if !pdf.Built() {
		t.Skip("the fonts of papers are not built: run make assets")
	}
}

func TestCaseFilePDF(t *testing.T) {
	fontsBuilt(t)
	eachDesk(t, func(d *desk) {
		r := d.full()
		file := "/cases/" + itoa(r.Case) + "/file.pdf"
		for lang, wants := range map[string][]string{
			"en": {"Case KGOSS-PCU-2026-0001", "Concluded · Found", "Terminal 2", "Seizure", "version 2", "replaced by a newer version"},
			"ru": {"Дело KGOSS-PCU-2026-0001", "Айгүл Өмүрова", "Пломба не та, что в документах.", "Номер закрашен.", "Сигареты и табак", "Передано следователю."},
			"ky": {"Иш KGOSS-PCU-2026-0001", "ОсОО «Өзгөн Ңурлан Трейд»", "Көңүл буруңуздар: ң, ө, ү.", "Тамеки жана сигарет", "Жүк партиясы DOC-2"},
		} {
			a := d.get(file, lang)
			if a.header.Get("Content-Type") != "application/pdf" || a.header.Get("Content-Disposition") != `attachment; filename="case-KGOSS-PCU-2026-0001.pdf"` {
				t.Errorf("headers: %v", a.header)
			}
			page := d.paperText(a.body)
			for _, want := range wants {
				if !strings.Contains(page, want) {
					t.Errorf("%s: the paper lacks %q:\n%s", lang, want, page)
				}
			}
			if regexp.MustCompile(`\b(case|result|cargo|risk)\.[a-z-]+\.[a-z]`).MatchString(page) {
				t.Errorf("%s: a message is missing in:\n%s", lang, page)
			}
			if lang == "ru" {
				d.keep(t, a.body)
			}
		}
		k, err := d.cases.Case(d.as(0), r.Scope, r.Case)
		d.ok(err)
		page := strings.ReplaceAll(d.paperText(d.get(file, "en").body), " ", "")
		for _, a := range k.Attachments {
			if !strings.Contains(page, a.Hash) {
				t.Errorf("the paper lacks the hash of %s", a.Name)
			}
		}
		if trail := d.acts("case.exported"); len(trail) != 4 || trail[0].ObjectID != itoa(r.Case) || trail[0].Officer != d.people[0].Officer.ID {
			t.Errorf("on the trail: %+v", trail)
		}
	})
}

// keep saves a paper to look at, where PAPERS names a folder.
func (d *desk) keep(t *testing.T, raw []byte) {
	if dir := os.Getenv("PAPERS"); dir != "" {
		d.ok(os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_")+".pdf"), raw, 0o600))
	}
}

// unpack returns the files of a ZIP by their names in its folder, and refuses what would
// leave it.
func (d *desk) unpack(raw []byte) map[string][]byte {
	d.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	d.ok(err)
	out := map[string][]byte{}
	for _, f := range z.File {
		name, inside := strings.CutPrefix(f.Name, "case-KGOSS-PCU-2026-0001/")
		if !inside || !filepath.IsLocal(f.Name) || strings.ContainsAny(f.Name, `\:*?"<>|`) || f.Name != filepath.ToSlash(filepath.Clean(f.Name)) {
			d.Errorf("an unsafe name: %q", f.Name)
		}
		if _, twice := out[name]; twice {
			d.Errorf("%q is there twice", name)
		}
		in, err := f.Open()
		d.ok(err)
		out[name], err = io.ReadAll(in)
		d.ok(err)
		in.Close()
	}
	return out
}

var manifestLine = regexp.MustCompile(`(?m)^# (\d+) bytes\n([0-9a-f]{64})  (.+)$`)

// manifest checks that the manifest names every file, with the size and the hash that it
// has, and nothing else.
func (d *desk) manifest(files map[string][]byte) {
	d.Helper()
	named := map[string]bool{"MANIFEST.txt": true}
	for _, m := range manifestLine.FindAllSubmatch(files["MANIFEST.txt"], -1) {
		name := string(m[3])
		named[name] = true
		sum := sha256.Sum256(files[name])
		if hex.EncodeToString(sum[:]) != string(m[2]) || fmt.Sprint(len(files[name])) != string(m[1]) {
			d.Errorf("%s: the manifest says %s, %s bytes; it has %x, %d bytes", name, m[2], m[1], sum, len(files[name]))
		}
	}
	for name := range files {
		if !named[name] {
			d.Errorf("the manifest lacks %s", name)
		}
	}
	if len(named) != len(files) {
		d.Errorf("the manifest names %d files, the ZIP has %d", len(named), len(files))
	}
}

func names(files map[string][]byte) (out []string) {
	for name := range files {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func TestCaseFileZIP(t *testing.T) {
	fontsBuilt(t)
	eachDesk(t, func(d *desk) {
		r := d.full()
		files := d.unpack(d.get("/cases/"+itoa(r.Case)+"/file.zip", "ru").body)
		d.manifest(files)
		want := []string{"MANIFEST.txt", "acts.json", "attachments/008-Фото дверей.jpg", "attachments/009-invoice.pdf", "case.pdf",
			"consignments/001-RAW-1-evil.json", "consignments/002-DOC-2.json", "messages/001-RAW-1-evil-v1.edi"}
		for _, name := range want {
			if files[name] == nil {
				t.Errorf("the ZIP lacks %s; it has %q", name, names(files))
			}
		}
		if got := files["attachments/008-Фото дверей.jpg"]; !bytes.Equal(got, photo(t)) {
			t.Error("the photo is not what was attached")
		}
		if got := string(files["messages/001-RAW-1-evil-v1.edi"]); !strings.HasPrefix(got, "CNI+1+RAW1'") || strings.Contains(got, "UNB") {
			t.Errorf("the message: %q", got)
		}
		if !strings.Contains(string(files["MANIFEST.txt"]), "Not here: messages/002-DOC-2-v1") {
			t.Errorf("the manifest does not say what is missing:\n%s", files["MANIFEST.txt"])
		}
		d.replays(files["acts.json"], r)
		d.sha256sum(files)
	})
}

// replays demands that the acts in the ZIP make the case that the unit has.
func (d *desk) replays(raw []byte, r *ref) {
	d.Helper()
	var file struct {
		Officers map[int64]string
		Acts     []casework.Act
	}
	d.ok(json.Unmarshal(raw, &file))
	back, err := casework.Replay(file.Acts)
	d.ok(err)
	k, err := d.cases.Case(d.as(0), r.Scope, r.Case)
	d.ok(err)
	if back.Number != k.Number || back.State != k.State || back.Version != k.Version || len(back.Acts) != len(k.Acts) ||
		len(back.Outcomes) != 3 || back.Outcomes[2].Goods[0].Quantity != 5200 || len(back.Attachments) != 2 {
		d.Errorf("the acts make another case: %+v", back)
	}
	if file.Officers[d.people[0].Officer.ID] != "Айгүл Өмүрова" {
		d.Errorf("officers: %v", file.Officers)
	}
}

// sha256sum lets the tool that people have check the manifest.
func (d *desk) sha256sum(files map[string][]byte) {
	d.Helper()
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		d.Log("no sha256sum here")
		return
	}
	dir := d.TempDir()
	for name, raw := range files {
		d.ok(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		d.ok(os.WriteFile(filepath.Join(dir, name), raw, 0o600))
	}
	check := exec.Command(tool, "--check", "--strict", "--quiet", "MANIFEST.txt")
	check.Dir = dir
	if out, err := check.CombinedOutput(); err != nil {
		d.Errorf("sha256sum: %v\n%s\n%s", err, out, files["MANIFEST.txt"])
	}
}

func TestCaseFileWithoutMetadata(t *testing.T) {
	fontsBuilt(t)
	eachDesk(t, func(d *desk) {
		r := d.full()
		files := d.unpack(d.get("/cases/"+itoa(r.Case)+"/file.zip?metadata=strip", "en").body)
		d.manifest(files)
		copied := files["attachments/008-Фото дверей.jpg"]
		if len(copied) == 0 || bytes.Equal(copied, photo(t)) || bytes.Contains(copied, []byte("Exif")) {
			t.Errorf("the photo has its metadata: %d bytes", len(copied))
		}
		if files["attachments/009-invoice.pdf"] != nil || !strings.Contains(string(files["MANIFEST.txt"]), "Not here: attachments/009-invoice.pdf") {
			t.Error("a paper whose metadata cannot be taken off was handed out, or nobody says why not")
		}
		for name, raw := range files {
			text := string(raw)
			if name == "case.pdf" {
				text = d.paperText(raw)
			}
			for _, secret := range []string{"SPY-PHONE", "latitude", "40.51", "72.8"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s tells %q", name, secret)
				}
			}
		}
		whole := d.unpack(d.get("/cases/"+itoa(r.Case)+"/file.zip", "en").body)
		if text := d.paperText(whole["case.pdf"]); !strings.Contains(text, "SPY-PHONE") || !strings.Contains(text, "40.51667, 72.80000") {
			t.Errorf("the whole file does not say where the photo was taken: %s", text)
		}
		d.replays(files["acts.json"], r)
	})
}

// Evidence that is no longer what was attached breaks the download off: half a ZIP is no
// ZIP, and nobody takes it for one.
func TestDamagedEvidenceBreaksOff(t *testing.T) {
	fontsBuilt(t)
	eachDesk(t, func(d *desk) {
		r := d.full()
		k, err := d.cases.Case(d.as(0), r.Scope, r.Case)
		d.ok(err)
		other, err := d.cases.Files.Keep(d.as(0), strings.NewReader(paperPDF+"%%EOF forged"))
		d.ok(err)
		_, err = d.db.Write.Exec(`UPDATE evidence_files SET hash = 'moved' WHERE hash = $1`, k.Attachments[1].Hash)
		d.ok(err)
		_, err = d.db.Write.Exec(`UPDATE evidence_files SET hash = $1 WHERE hash = $2`, k.Attachments[1].Hash, other.Hash)
		d.ok(err)
		if err := d.broken("/cases/" + itoa(r.Case) + "/file.zip"); err == nil {
			t.Error("forged evidence was handed out whole")
		}
	})
}

// A case file is written as it is read: what lies in memory does not grow with the
// evidence.
func TestLargeEvidenceIsStreamed(t *testing.T) {
	fontsBuilt(t)
	if testing.Short() {
		t.Skip("attaches a hundred megabytes")
	}
	d := newDesk(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	r := d.open(0, d.save(0, consignment("DOC1", "CNSHA"))...)
	const papers, size = 8, 16 << 20
	for i := range papers {
		body := make([]byte, size)
		rand.NewChaCha8([32]byte{byte(i)}).Read(body)
		copy(body, "%PDF-1.4\n")
		copy(body[size-6:], "%%EOF\n")
		r.did(d.cases.Attach(d.as(0), r.Ref, casework.Upload{Name: "scan.pdf"}, bytes.NewReader(body)))
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	most := make(chan uint64)
	stop := make(chan struct{})
	go func() {
		var peak uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-stop:
				most <- peak
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	n := d.length("/cases/" + itoa(r.Case) + "/file.zip")
	close(stop)
	peak := <-most
	t.Logf("%d MiB in memory at most, %d MiB before", peak>>20, before.HeapAlloc>>20)
	if peak > before.HeapAlloc+papers*size/3 {
		t.Errorf("%d MiB in memory for a file of %d MiB", (peak-before.HeapAlloc)>>20, n>>20)
	}
	if n < papers*size {
		t.Errorf("%d bytes, want the %d of the evidence at least", n, papers*size)
	}
}

func TestExports(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.DSN(t, store.SQLite)))
	r := d.open(0, d.save(0, consignment("DOC1", "CNSHA"))...)
	links := func() (out []string) {
		k, err := d.cases.Case(d.as(0), r.Scope, r.Case)
		d.ok(err)
		for _, l := range resultweb.Exports(d.as(0), k) {
			out = append(out, strings.TrimPrefix(l.Href, "/cases/"+itoa(r.Case)+"/"))
		}
		return out
	}
	if got := links(); !slices.Equal(got, []string{"file.pdf", "file.zip"}) {
		t.Errorf("without photos: %q", got)
	}
	r.did(d.cases.Attach(d.as(0), r.Ref, casework.Upload{Name: "a.jpg"}, bytes.NewReader(photo(t))))
	if got := links(); !slices.Equal(got, []string{"file.pdf", "file.zip", "file.zip?metadata=strip"}) {
		t.Errorf("with a photo: %q", got)
	}
}
