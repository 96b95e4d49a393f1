package xapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"tidewaiter/internal/fault"
)

// whole is a statement with everything in it that 1.0.3 knows.
const whole = `{
	"id": "fdf4a2c1-65f9-4d5f-a0c1-54fb7d5eb1a1",
	"actor": {"objectType": "Group", "name": "Night shift", "mbox": "mailto:night@example.com", "member": [
		{"name": "Aigul", "mbox": "mailto:aigul@example.com"},
		{"objectType": "Agent", "account": {"homePage": "http://example.com/officers", "name": "0042"}}]},
	"verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered", "ky": "жооп берди"}},
	"object": {"objectType": "Activity", "id": "http://example.com/seals/7", "definition": {
		"name": {"en": "Which seal?"}, "description": {"en": "One of these was glued."}, "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
		"moreInfo": "http://example.com/seals", "interactionType": "choice", "correctResponsesPattern": ["b"],
		"choices": [{"id": "a", "description": {"en": "Bolt"}}, {"id": "b", "description": {"en": "Cable"}}],
		"extensions": {"http://example.com/x": {"any": [1, null]}}}},
	"result": {"score": {"scaled": 0.95, "raw": 95, "min": 0, "max": 100}, "success": true, "completion": true, "response": "b",
		"duration": "PT1M30.5S", "extensions": {"http://example.com/x": null}},
	"context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7", "instructor": {"mbox": "mailto:mentor@example.com"},
		"team": {"objectType": "Group", "member": [{"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}]},
		"contextActivities": {"parent": {"id": "http://example.com/seals"}, "grouping": [{"id": "http://example.com/course"}], "category": [], "other": []},
		"revision": "3", "platform": "Tidewaiter", "language": "ky-KG",
		"statement": {"objectType": "StatementRef", "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"},
		"extensions": {"http://example.com/x": ""}},
	"timestamp": "2026-10-01T08:15:30.250Z", "stored": "2026-10-01T08:15:31Z", "version": "1.0.0",
	"authority": {"objectType": "Agent", "openid": "http://openid.example.org/12345"},
	"attachments": [{"usageType": "http://example.com/photo", "display": {"en": "The seal"}, "description": {"en": "As found"},
		"contentType": "image/jpeg", "length": 27, "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a", "fileUrl": "http://example.com/7.jpg"}]
}`

// within is a statement of which the object is another one.
const within = `{
	"actor": {"mbox": "mailto:mentor@example.com"}, "verb": {"id": "http://example.com/planned"},
	"object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:aigul@example.com", "name": "Aigul"},
		"verb": {"id": "http://example.com/visited", "display": {"en": "visited"}},
		"object": {"id": "http://example.com/port", "definition": {"name": {"en": "Port"}}},
		"result": {"score": {"raw": 1}, "duration": "PT1H"},
		"context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7", "contextActivities": {"parent": [{"id": "http://example.com/x"}]}},
		"timestamp": "2026-10-01T08:15:30Z"}
}`

// change sets the value at a path of a JSON value, or removes it when the value is "".
// Parts of the path are names or indexes, parted by blanks.
func change(t *testing.T, text, path, value string) []byte {
	t.Helper()
	var root any
	decode := json.NewDecoder(strings.NewReader(text))
	decode.UseNumber()
	if err := decode.Decode(&root); err != nil {
		t.Fatal(err)
	}
	parts := strings.Fields(path)
	at := root
	for _, part := range parts[:len(parts)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[part]
		case []any:
			i, _ := strconv.Atoi(part)
			at = v[i]
		}
	}
	last := parts[len(parts)-1]
	switch v := at.(type) {
	case map[string]any:
		if value == "" {
			delete(v, last)
		} else {
			v[last] = json.RawMessage(value)
		}
	case []any:
		i, _ := strconv.Atoi(last)
		v[i] = json.RawMessage(value)
	default:
		t.Fatalf("there is no %q", path)
	}
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rule is a change of a statement, which then is taken or refused.
type rule struct {
	ids   string // requirements
	path  string
	value string // "" removes
	ok    bool
}

