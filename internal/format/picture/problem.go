package picture

import (
	"errors"

	"tidewaiter/internal/fault"
)

// Refusal is why a file was not taken, for whoever says it in another language.
type Refusal string

// The refusals.
const (
	Unknown       Refusal = "unknown"         // neither a photo nor a paper
	TooLarge      Refusal = "too-large"       // in bytes
	TooManyPixels Refusal = "too-many-pixels" // or too long a side
	TooManyFrames Refusal = "too-many-frames"
	Broken        Refusal = "broken"   // cut off or damaged
	NoCopy        Refusal = "no-copy"  // papers have no copy without metadata
	NoPreview     Refusal = "no-thumb" // papers have no thumbnail
)

// Problem is a refusal with its sentence; it is a fault.Invalid.
type Problem struct {
	Refusal Refusal
	fault   *fault.Error
}

// Error returns the sentence, and the hint behind it.
func (p *Problem) Error() string { return p.fault.Error() }

// Unwrap returns the fault.
func (p *Problem) Unwrap() error { return p.fault }

// WithHint returns a copy that tells what to do.
func (p *Problem) WithHint(format string, args ...any) *Problem {
	return &Problem{p.Refusal, p.fault.WithHint(format, args...)}
}

// RefusalOf returns the refusal in err's chain; empty where there is none.
func RefusalOf(err error) Refusal {
	var p *Problem
	if errors.As(err, &p) {
		return p.Refusal
	}
	return ""
}

func refuse(why Refusal, format string, args ...any) *Problem {
	return &Problem{why, fault.New(fault.Invalid, format, args...)}
}

// broken is a file that ends too early or contradicts itself at a byte.
func broken(k Kind, at int, what string, args ...any) error {
	return refuse(Broken, "the %s file is damaged at byte %d: %s", k.short(), at, fault.Say(what, args...)).WithHint("take the picture again, or send the original")
}

// short is the name of the kind in a sentence.
func (k Kind) short() string {
	return map[Kind]string{JPEG: "JPEG", PNG: "PNG", WebP: "WebP", GIF: "GIF", PDF: "PDF"}[k]
}
