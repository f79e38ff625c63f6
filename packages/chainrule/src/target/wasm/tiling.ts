/** How a matrix product is cut into tiles whose sums fill the vector registers, of which V8 gives out 15 on x64. */

/** Lanes of a vector, and bytes of one. */
export const VECTOR = 4;
export const FLOAT_BYTES = 4;

export interface Engine {
  /** Use relaxed SIMD, above all `f32x4.relaxed_madd`. A product that is rounded before the addition takes one register more. */
  readonly relaxed: boolean;
  /** V8 joins neighbouring vectors to one of 256 bits, so that twice as many have room. */
  readonly wide: boolean;
}

/** Columns of a pair of vectors. */
const NARROW = 8;

/** Rows of the highest tile. Narrow products have higher ones: at least 8 sums must be under way at a time. */
export function mostRows(n: number, { relaxed, wide }: Engine): number {
  if (wide && n <= NARROW) return 12;
  return relaxed ? 6 : 5;
}

/** Vectors along the widest tile of so many rows: the lower a tile, the wider. */
export function mostVectors(rows: number, { wide }: Engine): number {
  const narrow = rows === 1 ? 8 : rows === 2 ? 4 : 2;
  return wide ? 2 * narrow : narrow;
}

/** As few tiles as cover m rows, none higher than `most`: all of one height, or of two that differ by one. */
export function splitRows(m: number, most: number): { rows: number; count: number }[] {
  const tiles = Math.ceil(m / most);
  const low = Math.floor(m / tiles);
  const high = m - tiles * low;
  return [
    { rows: low + 1, count: high },
    { rows: low, count: tiles - high },
  ].filter(({ count }) => count > 0);
}

/** The tiles along one row of tiles: as wide as registers allow, and one of what is left. */
export function splitColumns(columns: number, vectors: number): { columns: number; count: number }[] {
  const widest = vectors * VECTOR;
  const rest = columns % widest;
  return [
    { columns: widest, count: Math.floor(columns / widest) },
    { columns: rest, count: rest > 0 ? 1 : 0 },
  ].filter(({ count }) => count > 0);
}
