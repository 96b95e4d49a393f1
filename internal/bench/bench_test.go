package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A tiny run goes through everything and writes every section with its figures.
func TestReport(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and serves the program")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "tidewaiter")
	if said, err := exec.Command("go", "build", "-o", program, "tidewaiter/cmd/tidewaiter").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	o, _, err := parseFlags([]string{"-sizes", "150,300", "-quick", "-shift", "5s", "-program", program, "-keep", filepath.Join(dir, "kept")})
	if err != nil {
		t.Fatal(err)
	}
	o.Peer = "../../bench"
	out := filepath.Join(dir, "BENCHMARKS.md")
	if err := writeReport(t.Context(), o, out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## Targets", "## Tokenizing EDIFACT", "## Reading CUSCAR", "## Assessment", "## Import", "## Queue page",
		"## Search and the consignment's page", "## The serving process", "## Weight of pages", "| 150 | 300 |",
		"assessed on two cores", "imported, everything durable", "no filter", "two indicators", "(nothing)", "the last page",
		"search by container number", "most memory at any time", "sign-in page", "not to 1,000,000",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report says nothing of %q", want)
		}
	}
	for _, never := range []string{"NaN", "Inf", "broken off", "and not the same", "0.00 /s"} {
		if strings.Contains(string(text), never) {
			t.Errorf("the report says %q:\n%s", never, text)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, ok := range map[string]bool{"10": true, "10,20": true, "20,10": false, "10,10": false, "0": false, "x": false, "": false} {
		if _, err := parseSizes(text); (err == nil) != ok {
			t.Errorf("sizes %q: %v", text, err)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0.00", 0.0123: "0.012", 1.234: "1.23", 56.78: "56.8", 345.6: "346", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}
