package caseweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/casework"
	"tidewaiter/internal/casework/caseword"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk/riskweb"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// itemView is one thing to look at, with its place in the checklist.
type itemView struct {
	casework.Item
	N int
}

// itemID is the id of an item on its page, and the name of its form. A checklist only
// ever grows, so it stays the same.
func itemID(i itemView) string { return "item-" + strconv.Itoa(i.N) }

func itemTone(s casework.ItemState) web.Tone {
	switch s {
	case casework.ItemInOrder:
		return web.Good
	case casework.ItemNotInOrder:
		return web.Bad
	case casework.ItemNotPossible:
		return web.Warning
	}
	return web.Neutral
}

// itemClass is the colour of an item's edge.
func itemClass(s casework.ItemState) string {
	switch s {
	case casework.ItemInOrder:
		return "item-in-order"
	case casework.ItemNotInOrder:
		return "item-not-in-order"
	case casework.ItemNotPossible:
		return "item-not-possible"
	}
	return ""
}

// lastWords are what was written last about an item.
func lastWords(i casework.Item) string {
	for _, e := range slices.Backward(i.Entries) {
		if e.Words != "" {
			return e.Words
		}
	}
	return ""
}

func (v caseView) items() []itemView {
	out := make([]itemView, len(v.Examination.Items))
	for n, i := range v.Examination.Items {
		out[n] = itemView{i, n + 1}
	}
	return out
}

// remarkable are the items that are not in order, about which officers differ, or whose
// measure is short.
func (v caseView) remarkable() (out []itemView) {
	for _, i := range v.items() {
		if s := i.State(); s == casework.ItemNotInOrder || s == casework.ItemNotPossible || i.Disputed() || i.Short() {
			out = append(out, i)
		}
	}
	return out
}

// box is what is looked at in one container, or in loose goods.
type box struct {
	Title string
	Parts []chapter
	Done  int
	All   int
}

// chapter is a part of the checklist.
type chapter struct {
	Part  casework.Part
	Items []itemView
}

// boxes lay the checklist out by container and part.
func (v caseView) boxes(ctx context.Context) (out []box) {
	at := map[string]int{}
	for _, i := range v.items() {
		key := fmt.Sprint(i.Consignment, i.Equipment)
		n, known := at[key]
		if !known {
			n = len(out)
			at[key] = n
			title := i.Equipment
			if title == "" {
				title = web.T(ctx, "case.box.goods", "Document", v.member(i.Consignment).Document)
			}
			out = append(out, box{Title: title})
		}
		out[n].add(i)
	}
	for n := range out {
		slices.SortStableFunc(out[n].Parts, func(a, b chapter) int {
			return slices.Index(casework.Parts, a.Part) - slices.Index(casework.Parts, b.Part)
		})
	}
	return out
}

func (b *box) add(i itemView) {
	b.All++
	if i.State() != casework.ItemOpen {
		b.Done++
	}
	for n := range b.Parts {
		if b.Parts[n].Part == i.Part {
			b.Parts[n].Items = append(b.Parts[n].Items, i)
			return
		}
	}
	b.Parts = append(b.Parts, chapter{i.Part, []itemView{i}})
}

// photos are the pictures of an item.
func (v caseView) photos(item string) (out []casework.Attachment) {
	for _, a := range v.Attachments {
		if a.Item == item {
			out = append(out, a)
		}
	}
	return out
}

// examinationView is the checklist as it is shown.
type examinationView struct {
	caseView
	Offers []c.Option // states that an officer can choose
}

func (p *Pages) examination(w http.ResponseWriter, r *http.Request) error {
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if err := p.saw(r.Context(), k.ID); err != nil {
		return err
	}
	web.KeepOffline(w, r)
	return p.showExamination(w, r, http.StatusOK, viewer, k, form{})
}

func (p *Pages) showExamination(w http.ResponseWriter, r *http.Request, status int, viewer identity.Viewer, k *casework.Case, f form) error {
	ctx := r.Context()
	v := examinationView{caseView: caseView{Case: k, form: f, Viewer: viewer, Now: p.Cases.Now(), MayDecide: viewer.Can(identity.Decide)},
		Offers: words(ctx, "case.item-state.", casework.ItemStates[1:])}
	var err error
	if v.People, err = p.people(ctx, viewer, caseword.Officers(k)...); err != nil {
		return err
	}
	for _, m := range k.Consignments {
		v.Members = append(v.Members, memberView{Member: m})
	}
	return web.RenderStatus(w, r, status, examinationPage(v))
}

