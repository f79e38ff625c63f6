/** Cells of a grid as pixels. */
import type { Colour, Palette } from "./colours.ts";

/** Paints cells in row order; `mix` gives each its colour and how much of it, from 0 to 1, is laid on the paper. */
export function paintCells(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  { paper }: Palette,
  mix: (cell: number) => readonly [Colour, number],
): void {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(width, height);
  for (let cell = 0; cell < width * height; cell++) {
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

/** Signed values of a matrix, by rows, from −limit to limit. */
export function paintMatrix(
  canvas: HTMLCanvasElement,
  width: number,
  values: ArrayLike<number>,
  colours: Palette,
  limit: number,
): void {
  paintCells(canvas, width, values.length / width, colours, (cell) => {
    const value = (values[cell] as number) / limit;
    return [value < 0 ? colours.negative : colours.positive, Math.min(1, Math.abs(value))];
  });
}

/** How much ink there is, from 0 to 1; with `slopes`, ink lies on what speaks for something, and what against. */
export function paintInk(
  canvas: HTMLCanvasElement,
  side: number,
  ink: ArrayLike<number>,
  colours: Palette,
  slopes?: ArrayLike<number>,
): void {
  let limit = 0;
  for (let i = 0; i < (slopes?.length ?? 0); i++) limit = Math.max(limit, Math.abs(slopes?.[i] as number));
  paintCells(canvas, side, side, colours, (cell) => {
    const amount = ink[cell] as number;
    if (slopes === undefined) return [colours.ink, amount];
    const value = limit === 0 ? 0 : (slopes[cell] as number) / limit;
    const colour = value < 0 ? colours.negative : colours.positive;
    // The ink shows through as a shade, so that both are seen.
    const share = Math.min(1, Math.abs(value));
    const under = colour.map((channel, i) => (colours.paper[i] as number) * (1 - share) + channel * share);
    const mixed = under.map((channel, i) => channel + ((colours.ink[i] as number) - channel) * 0.55 * amount);
    return [mixed as unknown as Colour, 1];
  });
}
