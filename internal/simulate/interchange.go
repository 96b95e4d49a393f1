package simulate

import (
	"io"

	"tidewaiter/internal/format/edifact"
)

// cuscarOptions are how the sender of a manifest writes CUSCAR.
func cuscarOptions(first *Manifest) edifact.WriterOptions {
	options := edifact.WriterOptions{Charset: "UNOA", Version: "2", LineBreaks: first.Sender.Code[0]%2 == 0}
	if first.Sender.Cyrillic {
		options.Charset, options.Version = "UNOY", "4"
	} else if first.Transport.Mode != 1 {
		options.Charset, options.Version, options.UNA = "UNOC", "3", true
	}
	return options
}

// EncodeCUSCAR writes manifests of one batch as one interchange, as their sender would.
func EncodeCUSCAR(to io.Writer, batch []*Manifest) error {
	return writeCUSCAR(to, cuscarOptions(batch[0]), batch)
}