func checkRules(t *testing.T, base string, prefix string, rules []rule) {
	t.Helper()
	for _, r := range rules {
		path := strings.TrimSpace(prefix + " " + r.path)
		body := change(t, base, path, r.value)
		for _, v := range Versions {
			_, err := ParseStatements(body, v)
			if r.ok && err != nil {
				t.Errorf("%s, %s: %s = %s is refused: %v", r.ids, v, path, r.value, err)
			}
			if !r.ok && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s, %s: %s = %s is taken: %v", r.ids, v, path, r.value, err)
			}
		}
	}
}

func TestWholeStatementsAreTaken(t *testing.T) {
	for _, v := range Versions {
		for _, text := range []string{whole, within, "[]", "[" + within + "," + whole + "]"} {
			if _, err := ParseStatements([]byte(text), v); err != nil {
				t.Errorf("XAPI-00014, %s: %v in %.60s", v, err, text)
			}
		}
	}
}

// An agent stands in many places, and is held to the same rules in each.
func TestAgents(t *testing.T) {
	const account = `{"account":{"homePage":"http://example.com","name":"x"}}`
	agents := []rule{
		{"XAPI-00034", "", `{"mbox":"mailto:a@example.com"}`, true},
		{"XAPI-00034", "", `{"objectType":"Agent","name":"A","mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}`, true},
		{"XAPI-00034", "", `{"openid":"http://openid.example.org/1"}`, true},
		{"XAPI-00034 XAPI-00041", "", account, true},
		{"XAPI-00034", "", `{"name":"nobody"}`, false},
		{"XAPI-00034", "", `{"mbox":"mailto:a@example.com","openid":"http://openid.example.org/1"}`, false},
		{"XAPI-00034", "", `{"mbox":"mailto:a@example.com","member":[]}`, false},
		{"XAPI-00031 XAPI-00009", "", `{"objectType":"agent","mbox":"mailto:a@example.com"}`, false},
		{"XAPI-00032", "", `{"objectType":7,"mbox":"mailto:a@example.com"}`, false},
		{"XAPI-00033", "", `{"name":{"en":"A"},"mbox":"mailto:a@example.com"}`, false},
		{"XAPI-00038", "", `{"mbox":"a@example.com"}`, false},
		{"XAPI-00038", "", `{"mbox":"mailto:a.example.com"}`, false},
		{"XAPI-00038 XAPI-00007", "", `{"mbox":""}`, false},
		{"XAPI-00038", "", `{"mbox":7}`, false},
		{"XAPI-00039", "", `{"mbox_sha1sum":"ebd31e95"}`, false},
		{"XAPI-00039", "", `{"mbox_sha1sum":"zbd31e95054c018b10727ccffd2ef2ec3a016ee9"}`, false},
		{"XAPI-00040 XAPI-00011", "", `{"openid":"openid.example.org"}`, false},
		{"XAPI-00040", "", `{"openid":{}}`, false},
		{"XAPI-00041", "", `{"account":"x"}`, false},
		{"XAPI-00042 XAPI-00011", "", `{"account":{"homePage":"example.com","name":"x"}}`, false},
		{"XAPI-00042", "", `{"account":{"name":"x"}}`, false},
		{"XAPI-00043", "", `{"account":{"homePage":"http://example.com"}}`, false},
		{"XAPI-00043", "", `{"account":{"homePage":"http://example.com","name":7}}`, false},
		{"XAPI-00010 XAPI-00008", "", `{"Mbox":"mailto:a@example.com"}`, false},
		{"XAPI-00001", "", `{"mbox":"mailto:a@example.com","name":null}`, false},
		{"XAPI-00006", "", `"mailto:a@example.com"`, false},
	}
	groups := []rule{
		{"XAPI-00035", "", `{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}`, true},
		{"XAPI-00035", "", `{"objectType":"Group","name":"empty"}`, false},
		{"XAPI-00035", "", `{"objectType":"Group","member":[]}`, false},
		{"XAPI-00036", "", `{"objectType":"Group","member":{"mbox":"mailto:a@example.com"}}`, false},
		{"XAPI-00036", "", `{"objectType":"Group","member":[{"name":"nobody"}]}`, false},
		{"XAPI-00036", "", `{"objectType":"Group","member":[{"objectType":"Group","mbox":"mailto:a@example.com"}]}`, false},
		{"XAPI-00037", "", `{"objectType":"Group","mbox":"mailto:a@example.com"}`, true},
		{"XAPI-00037", "", `{"objectType":"Group","account":{"homePage":"http://example.com","name":"x"},"member":[]}`, true},
		{"XAPI-00037", "", `{"objectType":"Group","mbox":"mailto:a@example.com","openid":"http://openid.example.org/1"}`, false},
	}
	for _, place := range []struct{ base, path string }{
		{whole, "actor"}, {whole, "context instructor"}, {within, "object actor"},
	} {
		checkRules(t, place.base, place.path, agents)
		checkRules(t, place.base, place.path, groups)
	}
	checkRules(t, whole, "actor member 0", agents)
	checkRules(t, whole, "authority", agents)
	checkRules(t, whole, "context team", groups)
	checkRules(t, whole, "", []rule{
		{"XAPI-00088", "context team", account, false},
		{"XAPI-00065", "object", `{"objectType":"Agent","mbox":"mailto:a@example.com"}`, false}, // as it has a revision
		{"XAPI-00024 XAPI-00098", "authority", `{"objectType":"Group","member":[` + account + `,{"mbox":"mailto:a@example.com"}]}`, true},
		{"XAPI-00098", "authority", `{"objectType":"Group","member":[` + account + `]}`, false},
		{"XAPI-00098", "authority", `{"objectType":"Group","member":[` + account + `,` + account + `,` + account + `]}`, false},
		{"XAPI-00024", "authority", `{"objectType":"Group","mbox":"mailto:g@example.com","member":[` + account + `,` + account + `]}`, false},
		{"XAPI-00024 XAPI-00100", "authority", `7`, false},
	})
	checkRules(t, within, "", []rule{
		{"XAPI-00065", "object", `{"objectType":"Agent","mbox":"mailto:a@example.com"}`, true},
		{"XAPI-00065", "object", `{"objectType":"Group","member":[` + account + `]}`, true},
		{"XAPI-00065", "object", `{"mbox":"mailto:a@example.com"}`, false},
	})
}

