// Package pdf writes papers, such as a case file: A4 pages with headings, paragraphs,
// pairs of name and value, tables and pictures, a running head and page numbers. Text is
// Latin and Cyrillic, Kyrgyz letters too; it can be searched and copied.
//
// A Doc lays out what it is told from top to bottom. What goes wrong on the way stays in
// it and comes out of Write. The same calls with the same Options give the same bytes, so
// that a paper can be told by its hash.
package pdf
