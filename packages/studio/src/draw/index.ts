/**
 * Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `points.ts` examples, `axes.ts` what is
 * around them, `landscape.ts` a loss surface as a map, whose lines `contours.ts` finds.
 */
export { paintAxes, paintTicks } from "./axes.ts";
export { type Palette, palette, toCSS } from "./colours.ts";
export { type MapPath, paintLosses, paintPaths, rangeOf } from "./landscape.ts";
export { paintPoints, pointAt } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
