// Package table reads CSV and XLSX files as rows of cells that know their place, and
// maps their columns to the fields of a consignment.
//
// Open tells the two apart, finds the heading under whatever stands above it, and
// streams the rows below. Propose guesses from the heading and some rows which column is
// which field; the Mapping that a person has confirmed turns rows into Records, and
// Documents groups the rows of one transport document.
package table
