/**
 * The whole state of a page as one plain object. `fields.ts` holds the kinds of settings, `settings.ts` all settings and what
 * follows from them, `space.ts` what the space through the layers shows, `link.ts` writes them into an address and reads them back,
 * `history.ts` undoes.
 */
export { type Field, type Limits, quote, Refusal } from "./fields.ts";
export { begin, type History, push, redo, undo } from "./history.ts";
export { fromLink, toLink } from "./link.ts";
export * from "./settings.ts";
export { type Axes, axesAt, axesOf, columnOf, lastStage, withAxes } from "./space.ts";
