/**
 * Back-propagation as plain data for any model of the library: `flow-trace.ts` makes the steps, `update.ts` those of the optimizer,
 * `tex.ts` and `words.ts` say them; `trace.ts` is what the page gets.
 */
export { flowTrace, type LossFormula } from "./flow-trace.ts";
export type * from "./trace.ts";
export type { UpdateRule } from "./update.ts";
