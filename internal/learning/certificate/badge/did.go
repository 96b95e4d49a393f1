package badge

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"tidewaiter/internal/fault"
)

// Home is the address at which the issuer is reached, such as https://learn.example.org;
// empty where nobody reaches it from outside.
type Home string

// ReadHome reads the address of a server, without a path.
func ReadHome(text string) (Home, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fault.New(fault.Invalid, "%.100q is not the address of a server", text).WithHint("write it as https://tidewaiter.example.org")
	}
	return Home(u.Scheme + "://" + strings.ToLower(u.Host)), nil
}

// DID names the issuer: did:web where the home is reached over TLS by a name, else did:key
// of the key that signs now (did:web method §3.2 knows neither plain HTTP nor addresses).
func (h Home) DID(current Key) string {
	u, err := url.Parse(string(h))
	if _, address := netip.ParseAddr(u.Hostname()); err == nil && u.Scheme == "https" && address != nil {
		return "did:web:" + strings.ReplaceAll(u.Host, ":", "%3A")
	}
	return didKey(current.Public)
}

// at is the address of a path at home, or a name for it that says nothing where there is
// no home; owner makes that name the issuer's own.
func (h Home) at(owner, path string) string {
	if h == "" {
		return urn(owner, path)
	}
	return string(h) + path
}

// Certificate is the address at which a certificate is verified, and the id of its badge.
func (h Home) Certificate(owner, number string) string { return h.at(owner, "/verify/"+number) }

// StatusList is the address and id of a status list.
func (h Home) StatusList(owner string, n int) string {
	return h.at(owner, fmt.Sprintf("/badges/status/%d", n))
}

// urn is a name made of words: the same words give the same name (RFC 9562 §5.8).
func urn(words ...string) string {
	sum := sha256.Sum256([]byte("tidewaiter\x00" + strings.Join(words, "\x00")))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// multicodec is how a public Ed25519 key begins in did:key.
var multicodec = []byte{0xed, 0x01}

func didKey(public ed25519.PublicKey) string {
	return "did:key:z" + base58(append(multicodec[:len(multicodec):len(multicodec)], public...))
}

// keyOfDID returns the key that a did:key names; false for any other name.
func keyOfDID(did string) (Key, bool) {
	text, ok := strings.CutPrefix(did, "did:key:z")
	if !ok || len(text) > 100 {
		return Key{}, false
	}
	raw, ok := unbase58(text)
	if !ok || len(raw) != len(multicodec)+ed25519.PublicKeySize || string(raw[:2]) != string(multicodec) {
		return Key{}, false
	}
	return Key{Public: raw[2:]}, true
}

// method is the name of a key in the issuer's document (DID Core §5.2).
func method(did string, k Key) string {
	if did == didKey(k.Public) { // the method did:key, §3.1.2
		return did + "#" + strings.TrimPrefix(did, "did:key:")
	}
	return did + "#" + k.ID()
}

// document is a DID document (DID Core §5).
type document struct {
	Context   []string             `json:"@context"`
	ID        string               `json:"id"`
	Methods   []verificationMethod `json:"verificationMethod"`
	Assertion []string             `json:"assertionMethod"`
}

type verificationMethod struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Controller string `json:"controller"`
	Public     jwk    `json:"publicKeyJwk"`
}

// Document is the issuer's did.json. It names all keys that ever signed, since badges of
// old keys stay good.
func Document(did string, keys []Key) ([]byte, error) {
	d := document{Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"}, ID: did}
	for _, k := range keys {
		m := verificationMethod{ID: method(did, k), Type: "JsonWebKey2020", Controller: did, Public: k.jwk()}
		d.Methods, d.Assertion = append(d.Methods, m), append(d.Assertion, m.ID)
	}
	return json.MarshalIndent(d, "", "  ")
}

// Ring holds the keys whose signatures are believed, by their names.
type Ring map[string]Key

// Add adds the keys of an issuer. Each is known by its did:key, too, by which it signed
// before the issuer had an address.
func (r Ring) Add(did string, keys ...Key) {
	for _, k := range keys {
		r.add(method(did, k), k)
	}
}

func (r Ring) add(id string, k Key) {
	r[id] = k
	r[method(didKey(k.Public), k)] = k
}

// ReadDocument adds the keys of a did.json. Methods that may not assert, or that are no
// Ed25519 key, are left out.
func (r Ring) ReadDocument(raw []byte) error {
	var d document
	if err := json.Unmarshal(raw, &d); err != nil || !strings.HasPrefix(d.ID, "did:") {
		return fault.Wrap(fault.Invalid, err, "this is not the document of an issuer").WithHint("it is served as /.well-known/did.json; tidewaiter badge issuer prints it")
	}
	may := map[string]bool{}
	for _, id := range d.Assertion {
		may[absolute(d.ID, id)] = true
	}
	for _, m := range d.Methods {
		id := absolute(d.ID, m.ID)
		if k, ok := m.Public.key(); ok && may[id] && m.Controller == d.ID {
			r.add(id, k)
		}
	}
	return nil
}

// absolute is a name that a document may write without its own (DID Core §3.2.2).
func absolute(did, id string) string {
	if strings.HasPrefix(id, "#") {
		return did + id
	}
	return id
}

// find returns the key of a name: one that is known, or that a did:key states by itself.
// A did:key proves that nothing was altered, not who the issuer is.
func (r Ring) find(kid string) (k Key, known, ok bool) {
	if k, ok := r[kid]; ok {
		return k, true, true
	}
	did, _, _ := strings.Cut(kid, "#")
	k, ok = keyOfDID(did)
	return k, false, ok && kid == method(did, k)
}
