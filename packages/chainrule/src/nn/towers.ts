/** Sums of sigmoid towers: networks that approximate a given function, made and not trained. */
import { compile } from "../compile/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { sigmoid } from "./activations.ts";
import { Dense } from "./dense.ts";
import { type Sequential, sequential } from "./sequential.ts";
import { cells, coefficients, type Range } from "./tower-coefficients.ts";

export interface TowerOptions {
  /** For a function of one number: where it is approximated. */
  readonly interval?: Range;
  /** For a function of two numbers: the range of each. */
  readonly rectangle?: readonly [Range, Range];
  /** The largest difference that is wanted. */
  readonly error: number;
  /** How many hidden units there may be; default 1000. */
  readonly units?: number;
}

export interface Towers {
  /** From [rows, 1] or [rows, 2] to [rows, 1], float64. */
  readonly model: Sequential;
  /** Hidden units used. */
  readonly units: number;
  /** The largest difference from the function that was found on the grid. */
  readonly error: number;
  /** Whether it is no larger than what was wanted; if not, `model` is the best that was found. */
  readonly reached: boolean;
  /** How many points the grid has on which the error was measured, along each axis. */
  readonly points: number;
  /** All this in a line. */
  toString(): string;
}

type Target = (...x: number[]) => number;

/** Towers next to each other: a network of as many as there are cells, and how many hidden units that takes. */
interface Construction {
  /** How fine the grid is: of towers, or at least. */
  readonly pointsPerCell: number;
  readonly leastPoints: number;
  units(count: number): number;
  make(f: Target, count: number): Sequential;
}

/**
 * A sigmoid network that approximates a function to a wanted largest error, made by construction: nothing is trained.
 *
 * A tower is the difference of two sigmoids, σ(s(x − l)) − σ(s(x − r)): about 1 between l and r. Towers side by side over
 * an interval, each as high as the function there, share their edges, so n of them take about n units in one hidden layer.
 * On a rectangle a tower is the product of one in x and one in y; a second hidden layer multiplies, with four sigmoids for
 * a product. The steepness is such that neighbours flow into each other, and the heights are corrected until the sum agrees
 * with the function at the middles of the towers. The number of towers grows until the error, measured on a grid that is
 * finer than the towers, is small enough, or the units are used up.
 *
 * G. Cybenko, "Approximation by superpositions of a sigmoidal function", 1989; the product: H. W. Lin, M. Tegmark and
 * D. Rolnick, "Why does deep and cheap learning work so well?", 2017, eq. 11.
 *
 * @param f the function; it should be continuous, for at a jump the error is at least half of it
 * @throws RangeError for ranges that are empty, or where the function is not finite
 * @example
 * ```ts
 * import { sigmoidTowers } from "chainrule/nn";
 * const { model, units, error, reached } = sigmoidTowers(Math.sin, { interval: [0, 6], error: 0.01 });
 * reached; // → true
 * ```
 */
export function sigmoidTowers(f: Target, options: TowerOptions): Towers {
  const name = "sigmoidTowers";
  if (typeof f !== "function") {
    throw new TypeError(`${name}: the first argument must be a function of numbers; it is ${describeValue(f)}.`);
  }
  checkOptions(name, options, ["interval", "rectangle", "error", "units"]);
  const wanted = checkNumber(name, "error", options?.error, { above: 0 });
  const most = checkNumber(name, "units", options.units ?? 1000, { least: 1, integer: true });
  const { interval, rectangle } = options;
  if ((interval === undefined) === (rectangle === undefined)) {
    throw new TypeError(`${name}: give either an interval, [0, 1], or a rectangle, [[0, 1], [0, 1]].`);
  }
  const ranges = (interval === undefined ? (rectangle as readonly Range[]) : [interval]).map((range) =>
    checkRange(range),
  );
  if (rectangle !== undefined && ranges.length !== 2) {
    throw new TypeError(`${name}: the rectangle must have two ranges; it has ${ranges.length}.`);
  }
  const finite: Target = (...x) => {
    const y: unknown = f(...x);
    if (typeof y === "number" && Number.isFinite(y)) return y;
    throw new RangeError(`${name}: the function must be finite; at (${x.join(", ")}) it is ${describeValue(y)}.`);
  };
  const construction = ranges.length === 1 ? onInterval(ranges[0] as Range) : onRectangle(ranges as [Range, Range]);
  let best: Result | undefined;
  for (const count of counts()) {
    const units = construction.units(count);
    if (best !== undefined && units > most) break;
    if (units > most) {
      throw new RangeError(`${name}: units must be at least ${units} here, for a single tower; it is ${most}.`);
    }
    const model = construction.make(finite, count);
    const points = Math.max(construction.leastPoints, construction.pointsPerCell * count + 1);
    const error = measure(model, finite, ranges, points);
    if (best === undefined || error < best.error) best = new Result(model, units, error, points, wanted);
    if (best.reached) break;
  }
  return best as Result;
}

