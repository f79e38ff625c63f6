/**
 * A model file: `open.ts` makes a model of its bytes and says what is in it, with the words of `columns.ts` and `record.ts`; `try.ts` sends
 * a row through it, `weights.ts` tells of its numbers. `types.ts` is what the page is told.
 */
export { type Opened, openModel } from "./open.ts";
export { readRow, tryModel } from "./try.ts";
export { weightFacts } from "./weights.ts";
