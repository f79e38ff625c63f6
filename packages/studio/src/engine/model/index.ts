/**
 * A model file: `open.ts` makes a model of its bytes and says what is in it, with the words of `columns.ts` and `record.ts`; `try.ts` sends
 * a row through it, `follow.ts` and `pass.ts` follow it forward and backward, `weights.ts` tells of its numbers. `types.ts` is what the page is told.
 */
export { followRow } from "./follow.ts";
export { type Opened, openModel } from "./open.ts";
export { passRow } from "./pass.ts";
export { readRow, tryModel } from "./try.ts";
export { weightFacts } from "./weights.ts";
