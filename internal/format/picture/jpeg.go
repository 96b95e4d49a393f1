package picture

import (
	"bytes"
	"encoding/binary"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegTEM   = 0x01
	jpegRST0  = 0xd0
	jpegRST7  = 0xd7
	jpegEOI   = 0xd9
	jpegSOS   = 0xda
	jpegAPP0  = 0xe0
	jpegAPP1  = 0xe1
	jpegAPP2  = 0xe2
	jpegAdobe = 0xee // APP14: how the colours are to be read
	jpegAPP15 = 0xef
	jpegCOM   = 0xfe
)

const exifMark = "Exif\x00\x00" // Exif 2.32 §4.7.2

// walkJPEG walks the segments up to the end of the image. What follows it, such as the
// film of a moving photo or further images (CIPA DC-007), is not part of the picture.
func walkJPEG(raw []byte, out *stripped) (contents, error) {
	found := contents{frames: 1}
	out.write(raw[:2]) // SOI
	if out != nil && out.orientation.turned() {
		out.write(exifSegment(out.orientation))
	}
	scans := 0
	for at := 2; ; {
		marker, start, ok := nextMarker(raw, at)
		if !ok {
			return found, broken(JPEG, min(at, len(raw)), "a marker is missing")
		}
		switch {
		case marker == jpegEOI:
			if scans == 0 {
				return found, broken(JPEG, start, "it has no image")
			}
			out.write([]byte{0xff, jpegEOI})
			return found, nil
		case marker == jpegTEM || jpegRST0 <= marker && marker <= jpegRST7:
			at = start + 2
			continue
		}
		end, ok := segmentEnd(raw, start)
		if !ok {
			return found, broken(JPEG, start, "a segment is longer than the file")
		}
		segment := raw[start:end]
		if keepsJPEG(marker, segment) {
			out.write(segment)
		}
		if exif, is := bytes.CutPrefix(segment[4:], []byte(exifMark)); is && marker == jpegAPP1 && found.exif == nil {
			found.exif = exif
		}
		at = end
		if marker == jpegSOS {
			scans++
			at = scanEnd(raw, end)
			out.write(raw[end:at])
		}
	}
}

// nextMarker returns the marker at a place, and where its last 0xff stands: any number of
// them may fill the space before it (T.81 §B.1.1.2).
func nextMarker(raw []byte, at int) (marker byte, start int, ok bool) {
	for at+1 < len(raw) && raw[at] == 0xff {
		if raw[at+1] != 0xff {
			return raw[at+1], at, raw[at+1] != 0
		}
		at++
	}
	return 0, 0, false
}

// segmentEnd returns where a segment ends that begins with a marker and its length.
func segmentEnd(raw []byte, start int) (int, bool) {
	if start+4 > len(raw) {
		return 0, false
	}
	end := start + 2 + int(binary.BigEndian.Uint16(raw[start+2:]))
	return end, end >= start+4 && end <= len(raw)
}

// scanEnd returns where the coded data end that begin at a place: at the next marker
// that is not a restart.
func scanEnd(raw []byte, at int) int {
	for {
		i := bytes.IndexByte(raw[at:], 0xff)
		if i < 0 || at+i+1 >= len(raw) {
			return len(raw)
		}
		at += i
		if next := raw[at+1]; next != 0 && next != 0xff && (next < jpegRST0 || next > jpegRST7) {
			return at
		}
		at++
	}
}

// keepsJPEG reports whether a segment belongs to the picture. Of the application's
// segments these do: JFIF without a preview, the colour profile, and Adobe's.
func keepsJPEG(marker byte, segment []byte) bool {
	body := segment[4:]
	switch {
	case marker == jpegCOM:
		return false
	case marker == jpegAPP0:
		const noPreview = 14 // bytes of a JFIF segment whose preview has no pixels (T.871 §10.1)
		return bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) == noPreview
	case marker == jpegAPP2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == jpegAdobe:
		return bytes.HasPrefix(body, []byte("Adobe")) && len(body) == 12
	}
	return marker < jpegAPP0 || marker > jpegAPP15
}

// exifSegment is an APP1 segment that holds the orientation and nothing else.
func exifSegment(o Orientation) []byte {
	body := append([]byte(exifMark), exifOrientation(o)...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, jpegAPP1}, uint16(len(body)+2))
	return append(head, body...)
}
