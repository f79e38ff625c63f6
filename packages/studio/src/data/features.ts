/** What the network sees of a point. */
import { concatenate, type Tensor, tensor } from "chainrule";
import { EXTENT, type FeatureName, type Point } from "../state/index.ts";

type Feature = (x: Tensor, y: Tensor) => Tensor;

const FEATURE: Readonly<Record<FeatureName, Feature>> = {
  x: (x) => x,
  y: (_, y) => y,
  xx: (x) => x.square(),
  yy: (_, y) => y.square(),
  xy: (x, y) => x.mul(y),
  sinx: (x) => x.sin(),
  siny: (_, y) => y.sin(),
};

/**
 * The chosen features of points, a column each.
 *
 * @param points [n, 2]
 * @returns [n, features]
 */
export function featureTensor(points: Tensor, features: readonly FeatureName[]): Tensor {
  const [x, y] = [points.slice(1, 0, 1), points.slice(1, 1, 2)];
  return concatenate(
    features.map((name) => FEATURE[name](x, y)),
    1,
  );
}

/** The x and y of points, [n, 2]. */
export const placesOf = (points: readonly Point[]): Tensor =>
  tensor(Float32Array.from(points.flatMap((point) => point.slice(0, 2))), { shape: [points.length, 2] });

/** The centres of the cells of a square grid over the picture, row by row from the top left; [side², 2]. */
export function gridPoints(side: number): Tensor {
  const at = (i: number): number => EXTENT * ((2 * i + 1) / side - 1);
  const places = new Float32Array(2 * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const i = 2 * (row * side + column);
      places[i] = at(column);
      places[i + 1] = -at(row);
    }
  }
  return tensor(places, { shape: [side * side, 2] });
}

/**
 * The nodes of straight lines over the picture, at equal distances: those of constant y from the lowest up, then those of
 * constant x from the left.
 *
 * @returns [2 · lines · nodes, 2]
 */
export function gridLines(lines: number, nodes: number): Tensor {
  const at = (i: number, count: number): number => EXTENT * ((2 * i) / (count - 1) - 1);
  const level = Array.from({ length: lines }, (_, line) =>
    Array.from({ length: nodes }, (_, node) => [at(node, nodes), at(line, lines)] as const),
  ).flat();
  return tensor(Float32Array.from([...level, ...level.map(([x, y]) => [y, x] as const)].flat()), {
    shape: [2 * lines * nodes, 2],
  });
}