func TestTopLevel(t *testing.T) {
	checkRules(t, whole, "", []rule{
		{"XAPI-00003", "actor", "", false},
		{"XAPI-00004", "verb", "", false},
		{"XAPI-00005", "object", "", false},
		{"XAPI-00026", "id", "", true},
		{"XAPI-00027 XAPI-00028", "id", `"AA97B177-9383-4934-8543-0F91A7A02836"`, true},
		{"XAPI-00029 XAPI-00030", "id", `"AA97B177-9383-4934-8543-0F91A7A028368"`, false},
		{"XAPI-00027", "id", `"MA97B177-9383-4934-8543-0F91A7A02836"`, false},
		{"XAPI-00028", "id", `"AA97B1779383493485430F91A7A02836"`, false},
		{"XAPI-00006", "id", `12345`, false},
		{"XAPI-00007", "id", `""`, false},
		{"XAPI-00001", "id", `null`, false},
		{"XAPI-00010", "ID", `"AA97B177-9383-4934-8543-0F91A7A02836"`, false},
		{"XAPI-00008", "Verb", `{"id":"http://example.com/x"}`, false},
		{"XAPI-00014", "dummy", `"x"`, false},
		{"XAPI-00022", "timestamp", `"2026-10-01"`, false},
		{"XAPI-00022", "timestamp", `7`, false},
		{"XAPI-00097 XAPI-00023", "stored", `"2013-05-18T05:32:34.804Z"`, true},
		{"XAPI-00023", "stored", `"yesterday"`, false},
		{"XAPI-00101 XAPI-00330", "version", `"1.0"`, true},
		{"XAPI-00101", "version", `"1.0.9"`, true},
		{"XAPI-00101", "version", `"0.9.9"`, false},
		{"XAPI-00101", "version", `"1.1.0"`, false},
		{"XAPI-00101", "version", `"1.0.x"`, false},
		{"XAPI-00101", "version", `1.0`, false},
		{"XAPI-00044 XAPI-00011", "verb id", `"answered"`, false},
		{"XAPI-00044", "verb id", "", false},
		{"XAPI-00044", "verb", `"http://example.com/x"`, false},
		{"XAPI-00045", "verb display", `"answered"`, false},
		{"XAPI-00045", "verb display", `{"en":7}`, false},
		{"XAPI-00121 XAPI-00013", "verb display", `{"something":"x"}`, false},
		{"XAPI-00013", "verb display", `{"zh-Hant-TW":"x","sr-Cyrl":"y","es-419":"z","de-CH-1996":"v"}`, true},
	})
	_, err := ParseStatements([]byte(`[`+within+`,`+strings.Replace(within, "http://example.com/planned", "planned", 1)+`]`), V103)
	if err == nil || !strings.Contains(err.Error(), `statement 2 of 2: verb.id "planned" is not an IRI`) {
		t.Errorf("the place is not named: %v", err)
	}
	twice := strings.Replace(within, "{", `{"id":"fdf4a2c1-65f9-4d5f-a0c1-54fb7d5eb1a1",`, 1)
	if _, err := ParseStatements([]byte("["+twice+","+twice+"]"), V200); !fault.Is(err, fault.Invalid) {
		t.Errorf("XAPI-00142: one id twice in a batch: %v", err)
	}
}

