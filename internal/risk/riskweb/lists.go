package riskweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/risk"
	"tidewaiter/internal/web"
	c "tidewaiter/internal/web/components"
)

// maxListBody bounds a list that is sent as text: 20,000 rows of usual length.
const maxListBody = 4 << 20

// listRows is how many rows of a list one page shows.
const listRows = 200

// listView is one list as it is shown.
type listView struct {
	risk.List
	Version int
	Shown   []numbered
	Found   int // rows that hold Text
	Text    string
	Page    int
	MayEdit bool
	AsText  bool
	Default bool // the rows are those that come with the program
	Typed   url.Values
	Errors  []c.FieldError
	Stale   bool
}

// numbered is a row with its number in the list, from 1.
type numbered struct {
	Number int
	Cells  []string
}

func (p *Pages) lists(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	set, err := p.Assessments.Settings(ctx, scope.ID)
	if err != nil {
		return err
	}
	return web.Render(w, r, listsPage(set.Engine.Lists))
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	v, _, err := p.listView(ctx, scope.ID, r)
	if err != nil {
		return err
	}
	return web.Render(w, r, listPage(v))
}

func (p *Pages) listView(ctx context.Context, scope cargo.ScopeID, r *http.Request) (listView, risk.UnitSettings, error) {
	set, err := p.Assessments.Settings(ctx, scope)
	if err != nil {
		return listView{}, set, err
	}
	list, ok := set.Engine.Lists.List(r.PathValue("id"))
	if !ok {
		return listView{}, set, notFound(ctx, "risk.none.list")
	}
	viewer, _ := identity.From(ctx)
	asked := r.URL.Query()
	v := listView{List: list, Version: set.Version, MayEdit: viewer.Can(identity.EditLists), AsText: asked.Get("as") == "text",
		Text: strings.TrimSpace(asked.Get("q")), Page: parseQuery(asked).Page}
	ours, _ := risk.DefaultLists().List(list.ID)
	v.Default = slices.EqualFunc(list.Rows, ours.Rows, slices.Equal)
	v.find()
	return v, set, nil
}

// find picks the rows that hold the text, and of them those of the page.
func (v *listView) find() {
	v.Shown, v.Found = nil, 0
	text := strings.ToLower(v.Text)
	for i, row := range v.Rows {
		if text != "" && !strings.Contains(strings.ToLower(strings.Join(row, "\t")), text) {
			continue
		}
		v.Found++
		if v.Found > (v.Page-1)*listRows && len(v.Shown) < listRows {
			v.Shown = append(v.Shown, numbered{i + 1, row})
		}
	}
}

// saveList saves a list as a new version of the settings: rows ticked are removed and one
// is added, or the whole is taken from text.
func (p *Pages) saveList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scope, err := cargoweb.ScopeOf(ctx)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	v, set, err := p.listView(ctx, scope.ID, r)
	if err != nil {
		return err
	}
	v.Typed = r.PostForm
	v.AsText = r.PostForm.Has("rows")
	version, _ := strconv.Atoi(r.PostForm.Get("version"))
	if v.Stale = version != set.Version; v.Stale {
		return web.RenderStatus(w, r, http.StatusConflict, listPage(v))
	}
	rows := typedRows(v)
	next, errs := p.checkList(ctx, v, set, rows)
	if v.Errors = errs; len(errs) > 0 {
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, listPage(v))
	}
	next.Officer = officerID(ctx)
	saved, err := p.Assessments.SaveSettings(ctx, scope.ID, next)
	if fault.Is(err, fault.Conflict) {
		v.Stale = true
		return web.RenderStatus(w, r, http.StatusConflict, listPage(v))
	}
	if err != nil {
		return err
	}
	added, removed := changedRows(v.Rows, rows)
	err = p.Audit.Record(ctx, identity.Entry{Act: "list.changed", ObjectKind: "list", ObjectID: v.ID,
		Detail: map[string]any{"reason": next.Reason, "settings": saved.Version, "added": firstRows(added), "removed": firstRows(removed)}})
	if err != nil {
		return err
	}
	web.AddFlash(w, r, web.Good, web.T(ctx, "risk.list.saved", "Added", len(added), "Removed", len(removed)))
	return web.Redirect(w, r, "/lists/"+v.ID)
}

