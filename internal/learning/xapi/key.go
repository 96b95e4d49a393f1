package xapi

import (
	"crypto/sha256"
	"slices"
	"strconv"
)

// Key stands for one thing that statements can be looked up by, such as a verb or an
// agent: the beginning of the SHA-256 of what it is, so that all keys are of one size.
type Key [16]byte

// The kinds of keys. A broad one is what the parameters related_activities and
// related_agents ask for.
const (
	keyVerb          = 'v'
	keyActivity      = 'a'
	keyBroadActivity = 'A'
	keyAgent         = 'p'
	keyBroadAgent    = 'P'
	keyRegistration  = 'r'
	keyClient        = 'c'
)

// KeyVoided marks statements that have been taken back.
var KeyVoided Key

func newKey(kind byte, value string) (k Key) {
	sum := sha256.Sum256(append([]byte{kind}, value...))
	copy(k[:], sum[:])
	return k
}

// VerbKey is the key of the statements with a verb.
func VerbKey(id string) Key { return newKey(keyVerb, id) }

// ActivityKey is the key of the statements about an activity; the broad one also that of
// those with it in their context or in a statement within.
func ActivityKey(id string, broad bool) Key {
	if broad {
		return newKey(keyBroadActivity, id)
	}
	return newKey(keyActivity, id)
}

// Key is the key of the statements whose actor or object is the agent or a group with it;
// the broad one also that of those with it as authority, in their context, or in a
// statement within (1.0.3 part 3 §2.1.3).
func (a Agent) Key(broad bool) Key {
	if broad {
		return newKey(keyBroadAgent, a.Identity)
	}
	return newKey(keyAgent, a.Identity)
}

// RegistrationKey is the key of the statements of a registration.
func RegistrationKey(id UUID) Key { return newKey(keyRegistration, string(id[:])) }

// ClientKey is the key of the statements that a client sent.
func ClientKey(id int64) Key { return newKey(keyClient, strconv.FormatInt(id, 10)) }

// keys gathers the keys of a statement, each once.
type keys []Key

func (k *keys) add(key Key) {
	if !slices.Contains(*k, key) {
		*k = append(*k, key)
	}
}

// Keys returns what the statement can be looked up by, whoever sends it.
func (s *Statement) Keys() []Key {
	k := make(keys, 0, 16)
	k.add(VerbKey(s.node.Get("verb").Str("id")))
	k.agents(s.node.Get("actor"), true)
	object := s.node.Get("object")
	switch object.Str("objectType") {
	case "Agent", "Group":
		k.agents(object, true)
	case "StatementRef", "SubStatement":
	default:
		k.add(ActivityKey(object.Str("id"), false))
	}
	k.broad(s.node)
	if id, ok := ParseUUID(s.node.Get("context").Str("registration")); ok {
		k.add(RegistrationKey(id))
	}
	return k
}

// broad adds all activities and agents of a statement, and of one within it.
func (k *keys) broad(n *Node) {
	eachActivity(n, func(activity *Node) { k.add(ActivityKey(activity.Str("id"), true)) })
	eachActor(n, func(actor *Node) { k.agents(actor, false) })
}

// agents adds an agent, or a group with its members.
func (k *keys) agents(n *Node, direct bool) {
	if id := identity(n); id != "" {
		k.add(Agent{Identity: id}.Key(!direct))
	}
	for _, m := range n.list("member") {
		k.agents(m, direct)
	}
}

// eachActivity visits the activities of a statement: its object, those of its context
// and those of a statement within it.
func eachActivity(n *Node, visit func(activity *Node)) {
	object := n.Get("object")
	switch object.Str("objectType") {
	case "Agent", "Group", "StatementRef":
	case "SubStatement":
		eachActivity(object, visit)
	default:
		visit(object)
	}
	activities := n.Get("context").Get("contextActivities")
	if activities == nil {
		return
	}
	for _, m := range activities.Members {
		for _, activity := range m.Value.Items {
			visit(activity)
		}
	}
}

// eachActor visits the agents and groups of a statement and of one within it.
func eachActor(n *Node, visit func(actor *Node)) {
	visit(n.Get("actor"))
	object := n.Get("object")
	switch object.Str("objectType") {
	case "Agent", "Group":
		visit(object)
	case "SubStatement":
		eachActor(object, visit)
	}
	if authority := n.Get("authority"); authority != nil {
		visit(authority)
	}
	context := n.Get("context")
	for _, name := range []string{"instructor", "team"} {
		if actor := context.Get(name); actor != nil {
			visit(actor)
		}
	}
	for _, list := range [][2]string{{"contextAgents", "agent"}, {"contextGroups", "group"}} {
		for _, entry := range context.list(list[0]) {
			visit(entry.Get(list[1]))
		}
	}
}

// Definitions returns what the statement tells of activities.
func (s *Statement) Definitions() (told []Activity) {
	eachActivity(s.node, func(activity *Node) {
		if definition := activity.Get("definition"); definition != nil && len(definition.Members) > 0 {
			told = append(told, Activity{activity.Str("id"), definition})
		}
	})
	return told
}

// Named returns the agents and identified groups that the statement gives a name.
func (s *Statement) Named() (named []Agent) {
	var add func(n *Node)
	add = func(n *Node) {
		if id := identity(n); id != "" && n.Str("name") != "" {
			named = append(named, Agent{id, n})
		}
		for _, m := range n.list("member") {
			add(m)
		}
	}
	eachActor(s.node, add)
	return named
}
