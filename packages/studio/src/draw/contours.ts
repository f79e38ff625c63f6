/** Contour lines: marching squares (W. E. Lorensen and H. E. Cline, "Marching cubes", 1987, in two dimensions). */

/** Two ends, x and y of each, in cells from the centre of the top left one. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * The lines along which values on a grid are `level`.
 *
 * @param values [side²], row by row; cells next to one that is no number have no lines
 */
export function contour(values: ArrayLike<number>, side: number, level: number): Segment[] {
  const found: Segment[] = [];
  const at = (row: number, column: number): number => (values[row * side + column] as number) - level;
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)] as const;
      if (!corners.every(Number.isFinite)) continue;
      const ends: [number, number][] = [];
      for (const [i, [x0, y0, x1, y1]] of EDGES.entries()) {
        const [from, to] = [corners[i] as number, corners[(i + 1) % 4] as number];
        if (from < 0 === to < 0) continue;
        const share = from / (from - to);
        ends.push([column + x0 + share * (x1 - x0), row + y0 + share * (y1 - y0)]);
      }
      // Two ends are a line; at a saddle there are four, which are joined in turn.
      for (let i = 0; i + 1 < ends.length; i += 2) found.push([...ends[i]!, ...ends[i + 1]!]);
    }
  }
  return found;
}

/** The edges of a cell, around it from the top. */
const EDGES: readonly Segment[] = [
  [0, 0, 1, 0],
  [1, 0, 1, 1],
  [1, 1, 0, 1],
  [0, 1, 0, 0],
];
