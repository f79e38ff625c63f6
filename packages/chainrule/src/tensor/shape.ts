/** Arithmetic on shapes. A shape is a list of non-negative integers, outermost dimension first. */

export type Shape = readonly number[];

/** Number of elements; 1 for a scalar. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** The most elements of a tensor: positions are counted in 32 bits. */
export const MAX_SIZE = 2 ** 31 - 1;

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i] as number;
  }
  return strides;
}

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** "[2, 3]", or with dimension names "[batch=2, in=3]". */
export function formatShape(shape: Shape, names?: readonly string[]): string {
  return `[${shape.map((n, i) => (names?.[i] === undefined ? `${n}` : `${names[i]}=${n}`)).join(", ")}]`;
}

/** The common shape under NumPy's broadcasting rules, or undefined if there is none. */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return undefined;
    result[rank - i] = m === 1 ? n : m;
  }
  return result;
}

/** Turns a negative axis into its position, or gives undefined when it is out of range. */
export function resolveAxis(axis: number, rank: number): number | undefined {
  const position = axis < 0 ? axis + rank : axis;
  return Number.isInteger(axis) && position >= 0 && position < rank ? position : undefined;
}

/** `count` consecutive integers from `start`. */
export const range = (count: number, start = 0): number[] => Array.from({ length: count }, (_, i) => start + i);

/** The shape without the given (resolved) axes. */
export const withoutAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.filter((_, i) => !axes.includes(i));

/** The inverse of a permutation. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = new Array<number>(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}
