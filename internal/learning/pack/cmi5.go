package pack

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/fault"
)

// CourseStructure is the namespace of the cmi5 course structure (cmi5 §13.2).
const CourseStructure = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"

// structure reads a cmi5 course structure: cmi5 1.0 (Quartz) §13 and §14, and the schema
// CourseStructure.xsd, whose order of elements is checked here.
type structure struct {
	files map[string]File // nil: the course structure came alone
	seen  map[string]bool // ids by kind
	refs  []*element      // of objectives
	p     *Package
}

func readCMI5(body []byte, files map[string]File) (*Package, error) {
	root, err := parseXML(cmi5Name, body)
	if err != nil {
		return nil, err
	}
	if root.Local != "courseStructure" || root.Space != CourseStructure {
		return nil, root.wrong(fault.Say("a cmi5 course structure begins with courseStructure in its own namespace"))
	}
	s := &structure{files: files, seen: map[string]bool{}, p: &Package{Standard: CMI5}}
	if err := s.course(root); err != nil {
		return nil, err
	}
	for _, ref := range s.refs {
		if !s.seen["objective "+ref.attr("idref")] {
			return nil, ref.wrong(fault.Say("there is no objective %.200q in the course", ref.attr("idref")))
		}
	}
	return s.p, nil
}

// rule is an element that may stand within another.
type rule struct {
	name     string
	required bool
	many     bool
}

// sequence checks that the children of an element stand in the order of the schema.
// Elements of other namespaces are extensions, which stand behind (§13.1.5).
func sequence(e *element, rules ...rule) error {
	next, used := 0, 0
	for _, c := range e.children {
		if c.Space != CourseStructure {
			continue
		}
		for next < len(rules) && !strings.Contains("|"+rules[next].name+"|", "|"+c.Local+"|") {
			if rules[next].required && used == 0 {
				return e.wrong(fault.Say("%s must stand before %s", rules[next].name, c.Local))
			}
			next, used = next+1, 0
		}
		if next == len(rules) || used > 0 && !rules[next].many {
			return c.wrong(fault.Say("it can not stand here by the schema of the course structure"))
		}
		used++
	}
	for ; next < len(rules); next, used = next+1, 0 {
		if rules[next].required && used == 0 {
			return e.wrong(fault.Say("%s is missing", rules[next].name))
		}
	}
	return nil
}

// known refuses attributes that the schema does not have.
func known(e *element, names ...string) error {
	for _, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local != "xmlns" && !slices.Contains(names, a.Name.Local) {
			return e.wrong(fault.Say("the attribute %.100q is not known", a.Name.Local))
		}
	}
	return nil
}

func (s *structure) course(root *element) (err error) {
	if err := sequence(root, rule{"course", true, false}, rule{"objectives", false, false}, rule{"au|block", true, true}); err != nil {
		return err
	}
	course := root.child("course")
	if err := titled(course); err != nil {
		return err
	}
	if s.p.ID, err = s.id(course, "course"); err != nil {
		return err
	}
	if s.p.Title, s.p.Description, err = described(course); err != nil {
		return err
	}
	if list := root.child("objectives"); list != nil {
		if err := s.objectives(list); err != nil {
			return err
		}
	}
	s.p.Tree, err = s.nodes(root)
	return err
}

func titled(e *element, more ...rule) error {
	return sequence(e, append([]rule{{"title", true, false}, {"description", true, false}}, more...)...)
}

