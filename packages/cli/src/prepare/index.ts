/**
 * From a data file to numbers to learn from: the table with what its columns are and what is to be predicted (`load.ts`), which
 * rows are for the test (`split.ts`), and features and targets made of the others (`encode.ts`). The options that decide are in
 * `options.ts`; errors name the place in the file (`located.ts`).
 */
export { type Encoded, encodeRows } from "./encode.ts";
export { type Loaded, type LoadOptions, loadColumns, loadTable, requireColumn, taskOf } from "./load.ts";
export { located, type Origin, someRows } from "./located.ts";
export { type DataFlags, dataOptions, loadOptionsOf, type SplitFlags, splitOptions } from "./options.ts";
export { requireKnownClasses, type SplitOptions, splitTable, splittingOf, type TestRows } from "./split.ts";
