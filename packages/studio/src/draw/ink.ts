/** Drawings as pixels. */
import type { Palette } from "./colours.ts";
import { pixelsOf } from "./surface.ts";

/** How much of what is under it ink covers where a picture is to be seen through it. */
const SHEER = 0.55;

/** How much ink there is, from 0 to 1; with `slopes`, ink lies on what speaks for something, and what against. */
export function paintInk(
  canvas: HTMLCanvasElement,
  side: number,
  ink: ArrayLike<number>,
  { paper, ink: black, positive, negative }: Palette,
  slopes?: ArrayLike<number>,
): void {
  const picture = pixelsOf(canvas, side);
  if (picture === undefined) return;
  const bytes = new Uint8ClampedArray(picture.pixels.buffer);
  let limit = 0;
  for (let i = 0; i < (slopes?.length ?? 0); i++) limit = Math.max(limit, Math.abs(slopes?.[i] as number));
  for (let cell = 0; cell < side * side; cell++) {
    const slope = limit > 0 ? (slopes?.[cell] as number) / limit : 0;
    const amount = (ink[cell] as number) * (slopes === undefined ? 1 : SHEER);
    for (let channel = 0; channel < 3; channel++) {
      const white = paper[channel] as number;
      const under = white + (((slope < 0 ? negative : positive)[channel] as number) - white) * Math.abs(slope);
      bytes[4 * cell + channel] = under + ((black[channel] as number) - under) * amount;
    }
    bytes[4 * cell + 3] = 255;
  }
  picture.show();
}
