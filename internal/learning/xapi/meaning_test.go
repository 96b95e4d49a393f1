package xapi

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewaiter/internal/fault"
)

func parse(t testing.TB, body string, v Version) *Statement {
	t.Helper()
	all, err := ParseStatements([]byte(body), v)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d statements, %v", len(all), err)
	}
	return all[0]
}

func agentOf(t *testing.T, value string) Agent {
	t.Helper()
	a, err := ParseAgent(value, V200)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestKeys(t *testing.T) {
	registration, _ := ParseUUID("EC531277-b57b-4c15-8d91-d292c5b2b8f7")
	agent := func(mbox string) Agent { return agentOf(t, `{"mbox":"mailto:`+mbox+`@example.com"}`) }
	officer := agentOf(t, `{"account":{"homePage":"http://example.com/officers","name":"0042"}}`)
	sha := agentOf(t, `{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}`)
	for name, c := range map[string]struct {
		text        string
		has, hasNot []Key
	}{
		"whole": {whole, []Key{
			VerbKey("http://adlnet.gov/expapi/verbs/answered"), ActivityKey("http://example.com/seals/7", false), ActivityKey("http://example.com/seals/7", true),
			ActivityKey("http://example.com/seals", true), ActivityKey("http://example.com/course", true), RegistrationKey(registration),
			agent("night").Key(false), agent("aigul").Key(false), officer.Key(false), officer.Key(true), agent("mentor").Key(true), sha.Key(true),
		}, []Key{ActivityKey("http://example.com/seals", false), agent("mentor").Key(false), agentOf(t, `{"openid":"http://openid.example.org/12345"}`).Key(true), KeyVoided}},
		"within": {within, []Key{
			VerbKey("http://example.com/planned"), agent("mentor").Key(false), agent("aigul").Key(true), ActivityKey("http://example.com/port", true), ActivityKey("http://example.com/x", true),
		}, []Key{VerbKey("http://example.com/visited"), agent("aigul").Key(false), ActivityKey("http://example.com/port", false), RegistrationKey(registration)}},
		"context agents": {strings.Replace(within, `"object": {`, `"context": {"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:a@example.com"}}],
			"contextGroups":[{"objectType":"contextGroup","group":{"objectType":"Group","mbox":"mailto:g@example.com","member":[{"mbox":"mailto:m@example.com"}]}}]}, "object": {`, 1),
			[]Key{agent("a").Key(true), agent("g").Key(true), agent("m").Key(true)}, []Key{agent("a").Key(false)}},
	} {
		keys := parse(t, c.text, V200).Keys()
		for i, k := range c.has {
			if !slices.Contains(keys, k) {
				t.Errorf("%s lacks key %d", name, i)
			}
		}
		for i, k := range c.hasNot {
			if slices.Contains(keys, k) {
				t.Errorf("%s has the wrong key %d", name, i)
			}
		}
		slices.SortFunc(keys, func(a, b Key) int { return slices.Compare(a[:], b[:]) })
		if len(slices.Compact(slices.Clone(keys))) != len(keys) {
			t.Errorf("%s has a key twice", name)
		}
	}
}

func TestStoredStatement(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)
	authority := NewAccount("http://example.com/xapi", "suite")
	for name, c := range map[string]struct {
		text string
		v    Version
		want map[string]string
	}{
		"whole": {whole, V103, map[string]string{ // XAPI-00097, XAPI-00099, XAPI-00332
			"stored": `"2026-11-23T12:00:00.123456Z"`, "timestamp": `"2026-10-01T08:15:30.250Z"`, "version": `"1.0.0"`,
			"authority": `{"objectType":"Agent","account":{"homePage":"http://example.com/xapi","name":"suite"}}`,
		}},
		"defaults of 1.0.3": {within, V103, map[string]string{"version": `"1.0.0"`, "timestamp": `"2026-11-23T12:00:00.123456Z"`}},
		"defaults of 2.0.0": {within, V200, map[string]string{"version": `"2.0.0"`, "stored": `"2026-11-23T12:00:00.123456Z"`}},
		"offset, 2.0.0":     {strings.Replace(whole, "30.250Z", "30.250+06:00", 1), V200, map[string]string{"timestamp": `"2026-10-01T02:15:30.250000Z"`}},
		"offset, 1.0.3":     {strings.Replace(whole, "30.250Z", "30.250+06:00", 1), V103, map[string]string{"timestamp": `"2026-10-01T08:15:30.250+06:00"`}},
	} {
		s := parse(t, c.text, c.v)
		if !s.HasID() {
			s.SetID(NewUUID())
		}
		var got map[string]json.RawMessage
		body := s.Draft(authority).Stored(at)
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatalf("%s: %v in %s", name, err, body)
		}
		for property, want := range c.want {
			if string(got[property]) != want {
				t.Errorf("%s: %s is %s, want %s", name, property, got[property], want)
			}
		}
		again, err := Read(body)
		if err != nil || again.ID != s.ID || !Same(s, again) {
			t.Errorf("%s: came back as another statement: %v", name, err)
		}
	}
	// XAPI-00096: single context activities are answered as arrays.
	body := parse(t, whole, V103).Draft(authority).Stored(at)
	if !strings.Contains(string(body), `"parent":[{"id":"http://example.com/seals"}]`) {
		t.Errorf("a single activity is no array: %s", body)
	}
}

