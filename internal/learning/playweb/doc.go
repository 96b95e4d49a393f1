// Package playweb holds the pages of packages: the list with its form to bring one in, a
// package with its units, and the page that plays one; the addresses at which units of
// cmi5 fetch their credentials; the operations for programs; and Content, which serves the
// files of packages.
//
// A package is foreign script. Its files are served on an origin of their own, without
// cookies, below a secret address, in a sandbox; the page that plays a unit of SCORM holds
// a frame of that origin (islands/package-frame.ts), where the run time of SCORM lives
// beside the content, and is told by messages what is to be kept.
package playweb
