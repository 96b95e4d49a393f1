package xapi

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"

	"tidewaiter/internal/fault"
)

// algorithms are those that a signature may use (1.0.3 part 2 §2.6).
var algorithms = map[string]crypto.Hash{"RS256": crypto.SHA256, "RS384": crypto.SHA384, "RS512": crypto.SHA512}

// signatureHeader is what matters of a JWS's protected header.
type signatureHeader struct {
	Algorithm    string   `json:"alg"`
	Critical     []string `json:"crit"`
	Certificates []string `json:"x5c"` // the signer's first, standard base64 of DER
}

// CheckSignature holds the signature of a statement, a JSON Web Signature in its compact
// form (RFC 7515), against the statement: the algorithm must be an allowed one, the
// payload must say the same as the statement without the signature, and where the header
// brings a certificate, its key must have signed. Whether the certificate is to be
// trusted is for the reader to say. A bad one is a fault.Invalid.
func (s *Statement) CheckSignature(jws []byte) error {
	jws = bytes.TrimSpace(jws)
	parts := bytes.Split(jws, []byte("."))
	if len(parts) != 3 {
		return fault.New(fault.Invalid, "the signature is not a JSON Web Signature of three parts")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(string(part)); err != nil {
			return fault.New(fault.Invalid, "part %d of the signature is not base64url", i+1)
		}
	}
	var header signatureHeader
	if err := json.Unmarshal(decoded[0], &header); err != nil {
		return fault.New(fault.Invalid, "the header of the signature is not JSON")
	}
	hash, ok := algorithms[header.Algorithm]
	if !ok || len(header.Critical) > 0 {
		return fault.New(fault.Invalid, "the signature uses %q; RS256, RS384 and RS512 are allowed", shorten(header.Algorithm))
	}
	if err := s.signed(decoded[1]); err != nil {
		return err
	}
	if len(header.Certificates) == 0 {
		return nil
	}
	return verify(header.Certificates[0], hash, jws[:len(parts[0])+1+len(parts[1])], decoded[2])
}

// signed reports whether the payload says what the statement says but for signatures.
func (s *Statement) signed(payload []byte) error {
	n, err := Parse(payload)
	if err != nil {
		return fault.New(fault.Invalid, "the payload of the signature: %v", err)
	}
	if n.Kind != Object {
		return fault.New(fault.Invalid, "the payload of the signature is not a statement")
	}
	bare := &Statement{node: s.node.clone()}
	if list := bare.node.Get("attachments"); list != nil {
		var rest []*Node
		for _, a := range list.Items {
			if a.Str("usageType") != signatureUsage {
				rest = append(rest, a)
			}
		}
		list.Items = rest
		if len(rest) == 0 {
			drop(bare.node, "attachments")
		}
	}
	if list := n.Get("attachments"); list != nil && len(list.Items) == 0 {
		drop(n, "attachments")
	}
	if !Same(bare, &Statement{node: n}) {
		return fault.New(fault.Invalid, "the payload of the signature is not the statement that it came with")
	}
	return nil
}

func drop(n *Node, name string) {
	for i := range n.Members {
		if n.Members[i].Name == name {
			n.Members = append(n.Members[:i:i], n.Members[i+1:]...)
			return
		}
	}
}

func verify(certificate string, hash crypto.Hash, signed, signature []byte) error {
	der, err := base64.StdEncoding.DecodeString(certificate)
	if err != nil {
		return fault.New(fault.Invalid, "the certificate of the signature is not base64")
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return fault.New(fault.Invalid, "the certificate of the signature can not be read")
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return fault.New(fault.Invalid, "the certificate of the signature holds no RSA key")
	}
	h := hash.New()
	h.Write(signed)
	if err := rsa.VerifyPKCS1v15(key, hash, h.Sum(nil), signature); err != nil {
		return fault.New(fault.Invalid, "the signature was not made with the key of its certificate")
	}
	return nil
}
