package pack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

// file is an entry of an archive that a test makes.
type file struct{ name, body string }

// archive makes a zip archive.
func archive(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(body []byte) (*Package, error) {
	return Read(bytes.NewReader(body), int64(len(body)), Usual)
}

// structureOf is a course structure with what stands behind the course.
func structureOf(inside string) string {
	return `<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="` + CourseStructure + `">
  <course id="https://example.org/course">
    <title><langstring lang="en"> Seals </langstring><langstring lang="ky">Пломбалар</langstring></title>
    <description><langstring lang="en">On seals</langstring></description>
  </course>` + inside + `</courseStructure>`
}

const titles = `<title><langstring lang="en">A title</langstring></title><description><langstring lang="en">Words</langstring></description>`

// au is an assignable unit.
func au(id, url, attrs string) string {
	return fmt.Sprintf(`<au id=%q %s>%s<url>%s</url></au>`, id, attrs, titles, url)
}

func TestACourseStructureIsRead(t *testing.T) {
	p, err := read(archive(t,
		file{"cmi5.xml", structureOf(`<objectives><objective id="https://example.org/o">` + titles + `</objective></objectives>
			<block id="https://example.org/block">` + titles + `<objectives><objective idref="https://example.org/o"/></objectives>` +
			au("https://example.org/au/1", "a/index.html?x=1", `moveOn="CompletedAndPassed" masteryScore="0.8" launchMethod="OwnWindow"`) + `</block>` +
			au("https://example.org/au/2", "https://example.org/elsewhere", ""))},
		file{"a/index.html", "<p>hello</p>"}))
	if err != nil {
		t.Fatal(err)
	}
	if p.Standard != CMI5 || p.Title.In("ky") != "Пломбалар" || p.Title.In("ru") != "Seals" || len(p.Units) != 2 || len(p.Tree) != 2 {
		t.Fatalf("read as %+v", p)
	}
	first, second := p.Units[0], p.Units[1]
	if first.MoveOn != "CompletedAndPassed" || first.MasteryScore == nil || *first.MasteryScore != 0.8 || first.LaunchMethod != "OwnWindow" || first.Foreign {
		t.Errorf("first unit: %+v", first)
	}
	if second.MoveOn != "NotApplicable" || !second.Foreign || second.MasteryScore != nil {
		t.Errorf("second unit: %+v", second)
	}
	if block := p.Tree[0]; block.Unit != -1 || block.Children[0].Unit != 0 || p.Tree[1].Unit != 1 || len(block.Objectives) != 1 {
		t.Errorf("tree: %+v", p.Tree)
	}
	if f, ok := p.File("a/index.html"); !ok || f.Size != int64(len("<p>hello</p>")) {
		t.Errorf("file: %+v %v", f, ok)
	}
}

// A course may have a thousand units (cmi5 6.1.0.0-2).
func TestAThousandUnits(t *testing.T) {
	var b strings.Builder
	for i := range 1200 {
		b.WriteString(au(fmt.Sprintf("https://example.org/au/%d", i), "https://example.org/", ""))
	}
	p, err := read([]byte(structureOf(b.String())))
	if err != nil || len(p.Units) != 1200 {
		t.Fatalf("%v", err)
	}
}

// Each of these course structures breaks a rule; the number is that of the requirement.
func TestCourseStructuresThatAreRefused(t *testing.T) {
	whole := au("https://example.org/au", "https://example.org/", "")
	for _, c := range []struct{ rule, xml, says string }{
		{"3.0.0.0-1 course", strings.Replace(structureOf(whole), "https://example.org/course", "example.org/course", 1), "absolute IRI"},
		{"3.0.0.0-1 block", structureOf(`<block id="example.org/b">` + titles + whole + `</block>`), "absolute IRI"},
		{"3.0.0.0-1 au", structureOf(au("example.org/au", "https://example.org/", "")), "absolute IRI"},
		{"3.0.0.0-1 objective", structureOf(`<objectives><objective id="o">` + titles + `</objective></objectives>` + whole), "absolute IRI"},
		{"14.2.0.0-1", structureOf(au("https://example.org/au", "index.html", "")), "must be complete"},
		{"14.2.0.0-1 root", structureOf(au("https://example.org/au", "/index.html?abc=def", "")), "must be complete"},
		{"14.2.0.0-1 host", structureOf(au("https://example.org/au", "//example.org/index.html", "")), "must be complete"},
		{"8.1.0.0-6", structureOf(au("https://example.org/au", "https://example.org/?endpoint=1", "")), "endpoint"},
		{"13.1.2.0-1", structureOf(`<block id="https://example.org/b">` + titles + whole + `</block><block id="https://example.org/b">` + titles + au("https://example.org/au/2", "https://example.org/", "") + `</block>`), "twice"},
		{"13.1.3.0-1", structureOf(`<objectives>` + strings.Repeat(`<objective id="https://example.org/o">`+titles+`</objective>`, 2) + `</objectives>` + whole), "twice"},
		{"13.1.4.0-1", structureOf(whole + whole), "twice"},
		{"13.1.4.0-2", structureOf(au("https://example.org/au", "http://example.com index.html", "")), "RFC 1738"},
		{"13.1.4.0-2 escape", structureOf(au("https://example.org/au", "http://example.com/%zz", "")), "RFC 1738"},
		{"13.2.0.0-1 order", structureOf(`<au id="https://example.org/au"><url>https://example.org/</url>` + titles + `</au>`), "must stand before"},
		{"13.2.0.0-1 no title", structureOf(`<au id="https://example.org/au"><url>https://example.org/</url></au>`), "title"},
		{"13.2.0.0-1 no url", structureOf(`<au id="https://example.org/au">` + titles + `</au>`), "url is missing"},
		{"13.2.0.0-1 no unit", structureOf(""), "is missing"},
		{"13.2.0.0-1 empty block", structureOf(`<block id="https://example.org/b">` + titles + `</block>`), "is missing"},
		{"13.2.0.0-1 unknown element", structureOf(whole + `<extra/>`), "schema"},
		{"13.2.0.0-1 unknown attribute", structureOf(au("https://example.org/au", "https://example.org/", `scored="1"`)), "scored"},
		{"13.2.0.0-1 namespace", strings.Replace(structureOf(whole), CourseStructure, "https://example.org/other", 1), "namespace"},
		{"moveOn", structureOf(au("https://example.org/au", "https://example.org/", `moveOn="passed"`)), "moveOn"},
		{"launchMethod", structureOf(au("https://example.org/au", "https://example.org/", `launchMethod="window"`)), "launchMethod"},
		{"masteryScore", structureOf(au("https://example.org/au", "https://example.org/", `masteryScore="1.01"`)), "masteryScore"},
		{"masteryScore NaN", structureOf(au("https://example.org/au", "https://example.org/", `masteryScore="NaN"`)), "masteryScore"},
		{"script", structureOf(au("https://example.org/au", "javascript:alert(1)", "")), "http"},
		{"objective", structureOf(strings.Replace(whole, "<url>", `<objectives><objective idref="https://example.org/none"/></objectives><url>`, 1)), "no objective"},
		{"lang", strings.Replace(structureOf(whole), `lang="ky"`, `lang="not a language"`, 1), "not a language"},
		{"entities", `<!DOCTYPE x [<!ENTITY a "b">]>` + structureOf(whole), "document type"},
		{"undeclared entity", strings.Replace(structureOf(whole), " Seals ", "&boom;", 1), "well-formed"},
		{"cut", structureOf(whole)[:400], "well-formed"},
		{"markdown", "# A heading", "neither a zip"},
	} {
		_, err := read([]byte(c.xml))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a fault that says %q", c.rule, err, c.says)
		}
	}
}

