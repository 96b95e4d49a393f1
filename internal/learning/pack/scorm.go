package pack

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// manifest reads an imsmanifest.xml: SCORM 1.2 CAM 2.3 and SCORM 2004 CAM 3.4. Names are
// compared without their namespaces, as authoring tools mix them up.
type manifest struct {
	files     map[string]File
	resources map[string]*element
	bases     map[string]string // of resources, by identifier
	p         *Package
	seen      map[string]bool
}

func readSCORM(body []byte, files map[string]File) (*Package, error) {
	root, err := parseXML(scormName, body)
	if err != nil {
		return nil, err
	}
	if root.Local != "manifest" {
		return nil, root.wrong(fault.Say("a SCORM manifest begins with manifest"))
	}
	m := &manifest{files: files, resources: map[string]*element{}, bases: map[string]string{}, seen: map[string]bool{},
		p: &Package{ID: root.attr("identifier")}}
	m.edition(root)
	if err := m.collect(root); err != nil {
		return nil, err
	}
	organization, err := m.organization(root)
	if err != nil {
		return nil, err
	}
	m.p.Title = Text{"": organization.child("title").words()}
	if m.p.Tree, err = m.items(organization); err != nil {
		return nil, err
	}
	if len(m.p.Units) == 0 {
		return nil, organization.wrong(fault.Say("the organization has no item that can be launched"))
	}
	if m.p.Title[""] == "" {
		m.p.Title[""] = m.p.Units[0].Title.In("")
	}
	return m.p, nil
}

// edition finds out the standard: by the schemaversion, else by the namespaces.
func (m *manifest) edition(root *element) {
	version := root.child("metadata").child("schemaversion").words()
	m.p.Standard, m.p.Edition = SCORM12, version
	if version == "1.2" {
		return
	}
	if strings.Contains(version, "2004") || strings.Contains(version, "1.3") {
		m.p.Standard = SCORM2004
		return
	}
	for _, a := range root.attrs {
		if strings.Contains(a.Value, "adlcp_v1p3") || strings.Contains(a.Value, "imscp_v1p1") {
			m.p.Standard = SCORM2004
		}
	}
}

// collect notes the resources with the base of their addresses (CAM 3.4.1.14, xml:base).
func (m *manifest) collect(root *element) error {
	list := root.child("resources")
	if list == nil {
		return root.wrong(fault.Say("%s is missing", "resources"))
	}
	for _, r := range list.all("resource") {
		id := r.attr("identifier")
		if id == "" {
			return r.wrong(fault.Say("%s is missing", "identifier"))
		}
		if m.resources[id] != nil {
			return r.wrong(fault.Say("the id %.200q stands twice", id))
		}
		m.resources[id] = r
		m.bases[id] = root.attr("base") + list.attr("base") + r.attr("base")
	}
	return nil
}

// organization returns the default one.
func (m *manifest) organization(root *element) (*element, error) {
	list := root.child("organizations")
	if list == nil {
		return nil, root.wrong(fault.Say("%s is missing", "organizations"))
	}
	chosen := list.attr("default")
	for _, o := range list.all("organization") {
		if chosen == "" || o.attr("identifier") == chosen {
			return o, nil
		}
	}
	if chosen != "" {
		return nil, list.wrong(fault.Say("there is no organization %.200q", chosen))
	}
	return nil, list.wrong(fault.Say("the package has no organization: it is a resource package, and not to be launched"))
}

