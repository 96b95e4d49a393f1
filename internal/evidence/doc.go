// Package evidence keeps raw files as they came: manifests, photos, papers. A file stands
// once under its SHA-256, compressed in pieces, and never changes; whoever mentions a
// file keeps its hash. Nothing here asks who may see a file: its owner does.
package evidence
