package picture

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// pngParts are the chunks that make the picture look as it does (PNG, third edition, §11
// and §12); every other one is text, time or somebody's own.
var pngParts = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI",
	"bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT",
}

// walkPNG walks the chunks up to IEND, and counts the frames of a moving one.
func walkPNG(raw []byte, out *stripped) (contents, error) {
	var found contents
	out.write(raw[:8])
	images := 0
	for at := 8; ; {
		if at+12 > len(raw) {
			return found, broken(PNG, at, "a chunk is missing")
		}
		length := int(binary.BigEndian.Uint32(raw[at:]))
		name := string(raw[at+4 : at+8])
		end := at + 12 + length
		if length > len(raw) || end > len(raw) {
			return found, broken(PNG, at, "a chunk is longer than the file")
		}
		if crc32.ChecksumIEEE(raw[at+4:end-4]) != binary.BigEndian.Uint32(raw[end-4:]) {
			return found, broken(PNG, at, "the checksum of a chunk is wrong")
		}
		switch name {
		case "fcTL":
			found.frames++
		case "IDAT":
			images++
		case "eXIf":
			if found.exif == nil {
				found.exif = raw[at+8 : end-4]
			}
		}
		if slices.Contains(pngParts, name) {
			out.write(raw[at:end])
		}
		if name == "IHDR" && out != nil && out.orientation.turned() {
			out.write(pngChunk("eXIf", exifOrientation(out.orientation)))
		}
		at = end
		if name == "IEND" {
			break
		}
	}
	if images == 0 {
		return found, broken(PNG, len(raw), "it has no image")
	}
	found.frames = max(found.frames, 1)
	return found, nil
}

func pngChunk(name string, body []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}