// A fault says where: the file, the line and the element.
func TestAFaultHasItsPlace(t *testing.T) {
	_, err := read([]byte(structureOf("\n" + au("https://example.org/au", "https://example.org/", `moveOn="never"`))))
	if err == nil || !strings.Contains(err.Error(), "cmi5.xml, line 7, <au>") {
		t.Errorf("%v", err)
	}
}

// manifestOf is a manifest of SCORM 1.2 with one item.
const manifest12 = `<?xml version="1.0"?>
<manifest identifier="M" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>Seals</title>
    <item identifier="I0"><title>Part one</title>
      <item identifier="I1" identifierref="R1" parameters="?a=1"><title>Bolt seals</title>
        <adlcp:masteryscore>70</adlcp:masteryscore><adlcp:datafromlms>hello</adlcp:datafromlms></item>
    </item>
    <item identifier="I2" identifierref="R2"><title>A paper</title><adlcp:prerequisites type="aicc_script">I1</adlcp:prerequisites></item>
  </organization></organizations>
  <resources>
    <resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="sco/index.html"><file href="sco/index.html"/></resource>
    <resource identifier="R2" type="webcontent" adlcp:scormtype="asset" href="paper.html"><file href="paper.html"/></resource>
  </resources>
</manifest>`

const manifest2004 = `<?xml version="1.0"?>
<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>Seals</title>
    <item identifier="G"><title>In order</title>
      <item identifier="I1" identifierref="R1"><title>One</title><adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.9"/>
        <imsss:sequencing><imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing></item>
      <item identifier="I2" identifierref="R1"><title>Two</title></item>
      <imsss:sequencing><imsss:controlMode choice="false" flow="true" forwardOnly="true"/></imsss:sequencing>
    </item>
  </organization></organizations>
  <resources xml:base="content/"><resource identifier="R1" type="webcontent" adlcp:scormType="sco" href="index.html"/></resources>
</manifest>`

