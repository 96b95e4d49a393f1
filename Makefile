# make demo   a working unit with a generated month of traffic, at http://127.0.0.1:8080
# make test   everything that is checked; installs chromium and postgresql where they are missing
# make bench  speeds and sizes, written to BENCHMARKS.md
# make fuzz   every fuzz target for a minute (FUZZTIME=1m)

TEMPL    = go tool templ
FUZZTIME ?= 1m
ASSETS   = internal/web/static/dist/manifest.json
SOURCES  = $(shell find cmd internal -name '*.go' -o -name '*.sql' -o -name '*.json' -o -name '*.tsv' -o -name '*.csv' -o -name '*.txt' -o -name '*.edi') go.mod

.PHONY: all build demo test check bench fuzz generate assets setup clean

all: build

build: bin/tidewaiter

bin/tidewaiter: $(ASSETS) $(SOURCES)
	go build -trimpath -o $@ ./cmd/tidewaiter

assets: $(ASSETS)

$(ASSETS): node_modules/.package-lock.json $(shell find internal/web/islands internal/web/style internal/web/bundle -type f)
	go run ./internal/web/bundle

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

demo: build
	bin/tidewaiter demo

# check is what needs no database server and no browser.
check: build
	go vet ./...
	test -z "$$(gofmt -l cmd internal e2e bench)"
	cd bench && go vet ./...

setup:
	scripts/setup chromium postgresql fonts-noto-core poppler-utils

test: setup check
	scripts/postgres go test -timeout 20m ./...

bench: build
	go run ./internal/bench -out BENCHMARKS.md

fuzz:
	scripts/fuzz $(FUZZTIME)

generate:
	$(TEMPL) generate -path internal

clean:
	rm -rf bin node_modules data internal/web/static/dist/*
