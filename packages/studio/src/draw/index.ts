/** Canvases: `colours.ts` says which colour means what, `surface.ts` and `cells.ts` paint values on a grid, `points.ts` examples. */
export { paintInk, paintMatrix } from "./cells.ts";
export { type Palette, palette, toCSS } from "./colours.ts";
export { paintPoints, pointAt } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
