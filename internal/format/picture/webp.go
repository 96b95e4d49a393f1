package picture

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// webpParts are the chunks of a still picture (RFC 9649 §2.5 to §2.7). The moving ones,
// ANIM and ANMF, are refused: nothing here could show them.
var webpParts = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ICCP"}

// Flags of VP8X (RFC 9649 §2.7.1).
const (
	webpMoves = 0x02
	webpXMP   = 0x04
	webpEXIF  = 0x08
)

// walkWebP walks the chunks of the RIFF file. What stands behind its end is no part of it.
func walkWebP(raw []byte, out *stripped) (contents, error) {
	found := contents{frames: 1}
	size := 8 + int(binary.LittleEndian.Uint32(raw[4:]))
	if size > len(raw) {
		return found, broken(WebP, len(raw), "it is shorter than it says")
	}
	var body []byte
	images, flags := 0, byte(0)
	for at := 12; at < size; {
		if at+8 > size {
			return found, broken(WebP, at, "a chunk is missing")
		}
		name := string(raw[at : at+4])
		length := int(binary.LittleEndian.Uint32(raw[at+4:]))
		end := at + 8 + length + length%2
		if length > size || end > size && at+8+length != size {
			return found, broken(WebP, at, "a chunk is longer than the file")
		}
		chunk := raw[at:min(end, size)]
		switch name {
		case "VP8 ", "VP8L":
			images++
		case "VP8X":
			if len(chunk) > 8 {
				flags = chunk[8]
			}
		case "EXIF":
			if found.exif == nil && flags&webpEXIF != 0 {
				found.exif = bytes.TrimPrefix(chunk[8:8+length], []byte(exifMark)) // which some writers leave
			}
		case "ANIM", "ANMF":
			return found, refuse(TooManyFrames, "moving WebP pictures cannot be shown").WithHint("send single frames of it")
		}
		if out != nil && slices.Contains(webpParts, name) {
			body = append(body, webpChunk(name, chunk, out.orientation)...)
		}
		at = end
	}
	if images != 1 {
		return found, broken(WebP, size, "it does not have one image")
	}
	if out != nil {
		out.writeWebP(raw, body)
	}
	return found, nil
}

// webpChunk returns a chunk as the copy has it: the flags of VP8X promise no metadata but
// the orientation.
func webpChunk(name string, chunk []byte, o Orientation) []byte {
	if name != "VP8X" || len(chunk) < 9 {
		return chunk
	}
	chunk = slices.Clone(chunk)
	chunk[8] &^= webpXMP | webpEXIF
	if o.turned() {
		chunk[8] |= webpEXIF
	}
	return chunk
}

func (s *stripped) writeWebP(raw, body []byte) {
	if s.orientation.turned() && len(body) > 4 && string(body[:4]) == "VP8X" {
		exif := exifOrientation(s.orientation) // of an even length
		body = append(binary.LittleEndian.AppendUint32(append(body, "EXIF"...), uint32(len(exif))), exif...)
	}
	s.write(raw[:4], binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4)), raw[8:12], body)
}
