package intakeweb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tidewaiter/internal/cargo/cargoweb"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/web"
	"tidewaiter/internal/web/components"
)

func quarantineKicker(ctx context.Context, v quarantineView) string {
	if v.Import == nil {
		return ""
	}
	return nameOf(ctx, v.Import)
}

func quarantineCrumbs(ctx context.Context, v quarantineView) []web.Link {
	crumbs := []web.Link{{Label: web.T(ctx, "intake.imports"), Href: "/imports"}}
	if v.Import != nil {
		crumbs = append(crumbs, web.Link{Label: nameOf(ctx, v.Import), Href: importHref(v.Import.ID, "")})
	}
	return crumbs
}

func heldColumns(ctx context.Context, withFile bool) []components.Column {
	ids := []string{"intake.place", "intake.document", "intake.field", "intake.value", "intake.reason"}
	if withFile {
		ids = append(ids, "intake.file")
	}
	var out []components.Column
	for _, id := range ids {
		out = append(out, components.Column{Label: web.T(ctx, id)})
	}
	return out
}

// fieldText is the name of a field that a problem names by its path or in the format's
// own words.
func fieldText(ctx context.Context, field string) string {
	if field == "" {
		return ""
	}
	return cargoweb.FieldLabel(ctx, strings.NewReplacer("{g}", "0", "{e}", "0", "{s}", "0").Replace(field))
}

// reasonLine says what is wrong with which value.
func reasonLine(ctx context.Context, it intake.Quarantined) string {
	reason := reasonText(ctx, it.Reason)
	switch {
	case it.Value == "":
		return firstOf(fieldText(ctx, it.Field), placeText(ctx, it.Place)) + ": " + reason
	case it.Field == "":
		return "“" + clip(it.Value, 80) + "”: " + reason
	}
	return fieldText(ctx, it.Field) + ", “" + clip(it.Value, 80) + "”: " + reason
}

// mendText says why a mended record still cannot be read, and what to do.
func mendText(ctx context.Context, err error) string {
	var left *intake.Unmended
	if !errors.As(err, &left) {
		return web.Explain(ctx, err)
	}
	return placeText(ctx, left.Place) + ", " + reasonLine(ctx, intake.Quarantined{Problem: left.Problem}) + ". " + web.Hint(ctx, err)
}

func rawHref(it intake.Quarantined) string {
	return fmt.Sprintf("/imports/%d/raw?offset=%d&length=%d#mark", it.Import, it.At.Offset, it.At.Length)
}

func mendHint(ctx context.Context, f intake.Format) string {
	if f == intake.XLSX {
		return web.T(ctx, "intake.mend.hint.xlsx")
	}
	return web.T(ctx, "intake.mend.hint")
}

// mendRows is how many lines high the text field is.
func mendRows(text string) string {
	rows := strings.Count(text, "\n") + 2 + len(text)/100
	return strconv.Itoa(max(6, min(rows, 24)))
}

func plainLines(text string) (out []components.RawLine) {
	for i, line := range strings.Split(strings.TrimRight(text, "\r\n"), "\n") {
		out = append(out, components.RawLine{Number: i + 1, Parts: []components.RawPart{{Text: strings.TrimRight(line, "\r")}}})
	}
	return out
}