func TestObjects(t *testing.T) {
	checkRules(t, whole, "object", []rule{
		{"XAPI-00046 XAPI-00009", "objectType", `"activity"`, false},
		{"XAPI-00046", "objectType", `7`, false},
		{"XAPI-00046", "objectType", "", true},
		{"XAPI-00047", "id", "", false},
		{"XAPI-00047 XAPI-00011", "id", `"seals/7"`, false},
		{"XAPI-00048", "definition", `"a choice"`, false},
		{"XAPI-00056 XAPI-00121", "definition name", `{"a12345678":"x"}`, false},
		{"XAPI-00056", "definition name", `"x"`, false},
		{"XAPI-00059", "definition description", `7`, false},
		{"XAPI-00060", "definition type", `"interaction"`, false},
		{"XAPI-00061", "definition moreInfo", `"ab=c://should.fail.com"`, false},
		{"XAPI-00057 XAPI-00120", "definition extensions", `"x"`, false},
		{"XAPI-00118 XAPI-00120", "definition extensions", `{"no iri":1}`, false},
		{"XAPI-00119", "definition extensions", `{}`, true},
		{"XAPI-00119 XAPI-00001", "definition extensions", `{"http://example.com/ex":null,"http://example.com/ey":"","http://example.com/ez":{"a":null}}`, true},
		{"XAPI-00049 XAPI-00009", "definition interactionType", `"Choice"`, false},
		{"XAPI-00049", "definition interactionType", `7`, false},
		{"XAPI-00049", "definition interactionType", `"likert"`, false}, // which has no choices
		{"XAPI-00064", "definition interactionType", "", false},
		{"XAPI-00049", "definition choices", `[{"description":{"en":"x"}}]`, false},
		{"XAPI-00049", "definition choices", `[{"id":"a"},{"id":"a"}]`, false},
		{"XAPI-00049", "definition choices", `{"id":"a"}`, false},
		{"XAPI-00049", "definition correctResponsesPattern", `"b"`, false},
		{"XAPI-00008", "definition Name", `{"en":"x"}`, false},
		{"XAPI-00001", "definition name", `null`, false},
	})
	for kind, lists := range interactions {
		for _, list := range componentLists {
			body := `{"interactionType":"` + kind + `","` + list + `":[{"id":"a"}]}`
			allowed := strings.Contains(strings.Join(lists, " "), list)
			checkRules(t, whole, "object", []rule{{"XAPI-00049 XAPI-00064", "definition", body, allowed}})
		}
		checkRules(t, whole, "object", []rule{{"XAPI-00049", "definition", `{"interactionType":"` + kind + `"}`, true}})
	}
	checkRules(t, within, "object", []rule{
		{"XAPI-00066", "verb", "", false},
		{"XAPI-00066", "actor", `{}`, false},
		{"XAPI-00067", "authority", `{"mbox":"mailto:a@example.com"}`, false},
		{"XAPI-00068", "version", `"1.0.0"`, false},
		{"XAPI-00069", "stored", `"2013-05-18T05:32:34.804Z"`, false},
		{"XAPI-00070", "id", `"fdf4a2c1-65f9-4d5f-a0c1-54fb7d5eb1a1"`, false},
		{"XAPI-00071", "object", within, false},
		{"XAPI-00071", "object objectType", `"SubStatement"`, false},
		{"XAPI-00009", "objectType", `"substatement"`, false},
		{"XAPI-00066", "object", `{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`, true},
	})
	checkRules(t, within, "", []rule{
		{"XAPI-00072", "object", `{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`, true},
		{"XAPI-00072", "object", `{"objectType":"StatementRef","id":"http://example.com/x"}`, false},
		{"XAPI-00072", "object", `{"objectType":"StatementRef"}`, false},
		{"XAPI-00073", "object", `{"objectType":"statementref","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`, false},
		{"XAPI-00017 XAPI-00020", "verb id", `"http://adlnet.gov/expapi/verbs/voided"`, false},
	})
	voiding := string(change(t, within, "object", `{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`))
	checkRules(t, voiding, "", []rule{{"XAPI-00019 XAPI-00020", "verb id", `"http://adlnet.gov/expapi/verbs/voided"`, true}})
}

