/** Numbers as coloured cells. */
import type { Colour } from "./colours.ts";

/** A pixel for each number, its colour that of its sign, the stronger the larger it is. */
export function paintHeat(
  canvas: HTMLCanvasElement,
  columns: number,
  values: ArrayLike<number>,
  limit: number,
  [negative, positive, paper]: readonly [Colour, Colour, Colour],
): void {
  const rows = Math.max(1, values.length / columns);
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const share = Math.min(1, Math.abs(value) / (limit || 1)) || 0;
    const colour = value < 0 ? negative : positive;
    for (let channel = 0; channel < 3; channel++) {
      const from = paper[channel] as number;
      image.data[4 * i + channel] = from + ((colour[channel] as number) - from) * share;
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
