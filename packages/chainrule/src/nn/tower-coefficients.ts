/** Where sigmoid towers stand, and how high they are. */

/** [low, high] */
export type Range = readonly [number, number];

/** How steep an edge is: the width of a cell in units of the sigmoid. Towers this soft add up to smooth functions. */
const SOFTNESS = 2;

/** Towers outside of the range, on each side, whose tails reach into it: σ(−2·6) is 6·10⁻⁶. */
const OUTSIDE = 6;

/** How often heights are corrected by the difference that is left. */
const CORRECTIONS = 20;

const outside = (count: number): number => Math.min(OUTSIDE, count);

/** A range in equal cells, with some more on both sides: the middles of those inside, and the edges between all. */
export function cells([low, high]: Range, count: number) {
  const width = (high - low) / count;
  const more = outside(count);
  return {
    centers: Array.from({ length: count }, (_, i) => low + (i + 0.5) * width),
    edges: Array.from({ length: count + 2 * more - 1 }, (_, i) => low + (i + 1 - more) * width),
    steepness: SOFTNESS / width,
  };
}

/**
 * The heights of the towers over all cells, those outside included, for a function that is known at the middles of the
 * cells and at both ends. Beyond an end it is continued by its reflection at the end's point, which keeps its slope.
 */
export function coefficients(values: readonly number[], first: number, last: number): number[] {
  const count = values.length;
  const more = outside(count);
  const beyond = (end: number, from: (j: number) => number): number[] =>
    Array.from({ length: more }, (_, j) => 2 * end - from(Math.min(j, count - 1)));
  const continued = (inside: readonly number[]): number[] => [
    ...beyond(first, (j) => inside[j] as number).reverse(),
    ...inside,
    ...beyond(last, (j) => inside[count - 1 - j] as number),
  ];
  const edges = edgesAtCenters(count, count + 2 * more);
  let inside = [...values];
  for (let i = 0; i < CORRECTIONS; i++) {
    const sums = towersAtCenters(continued(inside), edges);
    inside = inside.map((height, k) => height + ((values[k] as number) - (sums[k] as number)));
  }
  return continued(inside);
}

/** The sum of all towers at the middle of each cell. */
function towersAtCenters(heights: readonly number[], edges: readonly number[]): number[] {
  return Array.from({ length: edges.length - heights.length }, (_, k) => {
    let sum = heights[0] as number;
    for (let i = 1; i < heights.length; i++) {
      sum += ((heights[i] as number) - (heights[i - 1] as number)) * (edges[k - i + heights.length] as number);
    }
    return sum;
  });
}

/** The sigmoid from the edge before tower i to the middle of cell k, by k − i + heights: it depends on no more. */
function edgesAtCenters(count: number, heights: number): number[] {
  const more = outside(count);
  return Array.from({ length: count + heights }, (_, j) => 1 / (1 + Math.exp(-SOFTNESS * (j - heights + 0.5 + more))));
}
