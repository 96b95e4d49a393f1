// Package postweb says reminders in the reader's language.
package postweb
