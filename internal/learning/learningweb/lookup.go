package learningweb

import (
	"net/http"

	"tidewaiter/internal/learning/xapi"
)

// getActivity answers with the complete activity (§2.5).
func (a *API) getActivity(w http.ResponseWriter, c *call) error {
	if err := c.only("activityId"); err != nil {
		return err
	}
	if err := c.mayLook(); err != nil {
		return err
	}
	id, err := c.activityID()
	if err != nil {
		return err
	}
	definition, err := a.records.Definition(c.Context(), id)
	if err != nil {
		return err
	}
	return writeJSON(w, xapi.ActivityJSON(id, definition))
}

// getAgent answers with the person behind an agent (§2.4).
func (a *API) getAgent(w http.ResponseWriter, c *call) error {
	if err := c.only("agent"); err != nil {
		return err
	}
	if err := c.mayLook(); err != nil {
		return err
	}
	agent, err := c.agent()
	if err != nil {
		return err
	}
	names, err := a.records.Names(c.Context(), agent)
	if err != nil {
		return err
	}
	return writeJSON(w, agent.Person(names))
}

// getAbout says which versions are spoken, to everybody (§2.8).
func (a *API) getAbout(w http.ResponseWriter, c *call) error {
	if version, ok := xapi.ParseVersion(c.Header.Get(versionHeader)); ok {
		w.Header().Set(versionHeader, string(version))
	}
	if err := c.only(); err != nil {
		return err
	}
	return answerJSON(w, map[string]any{"version": xapi.Versions})
}

func (c *call) activityID() (string, error) {
	id := c.query.Get("activityId")
	if !xapi.IsIRI(id) {
		return "", refuse("the parameter activityId must be the IRI of an activity")
	}
	return id, nil
}

func (c *call) agent() (xapi.Agent, error) {
	if !c.query.Has("agent") {
		return xapi.Agent{}, refuse("the parameter agent must be the JSON of an agent or identified group")
	}
	return xapi.ParseAgent(c.query.Get("agent"), c.version)
}