// nodes reads the units and blocks within an element.
func (s *structure) nodes(e *element) (list []Node, err error) {
	for _, c := range e.children {
		if c.Space != CourseStructure {
			continue
		}
		var n Node
		switch c.Local {
		case "au":
			n, err = s.unit(c)
		case "block":
			n, err = s.block(c)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func (s *structure) block(e *element) (n Node, err error) {
	if err := titled(e, rule{"objectives", false, false}, rule{"au|block", true, true}); err != nil {
		return n, err
	}
	if err := known(e, "id"); err != nil {
		return n, err
	}
	n.Unit = -1
	if n.ID, err = s.id(e, "block"); err != nil {
		return n, err
	}
	if n.Title, _, err = described(e); err != nil {
		return n, err
	}
	n.Objectives = s.references(e)
	n.Children, err = s.nodes(e)
	return n, err
}

func (s *structure) unit(e *element) (n Node, err error) {
	if err := titled(e, rule{"objectives", false, false}, rule{"url", true, false}, rule{"launchParameters", false, false}, rule{"entitlementKey", false, false}); err != nil {
		return n, err
	}
	if err := known(e, "id", "moveOn", "masteryScore", "launchMethod", "activityType"); err != nil {
		return n, err
	}
	u := Unit{Objectives: s.references(e), Parameters: e.child("launchParameters").words(), Entitlement: e.child("entitlementKey").words(), ActivityType: e.attr("activityType")}
	if u.ID, err = s.id(e, "au"); err != nil {
		return n, err
	}
	if u.Title, u.Description, err = described(e); err != nil {
		return n, err
	}
	if err := s.criteria(e, &u); err != nil {
		return n, err
	}
	if err := s.address(e.child("url"), &u); err != nil {
		return n, err
	}
	s.p.Units = append(s.p.Units, u)
	return Node{ID: u.ID, Title: u.Title, Unit: len(s.p.Units) - 1, Objectives: u.Objectives}, nil
}

// criteria reads what the unit demands (§13.1.4).
func (s *structure) criteria(e *element, u *Unit) error {
	u.MoveOn, u.LaunchMethod = e.attr("moveOn"), e.attr("launchMethod")
	if u.MoveOn == "" {
		u.MoveOn = "NotApplicable"
	}
	if u.LaunchMethod == "" {
		u.LaunchMethod = "AnyWindow"
	}
	if !slices.Contains([]string{"NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed"}, u.MoveOn) {
		return e.wrong(fault.Say("%.100q is not a value of moveOn", u.MoveOn))
	}
	if u.LaunchMethod != "AnyWindow" && u.LaunchMethod != "OwnWindow" {
		return e.wrong(fault.Say("%.100q is not a value of launchMethod", u.LaunchMethod))
	}
	if text, ok := e.has("masteryScore"); ok {
		score, err := strconv.ParseFloat(text, 64)
		if err != nil || !(score >= 0 && score <= 1) {
			return e.wrong(fault.Say("masteryScore must be a number from 0 to 1, not %.40q", text))
		}
		u.MasteryScore = &score
	}
	return nil
}

// launchNames are the names that a launch adds to the address of a unit (§8.1).
var launchNames = []string{"endpoint", "fetch", "actor", "registration", "activityId"}

// escape finds percent signs that begin no escape (RFC 1738 §2.2).
var escape = regexp.MustCompile(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)

// address reads where a unit is: in the package, or elsewhere with its whole address
// (§14.1, §14.2).
func (s *structure) address(e *element, u *Unit) error {
	text := e.words()
	at, err := url.Parse(text)
	if err != nil || text == "" || strings.ContainsAny(text, " \t\r\n<>\"{}|\\^`") || escape.MatchString(text) {
		return e.wrong(fault.Say("%.200q is not an address by RFC 1738", text))
	}
	query, err := url.ParseQuery(at.RawQuery)
	if err != nil {
		return e.wrong(fault.Say("%.200q is not an address by RFC 1738", text))
	}
	for _, name := range launchNames {
		if query.Has(name) {
			return e.wrong(fault.Say("the query of the address must not have the name %q, which the launch adds", name))
		}
	}
	if u.Href = text; at.IsAbs() {
		if at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
			return e.wrong(fault.Say("the address of a unit begins with http:// or https://"))
		}
		u.Foreign = true
		return nil
	}
	if s.files == nil {
		return e.wrong(fault.Say("without an archive the address of a unit must be complete, not %.200q", text))
	}
	path, ok := inside("", at)
	if !ok {
		return e.wrong(fault.Say("the address %.200q leaves the package", text))
	}
	if _, ok := s.files[path]; !ok {
		return e.wrong(fault.Say("there is no file %.200q in the package", path))
	}
	return nil
}

// id reads an id, which must be an absolute IRI and unique among its kind (§3, §13.1).
func (s *structure) id(e *element, kind string) (string, error) {
	id := e.attr("id")
	at, err := url.Parse(id)
	if err != nil || !at.IsAbs() || at.Host == "" && at.Opaque == "" && at.Path == "" || strings.ContainsAny(id, " \t\r\n<>\"") {
		return "", e.wrong(fault.Say("the id must be an absolute IRI, not %.200q", id))
	}
	if s.seen[kind+" "+id] {
		return "", e.wrong(fault.Say("the id %.200q stands twice", id))
	}
	s.seen[kind+" "+id] = true
	return id, nil
}

func (s *structure) objectives(list *element) error {
	if err := sequence(list, rule{"objective", true, true}); err != nil {
		return err
	}
	for _, e := range list.all("objective") {
		if err := titled(e); err != nil {
			return err
		}
		id, err := s.id(e, "objective")
		if err != nil {
			return err
		}
		title, _, err := described(e)
		if err != nil {
			return err
		}
		s.p.Objectives = append(s.p.Objectives, Objective{ID: id, Title: title})
	}
	return nil
}

func (s *structure) references(e *element) (ids []string) {
	for _, ref := range e.child("objectives").all("objective") {
		s.refs = append(s.refs, ref)
		ids = append(ids, ref.attr("idref"))
	}
	return ids
}
