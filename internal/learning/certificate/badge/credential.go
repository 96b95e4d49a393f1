package badge

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Award is what a badge says.
type Award struct {
	Number  string // of the certificate
	Holder  string
	Unit    string // where the course was taken
	Course  string // id
	Version string
	Title   string
	Lang    string    // of the title, BCP 47
	Score   float64   // of the test, 0 to 1
	Minutes int       // that the course takes
	At      time.Time // of completion
	List    int       // status list, and its place there
	Place   int
}

// Credential is an OpenBadgeCredential (OB §B.1.1).
type Credential struct {
	Context []string `json:"@context"`
	ID      string   `json:"id"`
	Type    []string `json:"type"`
	Name    string   `json:"name"`
	Issuer  Profile  `json:"issuer"`
	From    string   `json:"validFrom"` // RFC 3339, whole seconds, UTC
	Until   string   `json:"validUntil,omitempty"`
	Subject Subject  `json:"credentialSubject"`
	Status  *Status  `json:"credentialStatus,omitempty"`
	Schema  []Typed  `json:"credentialSchema,omitempty"`
}

// Profile is the issuer (OB §B.1.23).
type Profile struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	URL  string   `json:"url,omitempty"`
}

// Subject says who achieved what (OB §B.1.3).
type Subject struct {
	ID          string      `json:"id"`
	Type        []string    `json:"type"`
	Identifier  []Identity  `json:"identifier"`
	Achievement Achievement `json:"achievement"`
	Result      []Result    `json:"result,omitempty"`
}

// Identity is a name of the holder: as it stands on the certificate, and the certificate's
// number (OB §B.1.17).
type Identity struct {
	Type   string `json:"type"`
	Name   string `json:"identityHash"` // in clear: Hashed is false
	Kind   string `json:"identityType"`
	Hashed bool   `json:"hashed"`
}

// Achievement is the course (OB §B.1.2).
type Achievement struct {
	ID          string        `json:"id"`
	Type        []string      `json:"type"`
	Kind        string        `json:"achievementType"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Criteria    Criteria      `json:"criteria"`
	Code        string        `json:"humanCode"`
	Version     string        `json:"version,omitempty"`
	Lang        string        `json:"inLanguage,omitempty"`
	Results     []Description `json:"resultDescription,omitempty"`
}

// Criteria say what had to be done (OB §B.1.7).
type Criteria struct {
	Narrative string `json:"narrative"`
}

// Description says what a result means (OB §B.1.26).
type Description struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	Kind string   `json:"resultType"`
	Min  string   `json:"valueMin"`
	Max  string   `json:"valueMax"`
}

// Result is the score of the test, in per cent (OB §B.1.25).
type Result struct {
	Type  []string `json:"type"`
	Of    string   `json:"resultDescription"`
	Value string   `json:"value"`
}

// Status says where it stands whether the badge was revoked (BSL §2.1).
type Status struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Index   string `json:"statusListIndex"` // decimal
	List    string `json:"statusListCredential"`
}

// Typed is a reference with its kind.
type Typed struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// What credentials of this version say of themselves.
const (
	credentials2 = "https://www.w3.org/ns/credentials/v2"
	badges3      = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	schema3      = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

// New returns the credential of an award, to be signed by the issuer's current key.
func New(home Home, current Key, a Award) Credential {
	did := home.DID(current)
	score, course := urn(did, "score", a.Course, a.Version), urn(did, "course", a.Course, a.Version)
	list := home.StatusList(did, a.List)
	index := strconv.Itoa(a.Place)
	return Credential{
		Context: []string{credentials2, badges3},
		ID:      home.Certificate(did, a.Number),
		Type:    []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name:    a.Title,
		Issuer:  Profile{ID: did, Type: []string{"Profile"}, Name: a.Unit, URL: string(home)},
		From:    a.At.UTC().Truncate(time.Second).Format(time.RFC3339),
		Subject: Subject{
			ID: urn(did, "holder", a.Number), Type: []string{"AchievementSubject"},
			Identifier: []Identity{{Type: "IdentityObject", Name: a.Holder, Kind: "name"}, {Type: "IdentityObject", Name: a.Number, Kind: "identifier"}},
			Achievement: Achievement{
				ID: course, Type: []string{"Achievement"}, Kind: "Course", Name: a.Title, Code: a.Course, Version: a.Version, Lang: a.Lang,
				Description: fmt.Sprintf("The course “%s”, version %s, of %d minutes.", a.Title, a.Version, a.Minutes),
				Criteria:    Criteria{"Every lesson was read, the exercise, where the course has one, was handed in, and the test after the course was passed."},
				Results:     []Description{{ID: score, Type: []string{"ResultDescription"}, Name: "Test after the course", Kind: "Percent", Min: "0", Max: "100"}},
			},
			Result: []Result{{Type: []string{"Result"}, Of: score, Value: strconv.Itoa(int(math.Round(a.Score * 100)))}},
		},
		Status: &Status{ID: list + "#" + index, Type: "BitstringStatusListEntry", Purpose: "revocation", Index: index, List: list},
		Schema: []Typed{{schema3, "1EdTechJsonSchemaValidator2019"}},
	}
}