func TestResultsAndContexts(t *testing.T) {
	checkRules(t, whole, "result", []rule{
		{"XAPI-00074", "success", `"true"`, false},
		{"XAPI-00075", "completion", `"true"`, false},
		{"XAPI-00076", "response", `7`, false},
		{"XAPI-00076", "response", `""`, true},
		{"XAPI-00077 XAPI-00124", "duration", `"PA1H0M0S"`, false},
		{"XAPI-00124", "duration", `"P1Y2M3DT4H5M6.7S"`, true},
		{"XAPI-00124", "duration", `"P4W"`, true},
		{"XAPI-00124", "duration", `"P0003-06-04T12:30:05"`, false},
		{"XAPI-00124", "duration", `"P"`, false},
		{"XAPI-00124", "duration", `"PT"`, false},
		{"XAPI-00124", "duration", `"PT1.5H3M"`, false},
		{"XAPI-00124", "duration", `"P4W1D"`, false},
		{"XAPI-00077", "duration", `90`, false},
		{"XAPI-00078 XAPI-00120", "extensions", `[]`, false},
		{"XAPI-00079", "score", `95`, false},
		{"XAPI-00079", "score", `{"points":1}`, false},
		{"XAPI-00080", "score max", `"100"`, false},
		{"XAPI-00080", "score max", `100.6767676`, true},
		{"XAPI-00081", "score min", `100`, false},
		{"XAPI-00081", "score min", `101`, false},
		{"XAPI-00082", "score raw", `100.5`, false},
		{"XAPI-00082", "score raw", `-1`, false},
		{"XAPI-00082", "score raw", `100`, true},
		{"XAPI-00083", "score scaled", `1.0001`, false},
		{"XAPI-00083", "score scaled", `-1.0`, true},
		{"XAPI-00083", "score scaled", `1e400`, false},
		{"XAPI-00001", "score scaled", `null`, false},
	})
	checkRules(t, whole, "context", []rule{
		{"XAPI-00087", "registration", `"fdf4a2c1"`, false},
		{"XAPI-00086", "contextActivities", `[]`, false},
		{"XAPI-00093", "contextActivities", `{"family":[]}`, false},
		{"XAPI-00094", "contextActivities parent", `"http://example.com/seals"`, false},
		{"XAPI-00094", "contextActivities parent", `[{"definition":{}}]`, false},
		{"XAPI-00094", "contextActivities other", `[{"objectType":"Agent","mbox":"mailto:a@example.com"}]`, false},
		{"XAPI-00089", "revision", `3`, false},
		{"XAPI-00090", "platform", `3`, false},
		{"XAPI-00091 XAPI-00013", "language", `"something"`, false},
		{"XAPI-00091", "language", `"cmn"`, true},
		{"XAPI-00091", "language", `{"en":"x"}`, false},
		{"XAPI-00092", "statement", `{"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`, false},
		{"XAPI-00092", "statement", `"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"`, false},
		{"XAPI-00078", "extensions", `7`, false},
	})
	for _, object := range []string{
		`{"objectType":"Agent","mbox":"mailto:a@example.com"}`,
		`{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}`,
	} {
		base := string(change(t, whole, "object", object))
		base = string(change(t, base, "context platform", ""))
		checkRules(t, base, "context", []rule{{"XAPI-00084", "revision", "", true}, {"XAPI-00084", "revision", `"3"`, false}})
		base = string(change(t, base, "context revision", ""))
		checkRules(t, base, "context", []rule{{"XAPI-00085", "platform", `"Tidewaiter"`, false}})
	}
}

