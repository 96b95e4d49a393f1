package badge

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

// The thumbprint of RFC 8037, appendix A.3.
func TestThumbprint(t *testing.T) {
	k, ok := jwk{Kind: "OKP", Curve: "Ed25519", X: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}.key()
	if !ok || k.ID() != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("%v, %s", ok, k.ID())
	}
	for _, other := range []jwk{{}, {"EC", "P-256", "AA"}, {"OKP", "X25519", k.jwk().X}, {"OKP", "Ed25519", "AAAA"}, {"OKP", "Ed25519", "?"}} {
		if _, ok := other.key(); ok {
			t.Errorf("%+v is taken for a key", other)
		}
	}
}

func TestKeyOfSeed(t *testing.T) {
	k := newKey(t)
	if again, err := KeyOf(k.Seed()); err != nil || again.ID() != k.ID() || !again.Secret.Equal(k.Secret) {
		t.Errorf("%v", err)
	}
	if _, err := KeyOf(k.Seed()[1:]); err == nil {
		t.Error("a seed that is too short")
	}
}

// The example of the did:key method, and the form of its names.
func TestDIDKey(t *testing.T) {
	const example = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	k, ok := keyOfDID(example)
	if !ok || didKey(k.Public) != example || method(example, k) != example+"#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK" {
		t.Errorf("%v, %s", ok, didKey(k.Public))
	}
	for _, wrong := range []string{"", "did:key:z", "did:key:" + example[9:], example + "1", example[:len(example)-1], "did:key:z0OIl", "did:web:example.org", "did:key:z" + strings.Repeat("z", 200)} {
		if _, ok := keyOfDID(wrong); ok {
			t.Errorf("%q names a key", wrong)
		}
	}
}

func TestBase58(t *testing.T) {
	for raw, text := range map[string]string{"": "", "\x00": "1", "\x00\x00\x01": "112", "Hello World!": "2NEpo7TZRRrLZSi2U", "\xff": "5Q"} {
		if got := base58([]byte(raw)); got != text {
			t.Errorf("base58(%q) = %s, want %s", raw, got, text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "raw")
		if back, ok := unbase58(base58(raw)); !ok || !bytes.Equal(back, raw) {
			t.Fatalf("%x became %x", raw, back)
		}
	})
}

func TestHome(t *testing.T) {
	k := newKey(t)
	for text, did := range map[string]string{
		"https://learn.example.org": "did:web:learn.example.org", "https://Learn.example.org:8443/": "did:web:learn.example.org%3A8443",
		"http://learn.example.org": didKey(k.Public), "https://10.1.2.3": didKey(k.Public), "https://[2001:db8::1]:443": didKey(k.Public), "": didKey(k.Public), " ": didKey(k.Public),
	} {
		h, err := ReadHome(text)
		if err != nil || h.DID(k) != did {
			t.Errorf("%q is the home of %s (%v), want %s", text, h.DID(k), err, did)
		}
	}
	for _, wrong := range []string{"learn.example.org", "ftp://a.example", "https://", "https://a.example/path", "https://u:p@a.example", "https://a.example?x=1", "https://a.example#x", "https://a b", "//a.example"} {
		if h, err := ReadHome(wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is read as %q (%v)", wrong, h, err)
		}
	}
}

// Names that lead nowhere are the issuer's own, and differ where what they name does.
func TestNamesWithoutAddress(t *testing.T) {
	seen := map[string]bool{}
	for _, owner := range []string{"did:key:a", "did:key:b"} {
		for _, id := range []string{Home("").Certificate(owner, "A"), Home("").Certificate(owner, "B"), Home("").StatusList(owner, 1), Home("").StatusList(owner, 2)} {
			if seen[id] || !strings.HasPrefix(id, "urn:uuid:") || len(id) != len("urn:uuid:00000000-0000-8000-8000-000000000000") || id[23] != '8' {
				t.Errorf("%s", id)
			}
			seen[id] = true
		}
	}
	if got := home.Certificate("did:web:x", "A"); got != "https://learn.example.org/verify/A" {
		t.Error(got)
	}
}

