package xapi

import (
	"mime"

	"tidewaiter/internal/fault"
)

// IsJSON reports whether a content type is that of documents that can be merged.
func IsJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}

// CheckDocument refuses a document of type application/json that is not JSON.
func CheckDocument(contentType string, body []byte) error {
	if !IsJSON(contentType) {
		return nil
	}
	_, err := Parse(body)
	return err
}

// MergeDocuments returns a document with the properties of another one over its own, one
// level deep (1.0.3 part 3 §2.2). Both must be JSON objects; else it is a fault.Invalid.
func MergeDocuments(old, new []byte) ([]byte, error) {
	known, err := Parse(old)
	if err != nil {
		return nil, err
	}
	told, err := Parse(new)
	if err != nil {
		return nil, err
	}
	if known.Kind != Object || told.Kind != Object {
		return nil, fault.New(fault.Invalid, "only JSON objects can be merged").WithHint("replace the document by PUT")
	}
	for _, m := range told.Members {
		known.Set(m.Name, m.Value)
	}
	return known.Append(nil), nil
}