func TestAttachmentProperties(t *testing.T) {
	checkRules(t, whole, "attachments 0", []rule{
		{"XAPI-00107", "usageType", `"photo"`, false},
		{"XAPI-00107", "usageType", "", false},
		{"XAPI-00106 XAPI-00121", "display", `"The seal"`, false},
		{"XAPI-00106", "display", "", false},
		{"XAPI-00106", "description", `{"a12345678":"x"}`, false},
		{"XAPI-00105", "contentType", `999`, false},
		{"XAPI-00105", "contentType", `"photo"`, false},
		{"XAPI-00102", "length", `"27"`, false},
		{"XAPI-00102", "length", `27.5`, false},
		{"XAPI-00102", "length", `-1`, false},
		{"XAPI-00103", "sha2", `7`, false},
		{"XAPI-00103", "sha2", `"495395e7"`, false},
		{"XAPI-00104 XAPI-00011", "fileUrl", `"over.there.com"`, false},
		{"XAPI-00115", "usageType", `"` + signatureUsage + `"`, false}, // a JPEG is no signature
	})
	checkRules(t, whole, "", []rule{
		{"XAPI-00025", "attachments", `{}`, false},
		{"XAPI-00025", "attachments", `["x"]`, false},
		{"XAPI-00025", "attachments", `[]`, true},
	})
}

// What only 2.0.0 knows, 1.0.3 refuses.
func TestContextAgentsAndGroups(t *testing.T) {
	const agent, group = `{"mbox":"mailto:a@example.com"}`, `{"objectType":"Group","mbox":"mailto:g@example.com"}`
	for value, ok := range map[string]bool{
		`"contextAgents":[{"objectType":"contextAgent","agent":` + agent + `,"relevantTypes":["http://example.com/t"]}]`: true,
		`"contextAgents":[{"objectType":"contextAgent","agent":` + agent + `}]`:                                          true,
		`"contextAgents":[{"objectType":"Agent","agent":` + agent + `}]`:                                                 false,
		`"contextAgents":[{"agent":` + agent + `}]`:                                                                      false,
		`"contextAgents":[{"objectType":"contextAgent","agent":{"key":"x"}}]`:                                            false,
		`"contextAgents":[{"objectType":"contextAgent"}]`:                                                                false,
		`"contextAgents":[{"objectType":"contextAgent","agent":` + agent + `,"relevantTypes":[]}]`:                       false,
		`"contextAgents":[{"objectType":"contextAgent","agent":` + agent + `,"relevantTypes":["abc"]}]`:                  false,
		`"contextAgents":{"objectType":"contextAgent","agent":` + agent + `}`:                                            false,
		`"contextGroups":[{"objectType":"contextGroup","group":` + group + `,"relevantTypes":["http://example.com/t"]}]`: true,
		`"contextGroups":[{"objectType":"contextGroup","group":` + agent + `}]`:                                          false,
		`"contextGroups":[{"objectType":"Group","group":` + group + `}]`:                                                 false,
		`"contextGroups":[{"objectType":"contextGroup","group":` + group + `,"relevantTypes":[]}]`:                       false,
	} {
		body := strings.Replace(within, `"object": {`, `"context": {`+value+`}, "object": {`, 1)
		if _, err := ParseStatements([]byte(body), V200); (err == nil) != ok {
			t.Errorf("2.0.0: %s: %v", value, err)
		}
		if _, err := ParseStatements([]byte(body), V103); err == nil {
			t.Errorf("1.0.3 takes %s", value)
		}
	}
}

func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"a":2}`:    "duplicate",
		`{"a":1}}`:         "",
		`{"a":`:            "ends too early",
		`{"a":1} 2`:        "behind",
		"{\"a\":\"\xff\"}": "UTF-8",
		`{'a':1}`:          "",
		``:                 "ends too early",
		strings.Repeat("[", 100) + strings.Repeat("]", 100): "deeper",
	} {
		n, err := Parse([]byte(text))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, %v; want %q", text, n, err, want)
		}
	}
	// XAPI-00002: digits stay as they came.
	const digits = `{"a":[0.1234567890123456789,1e+30,-0,12345678901234567890],"b":"\u00e9\u2028<>","c":null}`
	n, err := Parse([]byte(digits))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":[0.1234567890123456789,1e+30,-0,12345678901234567890],"b":"é` + "\u2028" + `<>","c":null}`
	if got := string(n.Append(nil)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
