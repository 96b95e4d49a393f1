package caseweb

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// Icons of a task; the bundler finds their names here.
const (
	iconOpenTask = "circle"
	iconDoneTask = "circle-check" // icon
)

func resultTone(r casework.Result) web.Tone {
	switch r {
	case casework.NothingFound:
		return web.Good
	case casework.Discrepancy:
		return web.Warning
	}
	return web.Bad
}

func (v memberView) outcomeHref(id int64) string {
	return caseHref(id) + "/outcomes/" + idText(v.Consignment)
}

// outcomeLink names the message of the link to an outcome's form.
func outcomeLink(s casework.State, m memberView) string {
	switch {
	case s == casework.Closed && m.Outcome != nil:
		return "case.outcome.correct"
	case m.Outcome != nil:
		return "case.outcome.again"
	}
	return "case.outcome.record"
}

// goodsText says a line of what was found.
func goodsText(ctx context.Context, g casework.FoundGoods) string {
	parts := []string{caseword.Goods(ctx, g), g.Description}
	if g.Value.Amount > 0 {
		parts = append(parts, web.Money(ctx, g.Value.Amount, g.Value.Currency))
	}
	if g.Concealment != "" {
		parts = append(parts, web.T(ctx, "case.concealment."+string(g.Concealment)))
	}
	if g.Position != "" {
		parts = append(parts, web.T(ctx, "case.position."+string(g.Position)))
	}
	return caseword.Joined(" · ", parts...)
}

// verdicts are the findings that proved right and those that proved wrong.
func verdicts(all map[string]casework.Verdict) (right, wrong []string) {
	for id, verdict := range all {
		switch verdict {
		case casework.ProvedRight:
			right = append(right, id)
		case casework.ProvedWrong:
			wrong = append(wrong, id)
		}
	}
	slices.Sort(right)
	slices.Sort(wrong)
	return right, wrong
}

func verdictText(ctx context.Context, id string, indicators []string) string {
	if len(indicators) == 0 {
		return ""
	}
	var titles []string
	for _, in := range indicators {
		titles = append(titles, riskweb.IndicatorTitle(ctx, in))
	}
	return web.T(ctx, id) + ": " + strings.Join(titles, ", ")
}

func attachmentHref(id int64, a casework.Attachment) string {
	return fmt.Sprintf("%s/attachments/%d", caseHref(id), a.Seq)
}

func isPicture(a casework.Attachment) bool { return strings.HasPrefix(a.MediaType, "image/") }

// attachmentOf says which consignment or item of the checklist an attachment belongs to.
func (v caseView) attachmentOf(ctx context.Context, a casework.Attachment) string {
	for _, i := range v.Examination.Items {
		if i.ID == a.Item {
			return caseword.Joined(" · ", i.Equipment, caseword.ItemTitle(ctx, i))
		}
	}
	if a.Consignment != 0 && len(v.Members) > 1 {
		return v.member(a.Consignment).Document
	}
	return ""
}

func sizeText(ctx context.Context, a casework.Attachment) string {
	if a.Width == 0 {
		return ""
	}
	return web.Number(ctx, a.Width) + " × " + web.Number(ctx, a.Height)
}

// cameraText says what took a picture, and when by its clock.
func cameraText(ctx context.Context, a casework.Attachment) string {
	taken := ""
	if !a.Taken.IsZero() {
		if !a.ZoneKnown { // the figures on the camera's clock
			ctx = web.SetZone(ctx, time.UTC)
		}
		taken = web.DateTime(ctx, a.Taken)
	}
	return caseword.Joined(" · ", a.Camera, taken)
}

// placeText is where a picture was taken, in degrees with four decimals: about ten metres.
func placeText(a casework.Attachment) string {
	return fmt.Sprintf("%.4f, %.4f", a.Latitude, a.Longitude)
}

func hasMetadata(a casework.Attachment) bool {
	return isPicture(a) && (a.Located || a.Camera != "" || !a.Taken.IsZero())
}

func (v caseView) memberOptions(ctx context.Context) []c.Option {
	out := []c.Option{{Label: web.T(ctx, "case.attach.of.case")}}
	for _, m := range v.present() {
		out = append(out, c.Option{Value: idText(m.Consignment), Label: m.Document})
	}
	return out
}

// notePart is a piece of a note: a mention of a colleague, or other text.
type notePart struct {
	Text    string
	Mention bool
}

var mention = regexp.MustCompile(`@[\p{L}\p{N}][\p{L}\p{N}._+@-]*`)

func noteParts(text string) (out []notePart) {
	at := 0
	for _, span := range mention.FindAllStringIndex(text, -1) {
		out = append(out, notePart{Text: text[at:span[0]]}, notePart{text[span[0]:span[1]], true})
		at = span[1]
	}
	return append(out, notePart{Text: text[at:]})
}

// mostNames is how many colleagues the hint under a note names.
const mostNames = 8

// usernames are the names by which colleagues are mentioned.
func (v caseView) usernames() string {
	var names []string
	for _, m := range v.People.members[:min(len(v.People.members), mostNames)] {
		names = append(names, "@"+m.Username)
	}
	return strings.Join(names, ", ")
}

func (v caseView) taskNote(ctx context.Context, t casework.Task) string {
	if t.Done {
		return caseword.Joined(" · ", v.People.name(ctx, t.DoneBy), web.DateTime(ctx, t.DoneAt))
	}
	who := web.T(ctx, "case.anybody")
	if t.For != 0 {
		who = v.People.name(ctx, t.For)
	}
	return caseword.Joined(" · ", who, caseword.Due(ctx, t.Due))
}

// standingText says in words what the state of the case means now.
func (v caseView) standingText(ctx context.Context) string {
	switch v.State {
	case casework.Held:
		return caseword.Reason(ctx, casework.ReasonHold, v.Hold)
	case casework.Closed:
		return caseword.Reason(ctx, caseword.EndingReasons[v.Conclusion.Ending], v.Conclusion.Reason)
	}
	return web.T(ctx, "case.state-text."+string(v.State))
}
