/**
 * Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `points.ts` examples, `axes.ts` the numbers
 * at the edges, `landscape.ts` a loss surface as a map, whose lines `contours.ts` finds, `ink.ts`
 * drawings.
 */
export { paintTicks } from "./axes.ts";
export { type Colour, mix, type Palette, palette, toCSS } from "./colours.ts";
export { paintInk } from "./ink.ts";
export { type MapPath, paintLosses, paintPaths, rangeOf } from "./landscape.ts";
export { colourOf, paintAxes, paintPoints, placeOf, pointAt, shapeOf } from "./points.ts";
export { paintClasses, paintValues, STRONGEST, STRONGEST_VALUE, saidAt } from "./surface.ts";
export { ticksOf } from "./ticks.ts";
