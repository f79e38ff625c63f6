/** Values on a grid as pictures. */
import { decide } from "../engine/index.ts";
import type { Colour, Palette } from "./colours.ts";

/** The strongest colour of a surface lets the points on it be seen. */
const STRONGEST = 0.72;

/** Paints cells in row order; `mix` gives each its colour and how much of it, from 0 to 1, is laid on the paper. */
export function paint(
  canvas: HTMLCanvasElement,
  side: number,
  { paper }: Palette,
  mix: (cell: number) => readonly [Colour, number],
): void {
  if (canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(side, side);
  for (let cell = 0; cell < side * side; cell++) {
    const [colour, share] = mix(cell);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [paper[channel] as number, colour[channel] as number];
      // What is no number stays paper.
      image.data[4 * cell + channel] = from + (to - from) * (share || 0);
    }
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

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
  paint(canvas, side, colours, (cell) => {
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
  paint(canvas, side, colours, (cell) => {
    const best = decide(probabilities, cell, cells, outputs);
    const first = probabilities[cell] as number;
    const probability = outputs === 1 ? Math.max(first, 1 - first) : (probabilities[cell + best * cells] as number);
    const certainty = decision ? 1 : (probability - chance) / (1 - chance);
    return [colours.classes[best] as Colour, certainty * STRONGEST];
  });
}