// checkList puts the rows into the settings, and says what is wrong with them.
func (p *Pages) checkList(ctx context.Context, v listView, set risk.UnitSettings, rows [][]string) (risk.UnitSettings, []c.FieldError) {
	var errs []c.FieldError
	var err error
	if set.Engine.Lists, err = set.Engine.Lists.With(v.ID, rows); err != nil {
		field := "cell-0"
		if v.AsText {
			field = "rows"
		}
		errs = append(errs, c.FieldError{Field: field, Text: web.Sentence(ctx, err)})
	}
	reason, wrong := typedReason(ctx, v.Typed)
	set.Reason = reason
	return set, append(errs, wrong...)
}

// typedRows are the rows as the form wants them.
func typedRows(v listView) [][]string {
	if v.AsText {
		return parseRows(v.Typed.Get("rows"))
	}
	gone := map[int]bool{}
	for _, n := range v.Typed["remove"] {
		if i, err := strconv.Atoi(n); err == nil {
			gone[i] = true
		}
	}
	var rows [][]string
	for i, row := range v.Rows {
		if !gone[i+1] {
			rows = append(rows, row)
		}
	}
	fresh := make([]string, len(v.Columns))
	any := false
	for i := range fresh {
		fresh[i] = strings.TrimSpace(v.Typed.Get(cellField(i)))
		any = any || fresh[i] != ""
	}
	if any {
		rows = append(rows, fresh)
	}
	return rows
}

// parseRows reads rows of cells parted by tabs; empty lines are no rows.
func parseRows(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// asText writes rows as parseRows reads them.
func (v listView) asText() string {
	if v.Typed != nil && v.Typed.Has("rows") {
		return v.Typed.Get("rows")
	}
	var b strings.Builder
	for _, row := range v.Rows {
		b.WriteString(strings.TrimRight(strings.Join(row, "\t"), "\t") + "\n")
	}
	return b.String()
}

func cellField(i int) string { return fmt.Sprintf("cell-%d", i) }

// changedRows are the rows that are new and those that are gone; order does not matter.
func changedRows(was, is [][]string) (added, removed []string) {
	count := map[string]int{}
	key := func(row []string) string { return strings.TrimRight(strings.Join(row, " | "), " |") }
	for _, row := range was {
		count[key(row)]--
	}
	for _, row := range is {
		count[key(row)]++
	}
	for k, n := range count {
		if n > 0 {
			added = append(added, k)
		} else if n < 0 {
			removed = append(removed, k)
		}
	}
	slices.Sort(added)
	slices.Sort(removed)
	return added, removed
}

// firstRows keeps an entry of the trail short.
func firstRows(rows []string) []string { return rows[:min(len(rows), 20)] }

func (v listView) href(page int) string {
	q := url.Values{}
	if v.Text != "" {
		q.Set("q", v.Text)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/lists/" + v.ID
	}
	return "/lists/" + v.ID + "?" + q.Encode()
}

func (v listView) pager(ctx context.Context) c.PagerInfo {
	first := (v.Page-1)*listRows + 1
	last := min(first+listRows-1, v.Found)
	info := c.PagerInfo{Text: web.T(ctx, "risk.queue.span", "First", min(first, v.Found), "Last", last, "Total", v.Found)}
	if v.Page > 1 {
		info.Previous = v.href(v.Page - 1)
	}
	if last < v.Found {
		info.Next = v.href(v.Page + 1)
	}
	return info
}

func (v listView) typed(name string) string { return v.Typed.Get(name) }