func (m *manifest) items(parent *element) (list []Node, err error) {
	for _, e := range parent.all("item") {
		if e.attr("isvisible") == "false" && e.attr("identifierref") == "" && e.child("item") == nil {
			continue
		}
		n, err := m.item(e)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func (m *manifest) item(e *element) (n Node, err error) {
	n = Node{ID: e.attr("identifier"), Title: Text{"": e.child("title").words()}, Unit: -1, Choice: true}
	if n.ID == "" {
		return n, e.wrong(fault.Say("%s is missing", "identifier"))
	}
	if m.seen[n.ID] {
		return n, e.wrong(fault.Say("the id %.200q stands twice", n.ID))
	}
	m.seen[n.ID] = true
	controls(e, &n)
	if ref := e.attr("identifierref"); ref != "" && e.child("item") == nil {
		u, err := m.unit(e, ref)
		if err != nil {
			return n, err
		}
		m.p.Units = append(m.p.Units, u)
		n.Unit = len(m.p.Units) - 1
		return n, nil
	}
	n.Children, err = m.items(e)
	return n, err
}

// controls reads the sequencing control modes (SN 3.2); without any, choice is on.
func controls(e *element, n *Node) {
	mode := e.child("sequencing").child("controlMode")
	if mode == nil {
		return
	}
	n.Choice = mode.attr("choice") != "false"
	n.Flow = mode.attr("flow") == "true"
	n.ForwardOnly = mode.attr("forwardOnly") == "true"
}

// unit reads an item that is launched, with its resource.
func (m *manifest) unit(e *element, ref string) (Unit, error) {
	r := m.resources[ref]
	if r == nil {
		return Unit{}, e.wrong(fault.Say("there is no resource %.200q", ref))
	}
	u := Unit{
		ID: e.attr("identifier"), Title: Text{"": e.child("title").words()}, Parameters: e.attr("parameters"),
		Asset:       strings.EqualFold(r.attr("scormtype")+r.attr("scormType"), "asset"),
		DataFromLMS: e.child("datafromlms").words() + e.child("dataFromLMS").words(),
		RawMastery:  e.child("masteryscore").words(), MaxTime: e.child("maxtimeallowed").words(),
		TimeLimitAction: e.child("timelimitaction").words() + e.child("timeLimitAction").words(), Prerequisites: e.child("prerequisites").words(),
	}
	if err := m.address(r, m.bases[ref], &u); err != nil {
		return u, err
	}
	return u, thresholds(e, &u)
}

// address reads where a resource is launched.
func (m *manifest) address(r *element, base string, u *Unit) error {
	href := r.attr("href")
	at, err := url.Parse(href)
	if err != nil || href == "" {
		return r.wrong(fault.Say("%.200q is not an address of a file", href))
	}
	if at.IsAbs() {
		return r.wrong(fault.Say("a unit of SCORM must be in its package, not at %.200q", href))
	}
	file, ok := inside(base, at)
	if !ok {
		return r.wrong(fault.Say("the address %.200q leaves the package", base+href))
	}
	if _, ok := m.files[file]; !ok {
		return r.wrong(fault.Say("there is no file %.200q in the package", file))
	}
	u.Href = (&url.URL{Path: file, RawQuery: at.RawQuery, Fragment: at.Fragment}).String()
	return nil
}

// inside returns the file of a relative address, and false when it leaves the package.
func inside(base string, at *url.URL) (string, bool) {
	joined := at.Path
	if base != "" {
		joined = base + at.Path
	}
	clean := path.Clean(joined)
	return clean, at.Host == "" && !strings.HasPrefix(clean, "/") && clean != ".." && !strings.HasPrefix(clean, "../")
}

// thresholds reads by which measures a unit of SCORM 2004 is passed and completed
// (SN 3.9.2, CAM 5.1.1).
func thresholds(e *element, u *Unit) error {
	objective := e.child("sequencing").child("objectives").child("primaryObjective")
	if objective.child("minNormalizedMeasure") != nil && objective.attr("satisfiedByMeasure") == "true" {
		score, err := measureOf(objective.child("minNormalizedMeasure"), objective.child("minNormalizedMeasure").words(), -1)
		if err != nil {
			return err
		}
		u.MasteryScore = &score
	}
	threshold := e.child("completionThreshold")
	if threshold == nil {
		return nil
	}
	text := threshold.words()
	if threshold.attr("completedByMeasure") == "true" { // 4th edition
		text = threshold.attr("minProgressMeasure")
		if text == "" {
			text = "1"
		}
	}
	if text == "" {
		return nil
	}
	score, err := measureOf(threshold, text, 0)
	if err == nil {
		u.CompletionThreshold = &score
	}
	return err
}

func measureOf(e *element, text string, least float64) (float64, error) {
	score, err := strconv.ParseFloat(text, 64)
	if err != nil || !(score >= least && score <= 1) {
		return 0, e.wrong(fault.Say("%.40q is not a measure", text))
	}
	return score, nil
}