func TestManifestsAreRead(t *testing.T) {
	p, err := read(archive(t, file{"imsmanifest.xml", manifest12}, file{"sco/index.html", ""}, file{"paper.html", ""}))
	if err != nil {
		t.Fatal(err)
	}
	one, two := p.Units[0], p.Units[1]
	if p.Standard != SCORM12 || p.Title.In("ky") != "Seals" || one.RawMastery != "70" || one.DataFromLMS != "hello" || one.Href != "sco/index.html" || one.Parameters != "?a=1" ||
		one.Asset || !two.Asset || two.Prerequisites != "I1" || p.Tree[0].Unit != -1 || p.Tree[0].Children[0].Unit != 0 {
		t.Errorf("1.2: %+v", p)
	}
	p, err = read(archive(t, file{"imsmanifest.xml", manifest2004}, file{"content/index.html", ""}))
	if err != nil {
		t.Fatal(err)
	}
	group := p.Tree[0]
	if p.Standard != SCORM2004 || p.Edition != "2004 4th Edition" || group.Choice || !group.Flow || !group.ForwardOnly || len(group.Children) != 2 ||
		*p.Units[0].MasteryScore != 0.6 || *p.Units[0].CompletionThreshold != 0.9 || p.Units[1].MasteryScore != nil || p.Units[0].Href != "content/index.html" {
		t.Errorf("2004: %+v", p)
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, from, to, says string }{
		{"no file", "sco/index.html", "sco/other.html", "no file"},
		{"no resource", `identifierref="R1"`, `identifierref="R9"`, "no resource"},
		{"leaves", `href="sco/index.html"><file`, `href="../../etc/passwd"><file`, "leaves the package"},
		{"elsewhere", `href="sco/index.html"><file`, `href="https://example.org/"><file`, "must be in its package"},
		{"twice", `identifier="I2"`, `identifier="I1"`, "twice"},
		{"no organization", `default="O"`, `default="X"`, "no organization"},
		{"not a manifest", `<manifest `, `<other `, "well-formed"},
	} {
		_, err := read(archive(t, file{"imsmanifest.xml", strings.Replace(manifest12, c.from, c.to, 1)}, file{"sco/index.html", ""}, file{"paper.html", ""}))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a fault that says %q", c.name, err, c.says)
		}
	}
}