class Result implements Towers {
  readonly model: Sequential;
  readonly units: number;
  readonly error: number;
  readonly reached: boolean;
  readonly points: number;
  readonly #wanted: number;

  constructor(model: Sequential, units: number, error: number, points: number, wanted: number) {
    this.model = model;
    this.units = units;
    this.error = error;
    this.reached = error <= wanted;
    this.points = points;
    this.#wanted = wanted;
  }

  toString(): string {
    const found = `the largest error is ${this.error.toPrecision(3)} with ${this.units} hidden units`;
    return this.reached
      ? `Reached: ${found}; ${this.#wanted} was wanted.`
      : `Not reached: ${found}, the best found; ${this.#wanted} was wanted. Allow more units, or a larger error where the function jumps.`;
  }
}

/** 1, 2, 3, 4, 6, 8, 12, 16, … */
function* counts(): Generator<number> {
  yield 1;
  for (let n = 2; ; n *= 2) yield* [n, 1.5 * n];
}

function checkRange(range: unknown): Range {
  if (Array.isArray(range) && range.length === 2) {
    const low = checkNumber("sigmoidTowers", "the lower end of a range", range[0]);
    return [low, checkNumber("sigmoidTowers", "the upper end of a range", range[1], { above: low })];
  }
  throw new TypeError(`sigmoidTowers: a range must be two numbers, [low, high]; it is ${describeValue(range)}.`);
}

/** One hidden layer: a unit for each edge, weighted by the difference of the heights on its sides. */
const onInterval = (range: Range): Construction => ({
  pointsPerCell: 20,
  leastPoints: 1001,
  units: (count) => cells(range, count).edges.length,
  make(f, count) {
    const { edges, steepness, centers } = cells(range, count);
    const heights = coefficients(
      centers.map((x) => f(x)),
      f(range[0]),
      f(range[1]),
    );
    return sequential(
      denseOf(
        [edges.map(() => steepness)],
        edges.map((edge) => -steepness * edge),
      ),
      sigmoid,
      denseOf(
        differences(heights).map((d) => [d]),
        [heights[0] as number],
      ),
    );
  },
});

/**
 * Where the second derivative of σ is largest, so that σ(p + w) + σ(p − w) − 2σ(p) is σ″(p)·w² for small w; and how small:
 * the error of a product is about SMALL², its rounding 10⁻¹⁶/SMALL².
 */
const [BEND, SMALL] = [Math.log(2 + Math.sqrt(3)), 1e-3];
const BEND_VALUE = 1 / (1 + Math.exp(-BEND));
const CURVATURE = BEND_VALUE * (1 - BEND_VALUE) * (1 - 2 * BEND_VALUE);

/**
 * Two hidden layers. The first has the edges in x and in y. For each column i of towers, u is its tower in x and v the sum
 * of its towers in y, so that the sum over the columns of u·v is wanted; and u·v = ((u + v)² − (u − v)²) / 4.
 */
