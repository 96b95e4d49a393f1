package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"

	"tidewaiter/internal/app"
	"tidewaiter/internal/cargo"
	"tidewaiter/internal/risk"
)

// assess measures the engine with a memory of each size.
func (b *bench) assess(ctx context.Context) error {
	engine, err := app.NewEngine("", "KG")
	if err != nil {
		return err
	}
	s := b.rep.section("Assessment", fmt.Sprintf("All %d indicators, the program's code lists, and a memory in RAM of as many earlier consignments as the column says. "+
		"Fresh consignments are assessed by two goroutines at once; in a batch, as an import does it, one goroutine also remembers each before the next.", len(risk.Indicators())))
	fresh := min(10_000, b.Sizes[0])
	run := &assessing{bench: b, engine: engine, memory: risk.NewMemory(), section: s, fresh: fresh}
	for batch, err := range batches(b.Sizes[len(b.Sizes)-1] + fresh) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, x := range batch {
			for i := range x.Consignments {
				if err := run.take(&x.Consignments[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// assessing is a memory that grows and is measured at each size.
type assessing struct {
	*bench
	engine  *risk.Engine
	memory  *risk.Memory
	section *section
	fresh   int // consignments to measure with
	held    []*cargo.Consignment
	known   int
	done    int // sizes that have been measured
}

// take remembers a consignment, or keeps it to be measured with once a size is reached.
func (a *assessing) take(c *cargo.Consignment) error {
	if a.done == len(a.Sizes) {
		return nil
	}
	a.held = append(a.held, c)
	at := a.Sizes[a.done]
	switch {
	case a.known == at && len(a.held) == a.fresh:
		if err := a.measure(); err != nil {
			return err
		}
		a.done++
	case a.known < at && (len(a.held) == 500 || a.known+len(a.held) == at):
		a.engine.AssessAll(a.held, a.memory)
		a.show.tick("assessing: a past of %s consignments", size(a.known))
	default:
		return nil
	}
	a.known += len(a.held)
	a.held = nil
	return nil
}

// measure assesses the held consignments in both ways, and remembers them.
func (a *assessing) measure() error {
	a.show.step("assessing with a past of %s consignments", size(a.known))
	texts, err := encodeJSON(a.held)
	if err != nil {
		return err
	}
	n := float64(len(a.held))
	runtime.GC()
	decode, err := a.best(func() error {
		return atOnce(len(texts), func(i int) error {
			var c cargo.Consignment
			return json.Unmarshal(texts[i], &c)
		})
	})
	if err != nil {
		return err
	}
	assess, err := a.best(func() error {
		return atOnce(len(a.held), func(i int) error { a.engine.Assess(a.held[i], a.memory); return nil })
	})
	if err != nil {
		return err
	}
	batch, err := once(func() error {
		for i := 0; i < len(a.held); i += 500 {
			a.engine.AssessAll(a.held[i:min(i+500, len(a.held))], a.memory)
		}
		return nil
	})
	if err != nil {
		return err
	}
	at := a.Sizes[a.done]
	base := "json.Unmarshal of the same on two goroutines"
	a.section.add(figure{What: "assessed on two cores", At: at, Value: n / assess.clock, Alone: 2 * n / assess.processor, Unit: "/s", Target: 50_000, Base: base, Than: n / decode.clock})
	a.section.add(figure{What: "assessed and remembered, one after the other", At: at, Value: n / batch.clock, Alone: n / batch.processor, Unit: "/s", Base: base, Than: n / decode.clock})
	a.section.add(figure{What: "heap with the memory", At: at, Value: heapMiB(), Unit: "MiB", Low: true})
	return nil
}

func heapMiB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// atOnce calls fn for 0 to n-1 on two goroutines, half each.
func atOnce(n int, fn func(int) error) error {
	var wait sync.WaitGroup
	failed := make([]error, 2)
	for w := range 2 {
		wait.Go(func() {
			for i := w; i < n && failed[w] == nil; i += 2 {
				failed[w] = fn(i)
			}
		})
	}
	wait.Wait()
	if failed[0] != nil {
		return failed[0]
	}
	return failed[1]
}
