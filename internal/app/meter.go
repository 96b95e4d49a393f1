package app

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/web"
)

// meter counts requests and shows how much work waits.
type meter struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
}

func newMeter(a *App) *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tidewaiter_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5, 30},
		}, []string{"area", "method", "status"}),
	}
	m.registry.MustRegister(m.took, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "tidewaiter_pending_jobs", Help: "Deliveries that are not done yet."}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			load, err := a.Bus.Load(ctx)
			if err != nil {
				return -1
			}
			return float64(load.Waiting + load.Retrying)
		}))
	return m
}

// middleware observes every request by the first part of its path, so that ids make
// no labels.
func (m *meter) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		start := time.Now()
		next.ServeHTTP(status, r)
		m.took.WithLabelValues(area(r.URL.Path), method(r.Method), strconv.Itoa(status.status)).Observe(time.Since(start).Seconds())
	})
}

// method keeps strangers from making up labels.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
		return m
	}
	return "other"
}

// areas are the first parts of paths that are told apart.
var areas = map[string]bool{
	"": true, "queue": true, "consignments": true, "parties": true, "imports": true, "quarantine": true, "indicators": true,
	"lists": true, "settings": true, "search": true, "api": true, "static": true, "sign-in": true, "audit": true, "officers": true, "units": true,
}

func area(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !areas[first] {
		return "other"
	}
	return "/" + first
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// handler serves the metrics to this machine only: they tell how busy a unit is.
func (m *meter) handler(trusted proxies) http.Handler {
	metrics := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ip := net.ParseIP(trusted.address(r))
		if ip == nil || !ip.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("X-Real-Ip") != "" {
			web.Fail(w, r, fault.New(fault.Denied, "metrics are shown to this machine only"))
			return
		}
		metrics.ServeHTTP(w, r)
	})
}
