package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/format/cuscar"
	"tidewaiter/internal/intake"
	"tidewaiter/internal/simulate"
)

// read measures the reading of CUSCAR, on one goroutine.
func (b *bench) read(context.Context) error {
	b.show.step("reading CUSCAR")
	n := 10_000
	if b.Quick {
		n = 1000
	}
	text, err := interchanges(n)
	if err != nil {
		return err
	}
	var all []*cargo.Consignment
	consignments, err := b.best(func() (err error) {
		all, err = readConsignments(text)
		return err
	})
	if err != nil {
		return err
	}
	if len(all) != n {
		return fmt.Errorf("%d of %d consignments were read", len(all), n)
	}
	bills, err := b.best(func() error { return readBills(text) })
	if err != nil {
		return err
	}
	tokenized, err := b.best(func() error { _, err := tokens(text); return err })
	if err != nil {
		return err
	}
	decoded, err := b.decodeJSON(all)
	if err != nil {
		return err
	}
	per := float64(n)
	s := b.rep.section("Reading CUSCAR", fmt.Sprintf("One goroutine, %s bills of %s bytes on average, of all kinds of senders.", size(n), size(len(text)/n)))
	for _, x := range []struct {
		what string
		taken
	}{{"tokens only", tokenized}, {"bills (format/cuscar)", bills}, {"consignments (intake.NewReader)", consignments}} {
		s.add(figure{What: x.what, Value: per / x.clock, Alone: per / x.processor, Unit: "/s", Base: "json.Unmarshal of the same consignments", Than: per / decoded.clock})
	}
	s.note("json.Unmarshal decodes %s consignments/s.", number(per/decoded.clock))
	return nil
}

// interchanges writes n consignments as one text.
func interchanges(n int) ([]byte, error) {
	var text bytes.Buffer
	for batch, err := range batches(n) {
		if err != nil {
			return nil, err
		}
		if err := simulate.EncodeCUSCAR(&text, batch); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

func readBills(text []byte) error {
	r := cuscar.NewReader(bytes.NewReader(text))
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func readConsignments(text []byte) ([]*cargo.Consignment, error) {
	var all []*cargo.Consignment
	r, err := intake.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if rec.Consignment != nil {
			all = append(all, rec.Consignment)
		}
	}
}

// decodeJSON returns how long the standard library takes to decode the consignments.
func (b *bench) decodeJSON(all []*cargo.Consignment) (taken, error) {
	texts, err := encodeJSON(all)
	if err != nil {
		return taken{}, err
	}
	return b.best(func() error {
		for _, text := range texts {
			var c cargo.Consignment
			if err := json.Unmarshal(text, &c); err != nil {
				return err
			}
		}
		return nil
	})
}

func encodeJSON(all []*cargo.Consignment) ([][]byte, error) {
	texts := make([][]byte, len(all))
	for i, c := range all {
		var err error
		if texts[i], err = json.Marshal(c); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
