package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Event is one server-sent event (HTML Living Standard §9.2).
type Event struct {
	Name string // the event's type; empty means "message"
	ID   string // what the browser sends back as Last-Event-ID when it reconnects
	Data any    // a string as it is, anything else as JSON
}

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 20 * time.Second

// Events sends what source brings until it is closed or the person leaves. The server's
// write timeout, if any, is lifted for the stream.
func Events(w http.ResponseWriter, r *http.Request, source <-chan Event) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would collect the events otherwise
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // not every writer has deadlines
	w.WriteHeader(http.StatusOK)
	if err := control.Flush(); err != nil {
		return fmt.Errorf("event stream: %w", err)
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		text := ":\n\n"
		select {
		case <-r.Context().Done():
			return nil
		case <-beat.C:
		case e, ok := <-source:
			if !ok {
				return nil
			}
			var err error
			if text, err = e.wire(); err != nil {
				return err
			}
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return nil // the person left
		}
		if err := control.Flush(); err != nil {
			return nil
		}
	}
}

// wire returns the event as it travels; line breaks in the data begin new data lines.
func (e Event) wire() (string, error) {
	data, ok := e.Data.(string)
	if !ok {
		raw, err := json.Marshal(e.Data)
		if err != nil {
			return "", fmt.Errorf("encode event %s: %w", e.Name, err)
		}
		data = string(raw)
	}
	var b strings.Builder
	for _, field := range []struct{ name, value string }{{"event", e.Name}, {"id", e.ID}} {
		if field.value != "" {
			b.WriteString(field.name + ": " + oneLine.Replace(field.value) + "\n")
		}
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(data, "\r\n", "\n"), "\r", "\n"), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteString("\n")
	return b.String(), nil
}

var oneLine = strings.NewReplacer("\n", " ", "\r", " ", "\x00", "")
