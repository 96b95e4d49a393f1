package xapi

import (
	"tidewaiter/internal/fault"
)

// identifiers are the properties that can say who an agent or group is; one and only one
// of them does (1.0.3 part 2 §2.4.2.3).
var identifiers = []string{"mbox", "mbox_sha1sum", "openid", "account"}

var accountShape = shape{
	{"homePage", true, checkIRI},
	{"name", true, checkString},
}

var agentShape = shape{
	{"objectType", false, exactly("Agent")},
	{"name", false, checkString},
	{"mbox", false, checkMailto},
	{"mbox_sha1sum", false, checkSHA1},
	{"openid", false, checkIRI},
	{"account", false, accountShape.holds},
}

// groupShape is an agent's with members; only an agent can be one.
var groupShape = append(shape{
	{"objectType", true, exactly("Group")},
	{"member", false, each(checkAgent)},
}, agentShape[1:]...)

func checkAgent(c *checker, n *Node, at *place) error {
	if err := agentShape.holds(c, n, at); err != nil {
		return err
	}
	if countIdentifiers(n) != 1 {
		return at.refuse("must say who it is by exactly one of mbox, mbox_sha1sum, openid and account")
	}
	return nil
}

func checkGroup(c *checker, n *Node, at *place) error {
	if err := groupShape.holds(c, n, at); err != nil {
		return err
	}
	switch countIdentifiers(n) {
	case 0:
		if len(n.list("member")) == 0 {
			return at.refuse("is a group without identifier and must have members")
		}
	case 1:
	default:
		return at.refuse("must have only one of mbox, mbox_sha1sum, openid and account")
	}
	return nil
}

// checkActor takes an agent or a group; without objectType it is an agent.
func checkActor(c *checker, n *Node, at *place) error {
	if n.Str("objectType") == "Group" {
		return checkGroup(c, n, at)
	}
	return checkAgent(c, n, at)
}

// checkAuthority takes an agent, or a group without identifier of exactly two: the
// program and the person that OAuth brought together (1.0.3 part 2 §2.4.9).
func checkAuthority(c *checker, n *Node, at *place) error {
	if err := checkActor(c, n, at); err != nil || n.Str("objectType") != "Group" {
		return err
	}
	if countIdentifiers(n) > 0 || len(n.list("member")) != 2 {
		return at.refuse("that is a group must have no identifier and exactly two members")
	}
	return nil
}

func countIdentifiers(n *Node) (count int) {
	for _, name := range identifiers {
		if n.Get(name) != nil {
			count++
		}
	}
	return count
}

// identity returns what an agent or group is known by: the same text for the same
// identifier with the same value, "" for a group without one.
func identity(n *Node) string {
	for _, name := range identifiers[:3] {
		if v := n.Str(name); v != "" {
			return name + "\x00" + v
		}
	}
	if account := n.Get("account"); account != nil {
		return "account\x00" + account.Str("homePage") + "\x00" + account.Str("name")
	}
	return ""
}

// Agent is an agent or an identified group as a request's parameter names it.
type Agent struct {
	Identity string // the same for the same agent, whatever its name
	node     *Node
}

// ParseAgent reads the JSON of an agent or identified group. Anything else is a
// fault.Invalid.
func ParseAgent(value string, v Version) (Agent, error) {
	n, err := Parse([]byte(value))
	if err != nil {
		return Agent{}, err
	}
	root := (*place)(nil).in("agent")
	if err := checkActor(&checker{v}, n, root); err != nil {
		return Agent{}, err
	}
	a := Agent{Identity: identity(n), node: n}
	if a.Identity == "" {
		return Agent{}, fault.New(fault.Invalid, "agent is a group without identifier, which names nobody")
	}
	return a, nil
}

// NewAccount returns the agent with an account.
func NewAccount(homePage, name string) Agent {
	account := &Node{Kind: Object, Members: []Member{{"homePage", text(homePage)}, {"name", text(name)}}}
	n := &Node{Kind: Object, Members: []Member{{"objectType", text("Agent")}, {"account", account}}}
	return Agent{Identity: identity(n), node: n}
}

// Name returns the name that the agent was given, or "".
func (a Agent) Name() string { return a.node.Str("name") }

// Person returns the JSON of the person behind the agent with all names that are known
// (1.0.3 part 3 §2.4).
func (a Agent) Person(names []string) []byte {
	person := &Node{Kind: Object, Members: []Member{{"objectType", text("Person")}}}
	if len(names) > 0 {
		list := &Node{Kind: Array}
		for _, name := range names {
			list.Items = append(list.Items, text(name))
		}
		person.Set("name", list)
	}
	for _, name := range identifiers {
		if v := a.node.Get(name); v != nil {
			person.Set(name, &Node{Kind: Array, Items: []*Node{v}})
		}
	}
	return person.Append(nil)
}
