/**
 * What is learned: `shapes.ts` and `sets.ts` draw the built-in data sets, `features.ts` makes of x and y what the network sees, and
 * `examples.ts` puts both together, in a training and a test part. `read-text.ts` and `read-table.ts` read the visitor's own; they
 * are imported by their own names, so that they are fetched when there is something to read.
 */
export { type Examples, examplesOf, type Part, whyNone } from "./examples.ts";
export { featureTensor, gridLines, gridPoints, placesOf } from "./features.ts";
export { drawSet } from "./sets.ts";
