/** Values on a grid as pictures. */
import { decide } from "../engine/index.ts";
import { paintCells } from "./cells.ts";
import type { Colour, Palette } from "./colours.ts";

/** The strongest colour of a surface lets the points on it be seen. */
const STRONGEST = 0.72;

/** Signed values, from −limit to limit; without a limit, up to the largest in size. */
export function paintValues(
  canvas: HTMLCanvasElement,
  side: number,
  values: Float32Array,
  colours: Palette,
  options: { readonly limit?: number; readonly strongest?: number } = {},
): void {
  const limit = options.limit ?? (values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1);
  const strongest = options.strongest ?? 1;
  paintCells(canvas, side, side, colours, (cell) => {
    const value = (values[cell] as number) / limit;
    return [value < 0 ? colours.negative : colours.positive, Math.min(1, Math.abs(value)) * strongest];
  });
}

/**
 * Probabilities of classes, [outputs, cells]. The more certain, the stronger the colour.
 *
 * @param decision whether only the most probable class counts
 */
export function paintClasses(
  canvas: HTMLCanvasElement,
  side: number,
  probabilities: Float32Array,
  colours: Palette,
  decision: boolean,
): void {
  const cells = side * side;
  const outputs = probabilities.length / cells;
  const chance = outputs === 1 ? 0.5 : 1 / outputs;
  paintCells(canvas, side, side, colours, (cell) => {
    const best = decide(probabilities, cell, cells, outputs);
    const first = probabilities[cell] as number;
    const probability = outputs === 1 ? Math.max(first, 1 - first) : (probabilities[cell + best * cells] as number);
    const certainty = decision ? 1 : (probability - chance) / (1 - chance);
    return [colours.classes[best] as Colour, certainty * STRONGEST];
  });
}