const onRectangle = ([inX, inY]: readonly [Range, Range]): Construction => ({
  pointsPerCell: 6,
  leastPoints: 61,
  units: (count) =>
    cells(inX, count).edges.length + cells(inY, count).edges.length + 4 * (cells(inX, count).edges.length + 1),
  make(f, count) {
    const [x, y] = [cells(inX, count), cells(inY, count)];
    const columns = heightsOf(f, inX, inY, x.centers, y.centers);
    const first = denseOf(
      [
        [...x.edges.map(() => x.steepness), ...y.edges.map(() => 0)],
        [...x.edges.map(() => 0), ...y.edges.map(() => y.steepness)],
      ],
      [...x.edges.map((edge) => -x.steepness * edge), ...y.edges.map((edge) => -y.steepness * edge)],
    );
    const rows = Array.from({ length: x.edges.length + y.edges.length }, (): number[] => []);
    const [bias, output]: [number[], number[][]] = [[], []];
    columns.forEach((heights, i) => {
      const size = Math.max(...heights.map(Math.abs)) || 1;
      const steps = differences(heights);
      for (const [sign, whole] of [
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ] as const) {
        // whole·(u + sign·v) in terms of the edges; the tower in x is 1 left of the first edge and right of the last.
        const scale = SMALL * whole;
        x.edges.forEach((_, k) => {
          rows[k]?.push(scale * (Number(k === i - 1) - Number(k === i)));
        });
        steps.forEach((d, k) => {
          rows[x.edges.length + k]?.push((scale * sign * d) / size);
        });
        bias.push(BEND + scale * (Number(i === 0) + (sign * (heights[0] as number)) / size));
        output.push([(sign * size) / (4 * CURVATURE * SMALL ** 2)]);
      }
    });
    return sequential(first, sigmoid, denseOf(rows, bias), sigmoid, denseOf(output, [0]));
  },
});

/** The heights of the towers, by columns: coefficients along y for each x, then along x for each of them. */
function heightsOf(f: Target, inX: Range, inY: Range, xs: readonly number[], ys: readonly number[]): number[][] {
  const along = (x: number): number[] =>
    coefficients(
      ys.map((y) => f(x, y)),
      f(x, inY[0]),
      f(x, inY[1]),
    );
  const [low, high, middle] = [along(inX[0]), along(inX[1]), xs.map(along)];
  const byRows = low.map((a, j) =>
    coefficients(
      middle.map((row) => row[j] as number),
      a,
      high[j] as number,
    ),
  );
  return (byRows[0] as number[]).map((_, i) => byRows.map((row) => row[i] as number));
}

const differences = (values: readonly number[]): number[] => values.slice(1).map((v, i) => v - (values[i] as number));

function denseOf(weight: readonly (readonly number[])[], bias: readonly number[]): Dense {
  const layer = new Dense(weight.length, bias.length, { dtype: "float64" });
  layer.weight.value = fromData(Float64Array.from(weight.flat()), layer.weight.shape, "float64");
  if (layer.bias !== undefined) layer.bias.value = fromData(Float64Array.from(bias), [bias.length], "float64");
  return layer;
}

/** Rows computed at a time. */
const ROWS = 2048;

/** The largest difference on a grid of so many points along each axis, both ends included. */
function measure(model: Sequential, f: Target, ranges: readonly Range[], points: number): number {
  const forward = compile((x: Tensor) => model(x));
  const total = points ** ranges.length;
  const at = (row: number): number[] =>
    ranges.map(([low, high], axis) => {
      const k = Math.floor(row / points ** axis) % points;
      return k === points - 1 ? high : low + ((high - low) * k) / (points - 1);
    });
  let worst = 0;
  for (let from = 0; from < total; from += ROWS) {
    const rows = Array.from({ length: ROWS }, (_, i) => at(Math.min(from + i, total - 1)));
    const y = (
      forward(fromData(Float64Array.from(rows.flat()), [ROWS, ranges.length], "float64")) as Tensor
    ).dataSync();
    rows.forEach((x, i) => {
      worst = Math.max(worst, Math.abs((y[i] as number) - f(...x)));
    });
  }
  return worst;
}
