/**
 * The whole state of a page as one plain object. `fields.ts` holds the kinds of settings, `settings.ts` all settings,
 * `derived.ts` what follows from them, `table.ts` what the columns of a visitor's table are used for, `limits.ts` how large things may be, `space.ts` what
 * the space through the layers shows, `link.ts` writes them into an address and reads them back, `table-link.ts` the table, `history.ts`
 * undoes; `numbers.ts` writes numbers to be read.
 */
export * from "./derived.ts";
export { type Field, type Limits, oneLine, quote, Refusal } from "./fields.ts";
export { begin, type History, push, redo, undo } from "./history.ts";
export * from "./limits.ts";
export { fromLink, linkHoldsAll, toLink } from "./link.ts";
export * from "./numbers.ts";
export * from "./settings.ts";
export { type Axes, axesAt, axesOf, columnOf, lastStage, withAxes } from "./space.ts";
export * from "./table.ts";
export { fitsLink, LARGEST, tidyName } from "./table-link.ts";
