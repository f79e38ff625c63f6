/**
 * What is learned: `shapes.ts` and `sets.ts` draw the built-in data sets, `read-text.ts` and `read-table.ts` read the visitor's own,
 * `features.ts` makes of x and y what the network sees, and `examples.ts` puts all together, in a training and a test part.
 */
export { type Examples, examplesOf, type Part, whyNone } from "./examples.ts";
export { featureTensor, gridLines, gridPoints, placesOf } from "./features.ts";
export { readTable } from "./read-table.ts";
export { drawSet } from "./sets.ts";
