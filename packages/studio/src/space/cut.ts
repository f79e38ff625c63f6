/** The straight lines with which the output layer cuts a plane. */
import type { Box } from "./boxes.ts";

/** αu + βv + γ. */
type Affine = readonly [number, number, number];
export type Line = readonly [from: readonly [number, number], to: readonly [number, number]];

/**
 * Where the largest of affine functions changes, within a box. One function alone is compared with 0: its line is where a class
 * is as probable as the other, or a value 0.
 *
 * @param functions [outputs, 3], α, β, γ of αu + βv + γ for each
 */
export function cutLines(functions: ArrayLike<number>, box: Box): Line[] {
  const all = Array.from(
    { length: functions.length / 3 },
    (_, k): Affine => [functions[3 * k] as number, functions[3 * k + 1] as number, functions[3 * k + 2] as number],
  );
  if (all.length === 1) all.unshift([0, 0, 0]);
  const lines: Line[] = [];
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      const others = all.filter((each) => each !== one && each !== other).map((each) => minus(one, each));
      const line = clip(minus(one, other), [...others, ...sidesOf(box)]);
      if (line !== undefined) lines.push(line);
    }
  }
  return lines;
}

const minus = (a: Affine, b: Affine): Affine => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

const sidesOf = ({ across, up, halfAcross, halfUp }: Box): Affine[] => [
  [1, 0, halfAcross - across],
  [-1, 0, halfAcross + across],
  [0, 1, halfUp - up],
  [0, -1, halfUp + up],
];

/** The part of the line αu + βv + γ = 0 on which none of some other functions is negative. */
function clip([a, b, c]: Affine, sides: readonly Affine[]): Line | undefined {
  const length = a * a + b * b;
  if (!(length > 0)) return undefined;
  // From its point nearest to the origin, along the line.
  const [u, v] = [(-a * c) / length, (-b * c) / length];
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [sa, sb, sc] of sides) {
    const [here, slope] = [sa * u + sb * v + sc, sb * a - sa * b];
    if (slope > 0) from = Math.max(from, -here / slope);
    else if (slope < 0) to = Math.min(to, -here / slope);
    else if (here < 0) return undefined;
  }
  if (!(from < to)) return undefined;
  return [
    [u - b * from, v + a * from],
    [u - b * to, v + a * to],
  ];
}
