/** Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `points.ts` examples,
 * `axes.ts` what is around them. */
export { paintAxes, paintTicks, ticksOf } from "./axes.ts";
export { type Palette, palette, toCSS } from "./colours.ts";
export { paintPoints, pointAt } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
