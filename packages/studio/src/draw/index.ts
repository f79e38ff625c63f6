/** Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `points.ts` examples,
 * `heat.ts` numbers in cells. */
export { type Palette, palette, toCSS } from "./colours.ts";
export { paintHeat } from "./heat.ts";
export { paintPoints, pointAt } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
