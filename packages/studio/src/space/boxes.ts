/** The part of the plane that each stage's picture shows. */

export interface Box {
  readonly across: number;
  readonly up: number;
  /** From the middle to the edges. */
  readonly halfAcross: number;
  readonly halfUp: number;
}

const ROOM = 1.1;
/** A strip is a fourth of the picture high. */
const STRIP = 4;

/**
 * What holds all nodes and points of a stage, with one scale for both axes, so that right angles look right.
 *
 * @param strip whether the second value only spreads what lies on a line
 */
export function boxOf(plane: Float32Array, strip: boolean): Box {
  const [left, right] = rangeOf(plane, 0);
  if (strip) return { across: (left + right) / 2, halfAcross: half(left, right), up: 0, halfUp: STRIP };
  const [low, high] = rangeOf(plane, 1);
  const most = Math.max(half(left, right), half(low, high));
  return { across: (left + right) / 2, up: (low + high) / 2, halfAcross: most, halfUp: most };
}

/** A point alone has a unit around it. */
const half = (least: number, most: number): number => (ROOM * (most - least)) / 2 || 1;

function rangeOf(plane: Float32Array, axis: 0 | 1): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis; i < plane.length; i += 2) {
    const value = plane[i] as number;
    // A training that diverged has values that are no numbers.
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? [least, most] : [-1, 1];
}

/** Between two boxes: 0 is the first, 1 the second. */
export function between(one: Box, other: Box, share: number): Box {
  const mix = (name: keyof Box): number => one[name] + (other[name] - one[name]) * share;
  return { across: mix("across"), up: mix("up"), halfAcross: mix("halfAcross"), halfUp: mix("halfUp") };
}

/** A place in a picture of side 1, across and down from its corner. */
export const placeIn = (box: Box, across: number, up: number): readonly [number, number] => [
  0.5 + (across - box.across) / (2 * box.halfAcross),
  0.5 - (up - box.up) / (2 * box.halfUp),
];

/** The places of two stages' values, mixed. */
export function placesBetween(
  one: Float32Array,
  oneBox: Box,
  other: Float32Array,
  otherBox: Box,
  share: number,
): Float32Array {
  const places = new Float32Array(one.length);
  for (let i = 0; i < one.length; i += 2) {
    const [a, b] = placeIn(oneBox, one[i] as number, one[i + 1] as number);
    const [c, d] = placeIn(otherBox, other[i] as number, other[i + 1] as number);
    places[i] = a + (c - a) * share;
    places[i + 1] = b + (d - b) * share;
  }
  return places;
}