// What may differ between two statements that say the same, and what may not.
func TestSame(t *testing.T) {
	base := parse(t, whole, V200)
	for _, c := range []struct {
		path, value string
		same        bool
	}{
		{"verb display", `{"fr":"a répondu"}`, true},
		{"object definition name", `{"en":"Which of these?"}`, true},
		{"authority", `{"mbox":"mailto:other@example.com"}`, true},
		{"stored", "", true},
		{"timestamp", `"2026-10-01T14:15:30.25+06:00"`, true},
		{"timestamp", "", true},
		{"timestamp", `"2026-10-01T08:15:30.251Z"`, false},
		{"result duration", `"PT1M30.50999S"`, false},
		{"result score raw", `95.0`, true},
		{"result score raw", `9.5e1`, true},
		{"result score raw", `95.1`, false},
		{"result success", `false`, false},
		{"context contextActivities parent", `[{"id":"http://example.com/seals","objectType":"Activity"}]`, true},
		{"context contextActivities parent", `[{"id":"http://example.com/other"}]`, false},
		{"context registration", `"EC531277-B57B-4C15-8D91-D292C5B2B8F7"`, true},
		{"context extensions", `{"http://example.com/x":" "}`, false},
		{"object objectType", "", true},
		{"actor name", `"Day shift"`, false},
		{"verb id", `"http://example.com/other"`, false},
		{"actor member", `[{"account":{"name":"0042","homePage":"http://example.com/officers"}},{"objectType":"Agent","name":"Aigul","mbox":"mailto:aigul@example.com"}]`, true},
		{"attachments", "", false},
	} {
		other := parse(t, string(change(t, whole, c.path, c.value)), V200)
		if Same(base, other) != c.same || Same(other, base) != c.same {
			t.Errorf("XAPI-00142: %s = %s: same is %t, want %t", c.path, c.value, !c.same, c.same)
		}
	}
	one := parse(t, strings.Replace(whole, "PT1M30.5S", "PT1M30.5678S", 1), V200)
	if other := parse(t, strings.Replace(whole, "PT1M30.5S", "PT1M30.5612S", 1), V200); !Same(one, other) {
		t.Error("durations are compared beyond hundredths of seconds")
	}
}

