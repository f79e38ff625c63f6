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

/** The size of a character in the bitmaps of NIST, and of the bitmaps. */
const [WIDTH, HEIGHT, FIELD] = [20, 32, 32];
/** How many of the 1,024 pixels have ink, on average over the 1,797 images. */
const INKED = 312;

/**
 * Like the images of the Optical Recognition of Handwritten Digits set: bitmaps of 32 × 32, of which "the number of on pixels are counted
 * in each block" of 4 × 4 (E. Alpaydin and C. Kaynak, 1998, doi:10.24432/C50P49). The bitmaps are those of M. D. Garris et al., "NIST
 * form-based handprint recognition system", NISTIR 5469, 1994: sheared upright, stretched to 20 × 32, strokes of an even width. How
 * exactly is not known here: the strokes are the pixels with the most ink around them, as many as in the set, and what is narrow, as a 1
 * is, becomes at most half as wide again.
 *
 * @returns ink from 0 to 1, a sixteenth for each pixel of the block
 */
export function countedImage(drawing: ArrayLike<number>, drawingSide: number): Float32Array {
  const image = new Float32Array(64);
  const straight = upright(drawing, drawingSide);
  const box = boxOf(straight, drawingSide);
  if (box === undefined) return image;
  const width = Math.min(WIDTH, Math.max(1, Math.round((1.5 * HEIGHT * box.width) / box.height)));
  const left = (FIELD - width) >> 1;
  const bitmap = new Float32Array(FIELD * HEIGHT);
  resized(straight, drawingSide, box, width, HEIGHT).forEach((ink, at) => {
    bitmap[Math.floor(at / width) * FIELD + left + (at % width)] = ink;
  });
  const around = sums(sums(bitmap, 2), 1);
  const inked = Array.from(bitmap.keys())
    .filter((at) => (around[at] as number) > 0 && at % FIELD >= left && at % FIELD < left + width)
    .sort((a, b) => (around[b] as number) - (around[a] as number))
    .slice(0, INKED);
  for (const at of inked) {
    const block = Math.floor(at / (4 * FIELD)) * 8 + ((at % FIELD) >> 2);
    image[block] = (image[block] as number) + 1 / 16;
  }
  return image;
}

/** Sheared so that x and y of the ink do not go together: by their covariance over the variance of y. */
function upright(drawing: ArrayLike<number>, side: number): Float32Array {
  let [mass, x, y, xy, yy] = [0, 0, 0, 0, 0];
  for (let at = 0; at < side * side; at++) {
    const [ink, i, j] = [drawing[at] as number, at % side, Math.floor(at / side)];
    mass += ink;
    x += ink * i;
    y += ink * j;
    xy += ink * i * j;
    yy += ink * j * j;
  }
  const [meanX, meanY] = [x / mass, y / mass];
  const slant = (xy / mass - meanX * meanY) / (yy / mass - meanY * meanY) || 0;
  return Float32Array.from({ length: side * side }, (_, at) => {
    const [i, row] = [at % side, Math.floor(at / side)];
    const from = i + slant * (row - meanY);
    const [before, share] = [Math.floor(from), from - Math.floor(from)];
    const ink = (column: number): number =>
      column < 0 || column >= side ? 0 : (drawing[row * side + column] as number);
    return ink(before) * (1 - share) + ink(before + 1) * share || 0;
  });
}

/** For each pixel of a bitmap the ink that is at most so far away, across and down. */
function sums(bitmap: Float32Array, reach: number): Float32Array {
  return bitmap.map((_, at) => {
    const [i, j] = [at % FIELD, Math.floor(at / FIELD)];
    let sum = 0;
    for (let y = Math.max(0, j - reach); y <= Math.min(HEIGHT - 1, j + reach); y++) {
      for (let x = Math.max(0, i - reach); x <= Math.min(FIELD - 1, i + reach); x++)
        sum += bitmap[y * FIELD + x] as number;
    }
    return sum;
  });
}

/** The procedure of the set that images of this side come from. */
export const digitImage = (drawing: ArrayLike<number>, drawingSide: number, side: number): Float32Array =>
  side === 8 ? countedImage(drawing, drawingSide) : mnistImage(drawing, drawingSide, side);
