package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/table"
	"tidewaiter/internal/risk"
)

// line is a ranked consignment as one line of NDJSON.
type line struct {
	Document   string            `json:"document"`
	Containers []string          `json:"containers"`
	Score      risk.LogOdds      `json:"score"`
	Base       risk.LogOdds      `json:"base"`
	Channel    risk.Channel      `json:"channel"`
	Random     bool              `json:"random"`
	Findings   []risk.Finding    `json:"findings"`
	Version    int               `json:"version"`
	File       string            `json:"file"`
	Master     string            `json:"master,omitempty"`
	Mode       string            `json:"mode"`
	Carrier    cargo.Carrier     `json:"carrier,omitzero"`
	Journey    cargo.Journey     `json:"journey"`
	Parties    []cargo.Party     `json:"parties"`
	Goods      []cargo.GoodsItem `json:"goods"`
	Equipment  []cargo.Equipment `json:"equipment,omitempty"`
	Packages   int               `json:"packages"`
	GrossMass  float64           `json:"gross_mass"`
}

func lineOf(r *Ranked) line {
	return line{
		Document: r.Document.Number, Containers: containers(r.Consignment), Score: r.Score, Base: r.Base, Channel: r.Channel,
		Random: r.Random, Findings: r.Findings, Version: r.Version, File: r.Source.File, Master: r.Document.Master,
		Mode: r.Transport.Mode.String(), Carrier: r.Carrier, Journey: r.Journey, Parties: r.Parties, Goods: r.Goods,
		Equipment: r.Equipment, Packages: r.Packages(), GrossMass: r.GrossMass(),
	}
}

// containers returns the numbers of a consignment's equipment, each once, never nil.
func containers(c *cargo.Consignment) []string {
	out := []string{}
	seen := map[string]bool{}
	add := func(n string) {
		if n != "" && !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	for i := range c.Equipment {
		add(c.Equipment[i].Number)
	}
	for i := range c.Goods {
		for _, n := range c.Goods[i].Equipment {
			add(n)
		}
	}
	return out
}

// WriteNDJSON writes one line for each consignment, best first.
func WriteNDJSON(w io.Writer, ranked []Ranked) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range ranked {
		if err := enc.Encode(lineOf(&ranked[i])); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes one row for each finding, and one for a consignment without any.
func WriteCSV(w io.Writer, ranked []Ranked) error {
	out := csv.NewWriter(w)
	write := func(row []string) {
		for i := range row {
			row[i] = table.Defuse(row[i])
		}
		out.Write(row)
	}
	out.Write([]string{
		"rank", "document", "version", "containers", "consignor", "consignee", "gross_mass_kg", "score", "base", "channel", "random",
		"indicator", "contribution", "field", "value", "reference",
	})
	for i := range ranked {
		r := &ranked[i]
		head := []string{
			strconv.Itoa(i + 1), r.Document.Number, strconv.Itoa(r.Version), strings.Join(containers(r.Consignment), " "),
			partyName(r, cargo.Consignor), partyName(r, cargo.Consignee), number(r.GrossMass()), number(float64(r.Score)),
			number(float64(r.Base)), string(r.Channel), strconv.FormatBool(r.Random),
		}
		if len(r.Findings) == 0 {
			write(append(head, "", "", "", "", ""))
		}
		for _, f := range r.Findings {
			for k, e := range f.Evidence {
				contribution := ""
				if k == 0 { // once for a finding, so that the column adds up
					contribution = number(float64(f.Contribution))
				}
				write(append(head[:len(head):len(head)], f.Indicator, contribution, e.Field, e.Value, e.Reference))
			}
		}
	}
	out.Flush()
	return out.Error()
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func partyName(r *Ranked, role cargo.PartyRole) string {
	if p := r.Party(role); p != nil {
		return p.Name
	}
	return ""
}

// WriteTable writes the first rows of the ranking with their reasons, for a terminal.
func WriteTable(w io.Writer, ranked []Ranked, most int) error {
	titles := map[string]string{}
	for _, in := range risk.Indicators() {
		titles[in.ID] = in.Title
	}
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "#\tscore\tchannel\tdocument\tcontainers\tkg\tconsignee\tgoods")
	var reasons []string
	for i := range ranked {
		if i == most {
			break
		}
		r := &ranked[i]
		goods := ""
		if len(r.Goods) > 0 {
			goods = r.Goods[0].Description
		}
		channel := string(r.Channel)
		if r.Random {
			channel += " (random)"
		}
		fmt.Fprintf(tab, "%d\t%+.3f\t%s\t%s\t%s\t%.0f\t%s\t%s\n", i+1, float64(r.Score), channel, r.Document.Number,
			short(strings.Join(containers(r.Consignment), " "), 24), r.GrossMass(), short(partyName(r, cargo.Consignee), 28), short(goods, 40))
		reasons = append(reasons, explain(i+1, r, titles))
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if len(ranked) > most {
		fmt.Fprintf(w, "… and %d more (--limit)\n", len(ranked)-most)
	}
	_, err := io.WriteString(w, "\n"+strings.Join(reasons, "\n"))
	return err
}

// explain writes a score as the sum that it is.
func explain(rank int, r *Ranked, titles map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d. %s: %+.3f = %.3f base", rank, r.Document.Number, float64(r.Score), float64(r.Base))
	for _, f := range r.Findings {
		fmt.Fprintf(&b, " %+.3f %s", float64(f.Contribution), f.Indicator)
	}
	b.WriteByte('\n')
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "   %+.3f %s %s\n", float64(f.Contribution), f.Indicator, titles[f.Indicator])
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "          %s: %q; %s\n", e.Field, short(e.Value, 60), e.Reference)
		}
	}
	return b.String()
}

func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
