/** Sums of sigmoid towers: networks that approximate a given function, made and not trained. */
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { fromData } from "../tensor/tensor.ts";
import { sigmoid } from "./activations.ts";
import { Dense } from "./dense.ts";
import { type Sequential, sequential } from "./sequential.ts";
import { cells, coefficients, type Range } from "./tower-coefficients.ts";
import { type Deviation, type Meter, meterOf, quasirandom, refined, type Target } from "./tower-error.ts";

export interface TowerOptions {
  /** For a function of one number: where it is approximated. */
  readonly interval?: Range;
  /** For a function of two numbers: the range of each. */
  readonly rectangle?: readonly [Range, Range];
  /** The largest difference that is wanted. */
  readonly error: number;
  /** How many hidden units there may be; default 1000. */
  readonly units?: number;
  /** So many towers along each axis, in place of as many as the error needs. */
  readonly towers?: number;
}

export interface Towers {
  /** From [rows, 1] or [rows, 2] to [rows, 1], float64. */
  readonly model: Sequential;
  /** Hidden units used. */
  readonly units: number;
  /** The largest difference from the function on the points that were looked at; between them it may be larger. */
  readonly error: number;
  /** Whether it is no larger than what was wanted; if not, `model` is the best that was found. */
  readonly reached: boolean;
  /** On how many points the error was measured. */
  readonly points: number;
  /** All this in a line. */
  toString(): string;
}

/** Towers next to each other: a network of as many as there are cells, and how many hidden units that takes. */
interface Construction {
  /** On how many points an error that seems small enough is confirmed: at least, and for each tower. */
  readonly leastPoints: number;
  readonly pointsPerTower: number;
  /** How many towers stand on so many cells along each axis. */
  towers(count: number): number;
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
 * with the function at the middles of the towers. The number of towers grows until the error is small enough or the units are
 * used up.
 *
 * The error is the largest difference on points of a low-discrepancy sequence (see `quasirandom` in tower-error.ts), which are the
 * same in every run: first a few, which most networks fail; one that passes is confirmed on many others, and the largest
 * difference is followed to its top. What is narrower than the points are apart, 1/16000 of an interval or 1/180 of the sides of
 * a rectangle, may be missed: it is a measurement and no bound.
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
  checkOptions(name, options, ["interval", "rectangle", "error", "units", "towers"]);
  const wanted = checkNumber(name, "error", options?.error, { above: 0 });
  const most = checkNumber(name, "units", options.units ?? 1000, { least: 1, integer: true });
  const { interval, rectangle, towers } = options;
  if (towers !== undefined) checkNumber(name, "towers", towers, { least: 1, integer: true });
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
  const few = quasirandom(ranges, FEW, 0.5);
  // What the few have missed in one network, all others are tested by too.
  const hard: (readonly number[])[] = [];
  const tried: Candidate[] = [];
  for (const count of towers === undefined ? counts() : [towers]) {
    const units = construction.units(count);
    if (units > most && tried.length > 0) break;
    if (units > most) {
      const named = towers === undefined ? "a single tower" : `${towers} ${towers === 1 ? "tower" : "towers"}`;
      throw new RangeError(`${name}: units must be at least ${units} here, for ${named}; it is ${most}.`);
    }
    const model = construction.make(finite, count);
    const meter = meterOf(model, finite);
    const candidate: Candidate = { model, units, count, meter, found: meter([...few, ...hard]) };
    tried.push(candidate);
    if (candidate.found.error > wanted) continue;
    candidate.found = confirm(candidate, construction, ranges);
    candidate.confirmed = true;
    if (candidate.found.error <= wanted) return new Result(candidate, wanted);
    hard.push(candidate.found.at);
  }
  return new Result(bestOf(tried, hard, construction, ranges), wanted);
}

/** Points on which every network is tested first. */
const FEW = 2048;

/** A network that was tried, and its error as far as it was measured. */
interface Candidate {
  readonly model: Sequential;
  readonly units: number;
  readonly count: number;
  readonly meter: Meter;
  found: Deviation;
  confirmed?: boolean;
}

/** The error on many points that are not those of the first test, nor shifted by a step of them. */
function confirm({ meter, count, found }: Candidate, construction: Construction, ranges: readonly Range[]) {
  const { leastPoints, pointsPerTower, towers } = construction;
  const many = meter(quasirandom(ranges, Math.max(leastPoints, pointsPerTower * towers(count)), 1 / Math.E));
  const worse = many.error > found.error ? many : found;
  return refined(meter, { ...worse, points: many.points + found.points }, ranges);
}

/** The candidate with the smallest error on all points that are known to be hard. */
function bestOf(
  tried: readonly Candidate[],
  hard: readonly (readonly number[])[],
  construction: Construction,
  ranges: readonly Range[],
): Candidate {
  const errorOf = ({ meter, found }: Candidate): number => Math.max(found.error, meter(hard).error);
  const errors = tried.map(errorOf);
  const best = tried[errors.indexOf(Math.min(...errors))] as Candidate;
  return best.confirmed ? best : { ...best, found: confirm(best, construction, ranges) };
}

class Result implements Towers {
  readonly model: Sequential;
  readonly units: number;
  readonly error: number;
  readonly reached: boolean;
  readonly points: number;
  readonly #wanted: number;

  constructor({ model, units, found: { error, points } }: Candidate, wanted: number) {
    this.model = model;
    this.units = units;
    this.error = error;
    this.reached = error <= wanted;
    this.points = points;
    this.#wanted = wanted;
  }

  toString(): string {
    const found = `the largest error on ${this.points} points is ${this.error.toPrecision(3)} with ${this.units} hidden units`;
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
  leastPoints: 16384,
  pointsPerTower: 64,
  towers: (count) => count,
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
  leastPoints: 32768,
  pointsPerTower: 2,
  towers: (count) => count ** 2,
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
