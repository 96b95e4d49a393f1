package picture

// Blocks of GIF89a.
const (
	gifImage     = 0x2c
	gifExtension = 0x21
	gifTrailer   = 0x3b
	gifControl   = 0xf9 // extension: how long a frame stands, and what is clear in it
	gifOwn       = 0xff // extension of an application
)

// walkGIF walks the blocks up to the trailer and counts the frames.
func walkGIF(raw []byte, out *stripped) (contents, error) {
	var found contents
	const screen = 13 // bytes of the header and the logical screen (GIF89a §17, §18)
	if len(raw) < screen {
		return found, broken(GIF, len(raw), "it has no screen")
	}
	at := screen + colours(raw[10])
	if at > len(raw) {
		return found, broken(GIF, screen, "its colours are missing")
	}
	out.write(raw[:at])
	for {
		if at >= len(raw) {
			return found, broken(GIF, at, "its end is missing")
		}
		var end int
		keep := true
		switch raw[at] {
		case gifTrailer:
			if found.frames == 0 {
				return found, broken(GIF, at, "it has no image")
			}
			out.write(raw[at : at+1])
			return found, nil
		case gifImage:
			found.frames++
			end = imageEnd(raw, at)
		case gifExtension:
			end = subBlocksEnd(raw, at+2)
			keep = end > 0 && keepsGIF(raw[at:end])
		}
		if end <= at {
			return found, broken(GIF, at, "a block is damaged")
		}
		if keep {
			out.write(raw[at:end])
		}
		at = end
	}
}

// colours returns the bytes of the table of colours that the flags promise.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// imageEnd returns where a frame ends, or 0.
func imageEnd(raw []byte, at int) int {
	const descriptor = 10
	if at+descriptor > len(raw) {
		return 0
	}
	return subBlocksEnd(raw, at+descriptor+colours(raw[at+9])+1) // one byte of LZW's code size
}

// subBlocksEnd returns where the sub-blocks end that begin at a place, or 0.
func subBlocksEnd(raw []byte, at int) int {
	for at < len(raw) {
		n := int(raw[at])
		at += n + 1
		if n == 0 {
			return at
		}
	}
	return 0
}

// keepsGIF reports whether an extension belongs to the picture: how frames follow each
// other does, comments and what programs left there do not.
func keepsGIF(block []byte) bool {
	switch block[1] {
	case gifControl:
		return true
	case gifOwn:
		return len(block) > 14 && (string(block[3:14]) == "NETSCAPE2.0" || string(block[3:14]) == "ANIMEXTS1.0")
	}
	return false
}