// Keys that a document does not let assert, that somebody else controls, or of another
// kind are not believed.
func TestDocuments(t *testing.T) {
	k := newKey(t)
	var d document
	raw, err := Document("did:web:a.example", []Key{k})
	if err == nil {
		err = json.Unmarshal(raw, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		change func(*document)
		want   int
	}{
		"as it is":                {func(*document) {}, 1},
		"relative names":          {func(d *document) { d.Methods[0].ID, d.Assertion[0] = "#one", "#one" }, 1},
		"not for assertions":      {func(d *document) { d.Assertion = nil }, 0},
		"controlled by another":   {func(d *document) { d.Methods[0].Controller = "did:web:b.example" }, 0},
		"a key of another kind":   {func(d *document) { d.Methods[0].Public.Curve = "P-256" }, 0},
		"an assertion of nothing": {func(d *document) { d.Assertion = []string{"did:web:a.example#other"} }, 0},
	} {
		changed := d
		changed.Methods, changed.Assertion = append([]verificationMethod{}, d.Methods...), append([]string{}, d.Assertion...)
		c.change(&changed)
		raw, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		ring := Ring{}
		if err := ring.ReadDocument(raw); err != nil || len(ring) != 2*c.want { // each by two names
			t.Errorf("%s: %d keys, %v", what, len(ring), err)
		}
	}
	for _, wrong := range []string{"", "{}", "[]", `{"id":"https://a.example"}`} {
		if err := (Ring{}).ReadDocument([]byte(wrong)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// The first example of the standard: a list of 131,072 places, none of them set.
func TestStatusListOfTheStandard(t *testing.T) {
	list, err := DecodeList("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")
	if err != nil || list.Len() != Places {
		t.Fatalf("%v, %v", list, err)
	}
	for place := range Places {
		if list.Revoked(place) {
			t.Fatalf("place %d is revoked", place)
		}
	}
	list.Revoke(0)
	list.Revoke(9)
	if list.bits[0] != 0x80 || list.bits[1] != 0x40 {
		t.Errorf("the first bits are %x", list.bits[:2])
	}
}

func TestListsAreWhatWasRevoked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOfN(rapid.IntRange(0, Places-1), 0, 50).Draw(t, "places")
		list, want := NewList(), map[int]bool{}
		for _, p := range places {
			list.Revoke(p)
			want[p] = true
		}
		text, err := list.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeList(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(places, rapid.IntRange(-10, Places+10).Draw(t, "any")) {
			if back.Revoked(p) != want[p] {
				t.Fatalf("place %d is revoked: %v", p, back.Revoked(p))
			}
		}
	})
}

// packed is a list of so many bytes, all zero: a few kilobytes can be gigabytes.
func packed(t testing.TB, size int) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func TestListsThatAreRefused(t *testing.T) {
	for what, text := range map[string]string{
		"empty": "", "without multibase": packed(t, Places/8)[1:], "no gzip": "uAAAA", "no base64": "u???", "too small": packed(t, Places/8-1),
		"a bomb": packed(t, 50<<20), "cut off": packed(t, Places/8)[:30],
	} {
		if _, err := DecodeList(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Nothing but the badge as it was signed is believed, whatever the bytes are.
func FuzzVerify(f *testing.F) {
	k, err := KeyOf(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	token, keyed := signed1(f, home, k), signed1(f, "", k)
	ring := ringOf(f, home.DID(k), k)
	f.Add(token)
	f.Add(keyed)
	f.Add(strings.Replace(token, ".", "..", 1))
	f.Add("e30.e30.")
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := ring.Verify(text, later); err == nil && v.Known && strings.TrimSpace(text) != token && strings.TrimSpace(text) != keyed {
			t.Errorf("believed: %q", text)
		}
		if _, err := ring.ReadList(text, later); err == nil {
			t.Errorf("a list: %q", text)
		}
	})
}

func FuzzReadDocument(f *testing.F) {
	k, err := KeyOf(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	raw, err := Document("did:web:a.example", []Key{k})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"id":"did:web:a","verificationMethod":[{"id":"#a"}],"assertionMethod":["#a"]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ring := Ring{}
		if err := ring.ReadDocument(raw); err != nil && len(ring) > 0 {
			t.Errorf("refused, with %d keys", len(ring))
		}
		for id, k := range ring {
			if len(k.Public) != 32 || len(k.Secret) != 0 {
				t.Errorf("key %q: %x", id, k.Public)
			}
		}
	})
}

func FuzzDecodeList(f *testing.F) {
	text, err := NewList().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("uH4sI")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := DecodeList(text)
		if err == nil && (list.Len() < Places || list.Len() > 8*maxList) {
			t.Errorf("%d places", list.Len())
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}