func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.Int64Range(-1e15, 1e15).Draw(t, "digits")
		power := rapid.IntRange(-20, 20).Draw(t, "power")
		value := new(big.Rat).SetInt64(digits)
		shift := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(power, -power))), nil))
		if power < 0 {
			value.Quo(value, shift)
		} else {
			value.Mul(value, shift)
		}
		plain := value.FloatString(25)
		scientific := big.NewInt(digits).String() + "e" + big.NewInt(int64(power)).String()
		if a, b := canonicalNumber(plain), canonicalNumber(scientific); a != b {
			t.Fatalf("%s is %s, and %s is %s", plain, a, scientific, b)
		}
	})
	if a := canonicalNumber("1e999999999"); a != "1e999999999" {
		t.Errorf("a huge number became %s", a)
	}
	if canonicalNumber("-0.0") != canonicalNumber("0") || canonicalNumber("1e99999999999999") == canonicalNumber("1") {
		t.Error("zeros differ, or a number that is out of range is 1")
	}
}

func TestFormats(t *testing.T) {
	s := parse(t, whole, V103)
	s2, s3 := parse(t, whole, V103), parse(t, whole, V103)
	var ids map[string]any
	if err := json.Unmarshal(s.AppendIDs(nil), &ids); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{ // XAPI-00171
		"actor":  `{"mbox":"mailto:night@example.com","objectType":"Group"}`,
		"verb":   `{"id":"http://adlnet.gov/expapi/verbs/answered"}`,
		"object": `{"id":"http://example.com/seals/7"}`,
	}
	for name, text := range want {
		got, _ := json.Marshal(ids[name])
		if string(got) != text {
			t.Errorf("XAPI-00171 %s: %s, want %s", name, got, text)
		}
	}
	team, _ := json.Marshal(ids["context"].(map[string]any)["team"])
	if string(team) != `{"member":[{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}],"objectType":"Group"}` {
		t.Errorf("XAPI-00171: a group without identifier is %s", team)
	}
	known, err := Parse([]byte(`{"name":{"en":"Seal quiz","ky":"Пломба суроосу"},"type":"http://example.com/quiz"}`))
	if err != nil {
		t.Fatal(err)
	}
	canonical := string(s2.AppendCanonical(nil, map[string]*Node{"http://example.com/seals/7": known}, []string{"ky", "en"}))
	for _, part := range []string{`"display":{"ky":"жооп берди"}`, `"definition":{"name":{"ky":"Пломба суроосу"},"type":"http://example.com/quiz"}`, `"name":"Aigul"`} { // XAPI-00169
		if !strings.Contains(canonical, part) {
			t.Errorf("XAPI-00169 XAPI-00172: %s is not in %s", part, canonical)
		}
	}
	if again := string(s3.AppendCanonical(nil, map[string]*Node{"http://example.com/seals/7": known}, []string{"en"})); !strings.Contains(again, `"Seal quiz"`) {
		t.Errorf("formatting once changed what is known: %s", again)
	}
}

