package xapi

import (
	"math"
	"strconv"
)

var verbShape = shape{
	{"id", true, checkIRI},
	{"display", false, checkLanguageMap},
}

var scoreShape = shape{
	{"scaled", false, checkNumber},
	{"raw", false, checkNumber},
	{"min", false, checkNumber},
	{"max", false, checkNumber},
}

var resultShape = shape{
	{"score", false, checkScore},
	{"success", false, checkBool},
	{"completion", false, checkBool},
	{"response", false, checkString},
	{"duration", false, checkDuration},
	{"extensions", false, checkExtensions},
}

// checkScore: scaled lies within -1 and 1, raw within min and max, min below max (1.0.3
// part 2 §2.4.5.1).
func checkScore(c *checker, n *Node, at *place) error {
	if err := scoreShape.holds(c, n, at); err != nil {
		return err
	}
	if scaled, ok := n.number("scaled"); ok && math.Abs(scaled) > 1 {
		return at.in("scaled").refuse("must lie within -1 and 1")
	}
	least, hasLeast := n.number("min")
	most, hasMost := n.number("max")
	raw, hasRaw := n.number("raw")
	switch {
	case hasLeast && hasMost && least >= most:
		return at.refuse("must have a min that is less than max")
	case hasRaw && (hasLeast && raw < least || hasMost && raw > most):
		return at.in("raw").refuse("must lie within min and max")
	}
	return nil
}

var attachmentShape = shape{
	{"usageType", true, checkIRI},
	{"display", true, checkLanguageMap},
	{"description", false, checkLanguageMap},
	{"contentType", true, checkMedia},
	{"length", true, checkLength},
	{"sha2", true, checkSHA2},
	{"fileUrl", false, checkIRI},
}

// signatureUsage marks an attachment as the signature of its statement.
const signatureUsage = "http://adlnet.gov/expapi/attachments/signature"

func checkAttachment(c *checker, n *Node, at *place) error {
	if err := attachmentShape.holds(c, n, at); err != nil {
		return err
	}
	if n.Str("usageType") == signatureUsage && n.Str("contentType") != "application/octet-stream" {
		return at.in("contentType").refuse("of a signature must be application/octet-stream")
	}
	return nil
}

func checkLength(c *checker, n *Node, at *place) error {
	if err := checkNumber(c, n, at); err != nil {
		return err
	}
	if v, err := strconv.ParseFloat(n.Text, 64); err != nil || v < 0 || v != math.Trunc(v) || v > 1<<53 {
		return at.refuse("must be a whole number of bytes")
	}
	return nil
}

var contextActivitiesShape = shape{
	{"parent", false, checkActivities},
	{"grouping", false, checkActivities},
	{"category", false, checkActivities},
	{"other", false, checkActivities},
}

// checkActivities takes an array, or a single activity as before 1.0.0.
func checkActivities(c *checker, n *Node, at *place) error {
	if n.Kind == Object {
		return checkActivity(c, n, at)
	}
	return each(checkActivity)(c, n, at)
}

var contextAgentShape = shape{
	{"objectType", true, exactly("contextAgent")},
	{"agent", true, checkAgent},
	{"relevantTypes", false, checkTypes},
}

var contextGroupShape = shape{
	{"objectType", true, exactly("contextGroup")},
	{"group", true, checkGroup},
	{"relevantTypes", false, checkTypes},
}

// checkTypes takes an array of at least one IRI.
func checkTypes(c *checker, n *Node, at *place) error {
	if n.Kind == Array && len(n.Items) == 0 {
		return at.refuse("must not be empty")
	}
	return each(checkIRI)(c, n, at)
}

var contextShape103 = shape{
	{"registration", false, checkUUID},
	{"instructor", false, checkActor},
	{"team", false, checkGroup},
	{"contextActivities", false, contextActivitiesShape.holds},
	{"revision", false, checkString},
	{"platform", false, checkString},
	{"language", false, checkLanguage},
	{"statement", false, referenceShape.holds},
	{"extensions", false, checkExtensions},
}

var contextShape200 = append(shape{
	{"contextAgents", false, each(contextAgentShape.holds)},
	{"contextGroups", false, each(contextGroupShape.holds)},
}, contextShape103...)

func checkContext(c *checker, n *Node, at *place) error {
	if c.version == V103 {
		return contextShape103.holds(c, n, at)
	}
	return contextShape200.holds(c, n, at)
}

var referenceShape = shape{
	{"objectType", true, exactly("StatementRef")},
	{"id", true, checkUUID},
}
