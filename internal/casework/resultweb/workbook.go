package resultweb

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/xuri/excelize/v2"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// workbook answers with the examinations, the goods found and what was asked for, each on
// a sheet, in words for persons. Texts are texts: no spreadsheet takes one for a formula.
func (p *Pages) workbook(w http.ResponseWriter, r *http.Request) (err error) {
	e, err := p.begin(r, "results.xlsx")
	if err != nil {
		return err
	}
	if e.rows >= excelize.TotalRows {
		return tooManyRows(e)
	}
	b := &book{exported: e, file: excelize.NewFile()}
	defer func() { err = errors.Join(err, b.file.Close()) }() // which deletes its temporary files
	if err := p.fill(b); err != nil {
		return err
	}
	return hand(w, r, e.fileName("results", ".xlsx"), workbookType, func(out io.Writer) error { return b.file.Write(out) })
}

func tooManyRows(e exported) error {
	return fault.New(fault.Invalid, "%s", web.T(e.ctx, "result.export.many")).WithHint("%s", web.T(e.ctx, "result.export.many.hint"))
}

// book is a workbook in the making. Its rows lie in temporary files, not in memory.
type book struct {
	exported
	file       *excelize.File
	head, date int // styles
}

// sheet is a sheet whose rows are written one after the other.
type sheet struct {
	*book
	to      *excelize.StreamWriter
	columns []column
	row     int
}

func (p *Pages) fill(b *book) (err error) {
	if b.head, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return err
	}
	format := "yyyy-mm-dd hh:mm"
	if b.date, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	examinations, err := b.sheet("result.sheet.examinations", examinationColumns)
	if err != nil {
		return err
	}
	goods, err := b.sheet("result.sheet.goods", goodsColumns)
	if err != nil {
		return err
	}
	err = p.eachPart(b.ctx, b.scope, b.query, func(part []line) error {
		if err := examinations.write(part); err != nil {
			return err
		}
		return goods.write(goodsLines(part))
	})
	if err != nil {
		return err
	}
	if err := errors.Join(examinations.to.Flush(), goods.to.Flush()); err != nil {
		return err
	}
	return p.about(b)
}

// sheet adds a sheet with its head, which stays in sight.
func (b *book) sheet(title string, columns []column) (*sheet, error) {
	name := web.T(b.ctx, title)
	if b.file.SheetCount == 1 && b.file.GetSheetName(0) == "Sheet1" {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return nil, err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return nil, err
	}
	to, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	s := &sheet{book: b, to: to, columns: columns, row: 1}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: b.head, Value: web.T(b.ctx, "result.column."+c.name)}
		if err := to.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
	}
	if err := to.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return s, s.add(head)
}

func (s *sheet) add(cells []any) error {
	if s.row > excelize.TotalRows {
		return tooManyRows(s.exported)
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	s.row++
	return s.to.SetRow(at, cells)
}

func (s *sheet) write(lines []line) error {
	cells := make([]any, len(s.columns))
	for _, l := range lines {
		for i, c := range s.columns {
			cells[i] = s.cell(c.say(s.ctx, l))
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	return nil
}

// cell gives times their zone and form, and cuts texts that no cell can hold.
func (b *book) cell(v any) any {
	switch v := v.(type) {
	case time.Time:
		return excelize.Cell{StyleID: b.date, Value: v.In(web.Zone(b.ctx))}
	case string:
		if text := []rune(v); len(text) > excelize.TotalCellChars {
			return string(text[:excelize.TotalCellChars])
		}
	}
	return v
}

// about says on a sheet of its own what the workbook holds.
func (p *Pages) about(b *book) error {
	ctx := b.ctx
	name := web.T(ctx, "result.sheet.query")
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	rows := [][2]string{
		{web.T(ctx, "result.sheet.unit"), b.unit.Name},
		{web.T(ctx, "result.sheet.period"), view{Query: b.query}.span(ctx)},
		{web.T(ctx, "result.sheet.rows"), web.Number(ctx, b.rows)},
	}
	rows = append(rows, p.filterWords(ctx, b.query)...)
	rows = append(rows, [2]string{web.T(ctx, "result.sheet.made"), web.DateTime(ctx, p.Cases.Now())})
	for i, row := range rows {
		for n, text := range row {
			at, err := excelize.CoordinatesToCellName(n+1, i+1)
			if err != nil {
				return err
			}
			if err := b.file.SetCellStr(name, at, text); err != nil {
				return err
			}
		}
	}
	return errors.Join(b.file.SetColWidth(name, "A", "A", 24), b.file.SetColWidth(name, "B", "B", 48))
}
