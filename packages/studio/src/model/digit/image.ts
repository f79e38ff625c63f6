/** From a drawing to the image that a network of digits was trained on. */

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fainter is no ink: the soft edge of a stroke. */
const FAINTEST = 0.2;

/** Where the ink is; undefined where there is none. */
function boxOf(drawing: ArrayLike<number>, side: number): Box | undefined {
  let [left, right, top, bottom] = [side, -1, side, -1];
  for (let at = 0; at < side * side; at++) {
    if ((drawing[at] as number) < FAINTEST) continue;
    const [i, j] = [at % side, Math.floor(at / side)];
    [left, right] = [Math.min(left, i), Math.max(right, i)];
    [top, bottom] = [Math.min(top, j), Math.max(bottom, j)];
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** A box of a drawing in another size: each pixel is the mean of what it covers. */
function resized(drawing: ArrayLike<number>, side: number, box: Box, width: number, height: number): Float32Array {
  const across = shares(box.width, width);
  const down = shares(box.height, height);
  const result = new Float32Array(width * height);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (const [y, v] of down[j] ?? []) {
        for (const [x, u] of across[i] ?? []) sum += u * v * (drawing[(box.top + y) * side + box.left + x] as number);
      }
      result[j * width + i] = sum;
    }
  }
  return result;
}

/** For each of `to` parts of a line of `from` pixels: which it covers, and the share of each in it. */
function shares(from: number, to: number): (readonly [pixel: number, share: number])[][] {
  const length = from / to;
  return Array.from({ length: to }, (_, part) => {
    const [start, end] = [part * length, (part + 1) * length];
    const covered: [number, number][] = [];
    for (let pixel = Math.floor(start); pixel < Math.min(from, Math.ceil(end)); pixel++) {
      const share = (Math.min(end, pixel + 1) - Math.max(start, pixel)) / length;
      if (share > 1e-9) covered.push([pixel, share]);
    }
    return covered;
  });
}

/**
 * As the images of MNIST were made: "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio", with grey
 * levels from anti-aliasing, and "centered in a 28x28 image by computing the center of mass of the pixels, and translating the image so
 * as to position this point at the center". Y. LeCun, C. Cortes and C. J. C. Burges, http://yann.lecun.com/exdb/mnist/. For another
 * side the box is as large in proportion.
 *
 * @param drawing ink from 0 to 1, by rows
 * @returns ink from 0 to 1, by rows; all 0 where nothing was drawn
 */
export function mnistImage(drawing: ArrayLike<number>, drawingSide: number, side = 28): Float32Array {
  const image = new Float32Array(side * side);
  const box = boxOf(drawing, drawingSide);
  if (box === undefined) return image;
  const scale = Math.round((20 / 28) * side) / Math.max(box.width, box.height);
  const [width, height] = [box.width, box.height].map((extent) => Math.max(1, Math.round(extent * scale))) as [
    number,
    number,
  ];
  const small = resized(drawing, drawingSide, box, width, height);
  let [mass, x, y] = [0, 0, 0];
  small.forEach((ink, at) => {
    mass += ink;
    x += ink * ((at % width) + 0.5);
    y += ink * (Math.floor(at / width) + 0.5);
  });
  const [dx, dy] = [Math.round(side / 2 - x / mass), Math.round(side / 2 - y / mass)];
  small.forEach((ink, at) => {
    const [i, j] = [(at % width) + dx, Math.floor(at / width) + dy];
    if (i >= 0 && j >= 0 && i < side && j < side) image[j * side + i] = ink;
  });
  return image;
}

/**
 * As the images of the Optical Recognition of Handwritten Digits set were made: normalized bitmaps of 32 × 32, of which "the number of
 * on pixels are counted in each block" of 4 × 4. E. Alpaydin and C. Kaynak, 1998, doi:10.24432/C50P49.
 *
 * @returns ink from 0 to 1, a sixteenth for each pixel of the block
 */
export function countedImage(drawing: ArrayLike<number>, drawingSide: number): Float32Array {
  const image = new Float32Array(64);
  const box = boxOf(drawing, drawingSide);
  if (box === undefined) return image;
  const scale = 32 / Math.max(box.width, box.height);
  const [width, height] = [box.width, box.height].map((extent) => Math.max(1, Math.round(extent * scale))) as [
    number,
    number,
  ];
  const [left, top] = [(32 - width) >> 1, (32 - height) >> 1];
  resized(drawing, drawingSide, box, width, height).forEach((ink, at) => {
    const [i, j] = [left + (at % width), top + Math.floor(at / width)];
    if (ink >= 0.5) image[(j >> 2) * 8 + (i >> 2)] = (image[(j >> 2) * 8 + (i >> 2)] as number) + 1 / 16;
  });
  return image;
}

/** The procedure of the set that images of this side come from. */
export const digitImage = (drawing: ArrayLike<number>, drawingSide: number, side: number): Float32Array =>
  side === 8 ? countedImage(drawing, drawingSide) : mnistImage(drawing, drawingSide, side);
