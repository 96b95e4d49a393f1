package learningweb

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tidewaiter/internal/learning/xapi"
)

// headersInForm are the headers that the alternate request syntax takes from the form.
var headersInForm = []string{"Authorization", "X-Experience-API-Version", "Content-Type", "Content-Length", "If-Match", "If-None-Match", "Accept", "Accept-Language"}

// unwrap turns a request in the alternate syntax of 1.0.3 (§1.3), a POST whose form holds
// the method's headers, parameters and content, into the request that it stands for.
// 2.0.0 has no such syntax.
func (c *call) unwrap() error {
	if c.Method != http.MethodPost || !c.query.Has("method") {
		return nil
	}
	if version, ok := xapi.ParseVersion(c.Header.Get(versionHeader)); ok && version != xapi.V103 {
		return nil // where the parameter is not known
	}
	method := c.query.Get("method")
	if len(c.query) > 1 || len(c.query["method"]) > 1 {
		return refuse("a request in the alternate syntax has no parameter but method in its address").WithHint("send the others in the form")
	}
	if !slices.Contains([]string{"GET", "HEAD", "PUT", "POST", "DELETE"}, method) {
		return refuse("%.20q is no method of the alternate syntax", method)
	}
	form, err := c.readForm()
	if err != nil {
		return err
	}
	if !form.Has("content") && (method == "PUT" || method == "POST") {
		return refuse("a %s in the alternate syntax needs its content in the form's field content", method)
	}
	c.Request, c.query = c.fromForm(method, form), form
	if version, ok := xapi.ParseVersion(c.Header.Get(versionHeader)); ok && version != xapi.V103 {
		return refuse("version 2.0 of xAPI has no alternate request syntax")
	}
	return nil
}

// fromForm returns the request that a form stands for, and leaves its parameters in the
// form.
func (c *call) fromForm(method string, form url.Values) *http.Request {
	r := c.Request.Clone(c.Context())
	r.Method, r.URL.RawQuery = method, ""
	r.Header.Set("Content-Type", "application/json")
	for _, name := range headersInForm {
		if form.Has(name) {
			r.Header.Set(name, form.Get(name))
			form.Del(name)
		}
	}
	content := form.Get("content")
	form.Del("content")
	r.Body = io.NopCloser(strings.NewReader(content))
	r.ContentLength = int64(len(content))
	return r
}

func (c *call) readForm() (url.Values, error) {
	media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, refuse("a request in the alternate syntax is a form: application/x-www-form-urlencoded")
	}
	body, err := readBody(c.Body, maxStatements)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, refuse("the form can not be read: %v", err)
	}
	return form, nil
}
