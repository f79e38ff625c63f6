/** What the network sees of a point. */
import { concatenate, type Tensor, tensor } from "chainrule";
import { COLUMNS, EXTENT, FEATURES, type FeatureName, type Point } from "../state/index.ts";

type Feature = (x: Tensor, y: Tensor) => Tensor;

/** Away from the examples, further columns of a table are held at their means, which are 0. */
const atMean: Feature = (x) => x.mul(0);

const FEATURE: Readonly<Record<FeatureName, Feature>> = {
  x: (x) => x,
  y: (_, y) => y,
  xx: (x) => x.square(),
  yy: (_, y) => y.square(),
  xy: (x, y) => x.mul(y),
  sinx: (x) => x.sin(),
  siny: (_, y) => y.sin(),
  c1: atMean,
  c2: atMean,
  c3: atMean,
  c4: atMean,
  c5: atMean,
  c6: atMean,
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

/** What the network learns from: a point, and the further columns of its row. */
export interface Example {
  readonly point: Point;
  readonly more: readonly number[];
  /** Its place in the data set; −1 for a point that was added. */
  readonly row: number;
}

/** The chosen features of examples, [n, features]: those of x and y, and then the further columns as the examples have them. */
export function inputsOf(examples: readonly Example[], features: readonly FeatureName[]): Tensor {
  const plane = FEATURES.filter((name) => features.includes(name));
  const columns = COLUMNS.flatMap((name, at) => (features.includes(name) ? [at] : []));
  const parts: Tensor[] = [];
  if (plane.length > 0) parts.push(featureTensor(placesOf(examples.map(({ point }) => point)), plane));
  if (columns.length > 0) {
    const values = examples.flatMap(({ more }) => columns.map((at) => more[at] ?? 0));
    parts.push(tensor(Float32Array.from(values), { shape: [examples.length, columns.length] }));
  }
  return concatenate(parts, 1);
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
