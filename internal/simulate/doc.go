// Package simulate is a synthetic world of trade whose truth is known: companies,
// goods, routes, prices and papers that hang together, smuggling schemes planted
// among them, and innocent twins of each scheme that look alike.
//
// It serves the demo, exercises, tests and benchmarks. The facts about schemes and
// their traces are from the field notes (targeting, documents, seals); the package
// knows nothing of the indicators that are to find them, and they nothing of it.
//
// Everything follows from the seed. A world is built once ([Generate], [Stream]);
// voyages are then drawn one after another, so that a million consignments need no
// more memory than one voyage and the companies behind it.
package simulate
