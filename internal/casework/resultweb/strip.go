package resultweb

import (
	"bytes"
	"encoding/json"
)

// metadata are what an act keeps of when, where and by which camera a photo was taken.
var metadata = []string{"taken", "zone_known", "located", "latitude", "longitude", "camera"}

// withoutMetadata returns the body of an act without what photos say of themselves,
// however deep it lies: an act that was set aside holds the body of another.
func withoutMetadata(body json.RawMessage) json.RawMessage {
	var v any
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber() // ids are larger than a float is exact
	if in.Decode(&v) != nil {
		return json.RawMessage(`null`) // rather nothing than what should not be there
	}
	clean(v)
	out, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`null`)
	}
	return out
}

// clean takes the metadata from everything that is an attachment.
func clean(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, attachment := v["media_type"]; attachment {
			for _, name := range metadata {
				delete(v, name)
			}
		}
		for _, part := range v {
			clean(part)
		}
	case []any:
		for _, part := range v {
			clean(part)
		}
	}
}