// check takes an entry of the checklist with its photos. What comes again under the same
// key is there already, each part for itself.
func (p *Pages) check(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	viewer, k, err := p.caseOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseMultipartForm(inMemory); err != nil {
		return readFault(ctx, err)
	}
	defer r.MultipartForm.RemoveAll() // nothing of ours is in it
	sent, err := web.EntryOf(r)
	if err != nil {
		return err
	}
	item, in, err := p.itemOf(k, r)
	if err != nil {
		return err
	}
	entry, err := in.entry(item.Item)
	ref := casework.Ref{Scope: k.Scope, Case: k.ID, Key: sent.Key}
	if err == nil {
		entry.ClientAt = sent.At
		var done casework.Done
		if done, err = p.Cases.CheckItem(ctx, ref, entry); done.Seq != 0 {
			err = nil // set aside counts as received: the case shows it
		}
	}
	if err == nil {
		up := casework.Upload{Consignment: item.Consignment, Item: item.ID, ClientAt: sent.At}
		err = p.attachAll(ctx, ref, up, r.MultipartForm.File[fieldName(in.Name, "photos")], true)
	}
	if err != nil {
		return p.refusedEntry(w, r, viewer, k, in.Name, sent, err)
	}
	if k.State == casework.Closed {
		return web.Accepted(w, r, caseHref(k.ID))
	}
	return web.Accepted(w, r, caseHref(k.ID)+"/examination#"+in.Name)
}

// refusedEntry shows the checklist again with what is wrong; the outbox is told in a
// sentence.
func (p *Pages) refusedEntry(w http.ResponseWriter, r *http.Request, viewer identity.Viewer, k *casework.Case, name string, sent web.Entry, err error) error {
	ctx := r.Context()
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
		return orNotFound(ctx, err)
	}
	if sent.Later {
		return err // the outbox shows its sentence
	}
	f := form{Name: name, Typed: r.PostForm, Errors: fieldErrors(ctx, name, err)}
	return p.showExamination(w, r, fault.Status(err), viewer, k, f)
}

// itemOf returns the item that a form is about.
func (p *Pages) itemOf(k *casework.Case, r *http.Request) (itemView, input, error) {
	id := r.FormValue("item")
	for _, i := range (caseView{Case: k}).items() {
		if i.ID == id {
			return i, input{r, itemID(i)}, nil
		}
	}
	return itemView{}, input{}, notFound(r.Context())
}

// entry reads what was filled in for an item.
func (in input) entry(item casework.Item) (casework.Entry, error) {
	e := casework.Entry{Item: item.ID, State: casework.ItemState(in.get("state")), Words: in.get("words")}
	switch item.Input {
	case casework.InputSeal:
		on := func(field string) bool { return in.get(field) != "" }
		e.Seal = &casework.SealRecord{Number: strings.ToUpper(in.get("number")), View: on("view"), Verify: on("verify"), Tug: on("tug"), Twist: on("twist")}
	case casework.InputMeasure:
		if text := in.get("measure"); text != "" {
			x, ok := decimal(text)
			if !ok {
				return e, wrong(in.Context(), "measure", "case.wrong.number")
			}
			e.Measure = &x
		}
	}
	return e, nil
}

// decimal reads a number with a point or a comma, and with spaces between thousands.
func decimal(s string) (float64, bool) {
	s = strings.NewReplacer(",", ".", "−", "-", "\u00a0", "", "\u202f", "", " ", "").Replace(strings.TrimSpace(s))
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && x == x
}

// because says which findings ask for an item.
func (v caseView) because(ctx context.Context, i itemView) string {
	var titles []string
	for _, id := range i.Because {
		titles = append(titles, riskweb.IndicatorTitle(ctx, id))
	}
	return strings.Join(titles, " · ")
}

// entryTime is when an officer saw what she says, and when it came where that was later.
func entryTime(ctx context.Context, e casework.Entry) string {
	at := e.At
	if !e.ClientAt.IsZero() && e.ClientAt.Before(at) {
		at = e.ClientAt
	}
	if web.DateTime(ctx, at) == web.DateTime(ctx, e.At) {
		return web.DateTime(ctx, at)
	}
	return web.T(ctx, "case.entry.later", "At", web.DateTime(ctx, at), "Came", web.DateTime(ctx, e.At))
}

// sealText says a record of View, Verify, Tug and Twist in one line.
func sealText(ctx context.Context, e casework.Entry) string {
	if e.Seal == nil {
		return ""
	}
	steps := map[string]bool{"view": e.Seal.View, "verify": e.Seal.Verify, "tug": e.Seal.Tug, "twist": e.Seal.Twist}
	parts := []string{web.T(ctx, "case.seal.none")}
	if e.Seal.Number != "" {
		parts[0] = e.Seal.Number
	}
	for _, step := range []string{"view", "verify", "tug", "twist"} {
		mark := "✗ "
		if steps[step] {
			mark = "✓ "
		}
		parts = append(parts, mark+web.T(ctx, "case.seal."+step))
	}
	return strings.Join(parts, " · ")
}

// examines reports whether the viewer will need the checklist in the yard: her device then
// keeps it as soon as she has looked at the case.
func (v caseView) examines() bool {
	plan := v.Examination.Plan
	return plan != nil && v.State.Open() && slices.Contains(plan.Team, v.Viewer.Officer.ID)
}

// islands are the scripts of a case's page.
func (v caseView) islands() []string {
	if v.examines() {
		return []string{"copy-button", "offline-form"}
	}
	return []string{"copy-button"}
}
