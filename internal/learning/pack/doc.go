// Package pack reads packages of learning content: SCORM 1.2, SCORM 2004 (2nd to 4th
// edition) and cmi5. It is pure: from the bytes of a file to a Package, or a fault that
// names the file, the line and the element. What a package says of itself is never
// believed: paths, counts and sizes are bounded, and declared sizes are held against what
// is unpacked.
package pack
