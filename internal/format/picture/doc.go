// Package picture reads what officers attach to a case: photos (JPEG, PNG, WebP, GIF)
// and papers (PDF). It tells what a file is from its bytes, never from its name, refuses
// what is none of these or would harm whoever opens it, reads when, where and by which
// camera a photo was taken, makes thumbnails, and copies without metadata.
//
// Files come from outside: sizes are read before anything is decoded, and at most one
// large picture is decoded at a time in the whole program.
package picture
