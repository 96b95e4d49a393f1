package picture

import (
	"strings"
	"unicode"
)

const longestName = 100 // characters, with the extension

// CleanName makes of the name that the sender's device gave a file one that is safe to
// show, to save and to send on: without folders, control and direction-turning
// characters, and those that file systems refuse; of at most 100 characters; and with the
// extension of what the file is. What is left of nothing is called "file".
func CleanName(name string, k Kind) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), strings.ContainsRune(`<>:"|?*`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if i := strings.LastIndexByte(name, '.'); i >= 0 && len(name)-i <= 6 && !strings.Contains(name[i:], " ") {
		name = name[:i]
	}
	name = strings.Trim(name, ". ")
	if name = strings.TrimRight(clip(name, longestName-len(k.Extension())), ". "); name == "" || reserved(name) {
		name = strings.TrimRight("file "+name, " ")
	}
	return name + k.Extension()
}

// reserved are the names that Windows takes for devices, whatever extension follows.
func reserved(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) && base[3] >= '0' && base[3] <= '9'
}
