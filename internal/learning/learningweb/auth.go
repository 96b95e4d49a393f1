package learningweb

import (
	"net/http"
	"slices"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/xapi"
)

const versionHeader = "X-Experience-API-Version"

// letIn finds out who asks, by HTTP Basic credentials (§4.0).
func (a *API) letIn(c *call) error {
	name, secret, ok := c.BasicAuth()
	if !ok {
		return errUnauthorized
	}
	client, err := a.records.Clients.ByCredentials(c.Context(), name, secret)
	if fault.Is(err, fault.Denied) {
		return errUnauthorized
	}
	// A request that does not say its version is refused in the client's own.
	c.client, c.version = client, client.Version
	return err
}

var errUnauthorized = &status{http.StatusUnauthorized, "this needs the name and the secret of a client, as HTTP Basic credentials"}

// speak settles the version of xAPI that the request speaks (§3.3).
func (c *call) speak() error {
	header := c.Header.Values(versionHeader)
	if len(header) != 1 {
		return refuse("the request must say the version of xAPI that it speaks, in the header %s", versionHeader).
			WithHint("versions spoken here: %v", xapi.Versions)
	}
	version, ok := xapi.ParseVersion(header[0])
	if !ok {
		return refuse("version %.20q of xAPI is not spoken here", header[0]).WithHint("versions spoken here: %v", xapi.Versions)
	}
	c.version = version
	if c.query.Has("method") {
		return refuse("the parameter method belongs to the alternate request syntax of 1.0.3, and to POST")
	}
	return nil
}

// mayLook lets clients look at what statements told of activities and agents, who may
// see or write any of it.
func (c *call) mayLook() error {
	if c.client.May(learning.ReadStatements, learning.ReadMine, learning.UseState, learning.UseProfile, learning.Define) {
		return nil
	}
	return fault.New(fault.Denied, "the client's scopes do not allow it to look this up")
}

// only refuses parameters that the resource does not know, that stand twice, or are
// written in other letters (§3.2).
func (c *call) only(names ...string) error {
	for name, values := range c.query {
		if !slices.Contains(names, name) {
			return refuse("the parameter %.40q is not known here", name).WithHint("known are %v; capitals matter", names)
		}
		if len(values) > 1 {
			return refuse("the parameter %s stands %d times", name, len(values))
		}
	}
	return nil
}
