/**
 * Canvases: `colours.ts` says which colour means what, `surface.ts` paints values on a grid, `points.ts` examples, `landscape.ts` a
 * loss surface as a map, whose lines `contours.ts` finds, and `ink.ts` drawings.
 */
export { type Colour, type Palette, palette, toCSS } from "./colours.ts";
export { paintInk } from "./ink.ts";
export { type MapPath, paintLosses, paintPaths, rangeOf } from "./landscape.ts";
export { colourOf, type PointStyle, paintAxes, paintPoints, placeOf, pointAt, shapeOf } from "./points.ts";
export { paintClasses, paintValues } from "./surface.ts";
