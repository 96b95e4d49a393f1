// Package awmds reads and writes the manifest XML of ASYCUDA World: one General_segment
// for the voyage and one Bol_segment for each transport document.
//
// The reader streams, one Bol at a time, and takes what customs services of many
// countries send: tags in any case, with or without underscores and namespace prefixes,
// missing and repeated segments, tags that it does not know. Every value carries the
// place at which it stands in the raw file, under the path of the consignment's field
// that it becomes. There is no DTD and no entity beyond XML's own five.
package awmds