func TestPerson(t *testing.T) {
	for value, want := range map[string]string{ // XAPI-00237 to XAPI-00242, XAPI-00244
		`{"mbox":"mailto:a@example.com"}`:                                        `{"objectType":"Person","name":["A","B"],"mbox":["mailto:a@example.com"]}`,
		`{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9","name":"x"}`: `{"objectType":"Person","name":["A","B"],"mbox_sha1sum":["ebd31e95054c018b10727ccffd2ef2ec3a016ee9"]}`,
		`{"openid":"http://openid.example.org/1"}`:                               `{"objectType":"Person","name":["A","B"],"openid":["http://openid.example.org/1"]}`,
		`{"account":{"homePage":"http://example.com","name":"x"}}`:               `{"objectType":"Person","name":["A","B"],"account":[{"homePage":"http://example.com","name":"x"}]}`,
	} {
		if got := string(agentOf(t, value).Person([]string{"A", "B"})); got != want {
			t.Errorf("XAPI-00237 XAPI-00238 XAPI-00239 XAPI-00240 XAPI-00241 XAPI-00242 XAPI-00244: %s, want %s", got, want)
		}
	}
	for _, value := range []string{`{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}`, `not JSON`, `{}`, `7`} {
		if _, err := ParseAgent(value, V103); !fault.Is(err, fault.Invalid) {
			t.Errorf("XAPI-00249: %s is an agent: %v", value, err)
		}
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`{"car":"MKX","seats":{"front":2,"back":3}}`, `{"car":"MKZ","seats":{"front":1}}`, `{"car":"MKZ","seats":{"front":1}}`}, // XAPI-00183, XAPI-00184
		{`{"a":1}`, `{"b":2.50}`, `{"a":1,"b":2.50}`},
		{`[1]`, `{"b":2}`, ""}, {`{"b":2}`, `"x"`, ""}, {`{"b":2}`, `{"b":`, ""},
	} {
		got, err := MergeDocuments([]byte(c.old), []byte(c.new))
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("XAPI-00183 XAPI-00184: %s and %s: %s, %v; want %s", c.old, c.new, got, err, c.want)
		}
	}
	known, _ := Parse([]byte(`{"name":{"en":"a"},"interactionType":"choice","choices":[{"id":"x"}],"type":"http://example.com/t"}`))
	told, _ := Parse([]byte(`{"name":{"ky":"b"},"interactionType":"numeric"}`))
	want := `{"name":{"en":"a","ky":"b"},"interactionType":"numeric","type":"http://example.com/t"}` // XAPI-00254
	if got := string(MergeDefinition(known, told).Append(nil)); got != want {
		t.Errorf("XAPI-00254: %s, want %s", got, want)
	}
	if strings.Contains(string(known.Append(nil)), "ky") {
		t.Error("merging changed what was known")
	}
}

// signer makes signatures as a learning record provider does.
type signer struct {
	key  *rsa.PrivateKey
	cert string
}

func newSigner(t *testing.T) signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, base64.StdEncoding.EncodeToString(der)}
}

func (s signer) sign(t *testing.T, header, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(payload))
	sum := sha512.Sum384([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA384, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encode(signature)
}

func TestSignature(t *testing.T) {
	ours, theirs := newSigner(t), newSigner(t)
	const attachment = `"attachments":[{"usageType":"` + signatureUsage + `","display":{"en":"Signature"},"contentType":"application/octet-stream",` +
		`"length":1,"sha2":"495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a"}],`
	signed := strings.Replace(within, "{", "{"+attachment, 1)
	s := parse(t, signed, V103)
	header := `{"alg":"RS384","x5c":["` + ours.cert + `"]}`
	for name, c := range map[string]struct {
		jws string
		ok  bool
	}{
		"good":                    {ours.sign(t, header, within), true},
		"without certificate":     {theirs.sign(t, `{"alg":"RS384"}`, within), true}, // nothing to hold it against
		"payload has it, too":     {ours.sign(t, header, strings.Replace(within, "{", `{"attachments":[],`, 1)), true},
		"other key":               {theirs.sign(t, header, within), false},
		"algorithm of a secret":   {ours.sign(t, `{"alg":"HS256"}`, within), false},
		"no algorithm":            {ours.sign(t, `{"alg":"none"}`, within), false},
		"another algorithm":       {ours.sign(t, `{"alg":"RS256","x5c":["`+ours.cert+`"]}`, within), false},
		"critical extension":      {ours.sign(t, `{"alg":"RS384","crit":["exp"]}`, within), false},
		"other statement":         {ours.sign(t, header, strings.Replace(within, "visited", "left", 1)), false},
		"payload is no JSON":      {ours.sign(t, header, strings.Replace(within, `"`, `'`, 1)), false},
		"payload is no statement": {ours.sign(t, header, `[]`), false},
		"header is no JSON":       {ours.sign(t, `alg`, within), false},
		"certificate is none":     {ours.sign(t, `{"alg":"RS384","x5c":["AAAA"]}`, within), false},
		"two parts":               {"e30.e30", false},
		"no base64":               {"e30.e30.!", false},
	} {
		err := s.CheckSignature([]byte(c.jws))
		if c.ok && err != nil || !c.ok && !fault.Is(err, fault.Invalid) {
			t.Errorf("XAPI-00115 XAPI-00116 XAPI-00117, %s: %v", name, err)
		}
	}
}
