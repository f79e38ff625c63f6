/** What was drawn: ink on a square of pixels, from 0 to 1. */

/** Four times that of the images of MNIST. */
export const PAD_SIDE = 112;
/** Strokes of MNIST are between two and three of its pixels wide. */
const RADIUS = 5;

export type Bitmap = Float32Array;

/** What is drawn, and the image that the network gets of it; none where nothing is drawn. */
export interface Drawn {
  readonly bitmap: Bitmap;
  readonly image: Float32Array | undefined;
  /** Grows when the bitmap changes. */
  readonly version: number;
}

export const blank = (): Bitmap => new Float32Array(PAD_SIDE * PAD_SIDE);

/** Draws a line with a round pen, its places in pixels. */
export function stroke(bitmap: Bitmap, fromX: number, fromY: number, toX: number, toY: number): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(toX - fromX, toY - fromY) / 1.5));
  for (let i = 0; i <= steps; i++)
    dot(bitmap, fromX + ((toX - fromX) * i) / steps, fromY + ((toY - fromY) * i) / steps);
}

/**
 * A disc whose edge is one pixel soft. It stands on a 64th of a pixel, which is exact in binary: so the same drawing elsewhere has the
 * same ink, and not one that is rounded differently.
 */
function dot(bitmap: Bitmap, centreX: number, centreY: number): void {
  const [x, y] = [Math.round(64 * centreX) / 64, Math.round(64 * centreY) / 64];
  const reach = RADIUS + 1;
  const within = (value: number): number => Math.max(0, Math.min(PAD_SIDE - 1, value));
  for (let j = within(Math.floor(y - reach)); j <= within(Math.ceil(y + reach)); j++) {
    for (let i = within(Math.floor(x - reach)); i <= within(Math.ceil(x + reach)); i++) {
      const ink = Math.min(1, RADIUS + 0.5 - Math.hypot(i + 0.5 - x, j + 0.5 - y));
      const at = j * PAD_SIDE + i;
      if (ink > (bitmap[at] as number)) bitmap[at] = ink;
    }
  }
}

/** A picture as large as the pad. */
export function enlarged(picture: ArrayLike<number>, side: number): Bitmap {
  return blank().map((_, at) => {
    const [i, j] = [at % PAD_SIDE, Math.floor(at / PAD_SIDE)];
    return picture[Math.floor((j * side) / PAD_SIDE) * side + Math.floor((i * side) / PAD_SIDE)] as number;
  });
}
