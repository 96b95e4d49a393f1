// Package components holds the parts that pages are made of: tables, forms, scores,
// facts, charts. They are plain HTML with classes; texts come in the person's language.
package components