func TestArchivesThatAreRefused(t *testing.T) {
	good := file{"cmi5.xml", structureOf(au("https://example.org/au", "https://example.org/", ""))}
	for _, c := range []struct {
		name string
		body []byte
		says string
	}{
		{"slip", archive(t, good, file{"../../etc/cron.d/x", "x"}), "unsafe path"},
		{"slip inside", archive(t, good, file{"a/../../x", "x"}), "unsafe path"},
		{"absolute", archive(t, good, file{"/etc/passwd", "x"}), "unsafe path"},
		{"backslash", archive(t, good, file{`..\x`, "x"}), "unsafe path"},
		{"drive", archive(t, good, file{`C:/x`, "x"}), "unsafe path"},
		{"control", archive(t, good, file{"a\nb", "x"}), "unsafe path"},
		{"twice", archive(t, good, file{"a.html", "x"}, file{"A.html", "y"}), "twice"},
		{"no manifest", archive(t, file{"index.html", "x"}), "neither imsmanifest.xml nor cmi5.xml"},
		{"in a folder", archive(t, file{"course/cmi5.xml", good.body}), "stands in a folder"},
		{"no file of a unit", archive(t, file{"cmi5.xml", structureOf(au("https://example.org/au", "index.html", ""))}), "no file"},
		{"not a zip", []byte("PK\x03\x04 but no more"), "broken"},
		{"cut", archive(t, good, file{"a", "x"})[:200], "broken"},
		{"link", link(t, good), "a link"},
		{"bomb", bombOf(t, good), "far more"},
		{"lies", lie(t, good), "damaged"},
	} {
		_, err := read(c.body)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a fault that says %q", c.name, err, c.says)
		}
	}
}

// link is an archive with a symbolic link.
func link(t *testing.T, good file) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "passwd"}
	h.SetMode(fs.ModeSymlink | 0o777)
	w, _ := z.CreateHeader(h)
	io.WriteString(w, "/etc/passwd")
	w, _ = z.Create(good.name)
	io.WriteString(w, good.body)
	z.Close()
	return b.Bytes()
}

// bombOf is an archive with a file of 64 MiB of zeros.
func bombOf(t *testing.T, good file) []byte {
	return archive(t, good, file{"zeros", string(make([]byte, 64<<20))})
}

// lie is an archive that declares a file smaller than it is, in the central directory.
func lie(t *testing.T, good file) []byte {
	body := archive(t, good, file{"zeros", string(make([]byte, 1<<20))})
	at := bytes.LastIndex(body, []byte("zeros")) - 46 // of the entry in the central directory
	copy(body[at+24:], []byte{100, 0, 0, 0})          // its uncompressed size
	return body
}

func TestCountsAreBounded(t *testing.T) {
	lim := Usual
	lim.Entries = 2
	good := file{"cmi5.xml", structureOf(au("https://example.org/au", "https://example.org/", ""))}
	body := archive(t, good, file{"a", ""}, file{"b", ""})
	if _, err := Read(bytes.NewReader(body), int64(len(body)), lim); !fault.Is(err, fault.Invalid) {
		t.Errorf("three entries of two: %v", err)
	}
	lim = Usual
	lim.Total = 10
	if _, err := Read(bytes.NewReader(body), int64(len(body)), lim); !fault.Is(err, fault.Invalid) {
		t.Errorf("too large: %v", err)
	}
	lim = Usual
	lim.Manifest = 10
	if _, err := Read(bytes.NewReader(body), int64(len(body)), lim); !fault.Is(err, fault.Invalid) {
		t.Errorf("too large a manifest: %v", err)
	}
}

// FuzzRead holds that whatever comes is read or refused, and that what is read has units
// whose files are there.
func FuzzRead(f *testing.F) {
	f.Add([]byte(structureOf(au("https://example.org/au", "https://example.org/", ""))))
	f.Add(archive(f, file{"imsmanifest.xml", manifest12}, file{"sco/index.html", ""}, file{"paper.html", ""}))
	f.Add(archive(f, file{"imsmanifest.xml", manifest2004}, file{"content/index.html", ""}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := Read(bytes.NewReader(body), int64(len(body)), Usual)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v is no fault", err)
			}
			return
		}
		if len(p.Units) == 0 {
			t.Fatal("a package without units")
		}
		for _, u := range p.Units {
			path, _, _ := strings.Cut(u.Href, "?")
			if strings.Contains(path, "..") && !u.Foreign && strings.HasPrefix(path, "..") {
				t.Fatalf("a unit outside of the package: %q", u.Href)
			}
		}
	})
}
