/** Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `ink.ts` drawings, `points.ts` examples. */
export { type Palette, palette, toCSS } from "./colours.ts";
export { paintInk } from "./ink.ts";
export { paintPoints, pointAt } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
