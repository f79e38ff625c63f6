/** The loss along a line and on a plane through a model's weights. */
import { formatNumber } from "../check/numbers.ts";
import { compile } from "../compile/index.ts";
import { numbersOf } from "../data/dataset.ts";
import { withBoxes } from "../graph/box.ts";
import { evaluation } from "../nn/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { scalar, type Tensor } from "../tensor/tensor.ts";
import type { Model } from "../train/model.ts";
import { grad } from "../transform/index.ts";
import { sparkline } from "./bars.ts";
import {
  alongGradient,
  checkPoint,
  difference,
  filterNormalized,
  innerProduct,
  normOf,
  type Point,
  type PointLike,
} from "./directions.ts";
import { type CheckedSample, checkSample, type Sample } from "./sample.ts";

/**
 * random: a filter-normalized random one. gradient: −gradient, as long as the weights. { to }: from the model's weights, or
 * from `from`, to others, which are reached at 1, such as params(other). Tensors by name: a direction of one's own.
 */
export type Direction = "random" | "gradient" | Journey | PointLike;

interface Journey {
  readonly from?: PointLike;
  readonly to: PointLike;
}

export interface LineOptions extends Sample {
  /** Default "random". */
  readonly direction?: Direction;
  /** The steps along the direction. Default: 41 from −1 to 1, and from −0.5 to 1.5 between two points. */
  readonly range?: readonly [from: number, to: number];
  readonly points?: number;
  /** For random directions: any integer, default 0. */
  readonly seed?: number;
}

export interface PlaneOptions extends Omit<LineOptions, "direction"> {
  /** Default: two random ones. The second is made orthogonal to the first. */
  readonly directions?: readonly [Direction, Direction];
}

/** What `lossAlongLine` found: the loss at θ + t·direction. */
export class LossLine {
  readonly t: Float64Array;
  readonly losses: Float64Array;

  /** @internal */
  constructor(t: Float64Array, losses: Float64Array) {
    this.t = t;
    this.losses = losses;
  }

  /** A line of bars of different height, and where the loss is least. */
  toString(): string {
    const best = this.losses.reduce((least, loss, i) => (loss < (this.losses[least] as number) ? i : least), 0);
    return [
      sparkline(this.losses),
      `t from ${formatNumber(this.t[0] as number)} to ${formatNumber(this.t.at(-1) as number)}; least loss ${formatNumber(this.losses[best] as number)} at t = ${formatNumber(this.t[best] as number)}`,
    ].join("\n");
  }
}

/** What `lossOnPlane` found: the loss at θ + a·first + b·second. */
export class LossPlane {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** losses[i][j] is at a[i], b[j]. */
  readonly losses: readonly Float64Array[];

  /** @internal */
  constructor(a: Float64Array, b: Float64Array, losses: readonly Float64Array[]) {
    this.a = a;
    this.b = b;
    this.losses = losses;
  }

  /** A map: the darker, the higher the loss, in ten steps of its logarithm; · where it is not finite. */
  toString(): string {
    const all = this.losses.flatMap((row) => [...row]).filter(Number.isFinite);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const share = (x: number): number =>
      most > least ? Math.log1p((9 * (x - least)) / (most - least)) / Math.LN10 : 0;
    const shade = (x: number): string => (Number.isFinite(x) ? (SHADES[Math.round(9 * share(x))] as string) : "·");
    const rows = this.losses.map((row) => [...row].map((x) => shade(x).repeat(2)).join(""));
    return [...rows, `loss from ${formatNumber(least)} (light) to ${formatNumber(most)} (dark)`].join("\n");
  }
}

const SHADES = " .:-=+*#%@";

/**
 * The loss at points of a line through the weights: θ + t·direction, in evaluation mode. The model is not changed.
 *
 * @throws TypeError, RangeError, DataError for options and data that cannot be right; ChainruleError for a gradient that is 0
 * @example
 * ```ts
 * import { lossAlongLine } from "chainrule/diagnose";
 * import { meanSquaredError } from "chainrule/loss";
 * import { constant, dense } from "chainrule/nn";
 * import { tensor } from "chainrule";
 * const model = dense(1, 1, { bias: false, weightInit: constant(2) });
 * const direction = { weight: tensor([[1]]) };
 * // (2 + t)², at t = −2, 0, 2
 * const { losses } = lossAlongLine(model, { loss: meanSquaredError, x: [[1]], y: [[0]], direction, range: [-2, 2], points: 3 });
 * [...losses]; // → [ 0, 4, 16 ]
 * ```
 */
export function lossAlongLine(model: Model, options: LineOptions): LossLine {
  const where = "lossAlongLine";
  checkOptions(where, options, ["loss", "x", "y", "direction", "range", "points", "seed"]);
  const sample = checkSample(where, model, options);
  const { direction = "random" } = options;
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const line = resolve(where, sample, direction, seed);
  const t = steps(where, options, isJourney(direction) ? [-0.5, 1.5] : [-1, 1], 41);
  const at = lossAt(sample, line.from, [line.direction]);
  return new LossLine(
    t,
    t.map((step) => at(step)),
  );
}

/**
 * The loss at points of a plane through the weights: θ + a·first + b·second, in evaluation mode. The model is not changed.
 *
 * @throws as lossAlongLine, and RangeError for directions that start at different points or are parallel
 */
export function lossOnPlane(model: Model, options: PlaneOptions): LossPlane {
  const where = "lossOnPlane";
  checkOptions(where, options, ["loss", "x", "y", "directions", "range", "points", "seed"]);
  const sample = checkSample(where, model, options);
  const { directions = ["random", "random"] } = options;
  if (!Array.isArray(directions) || directions.length !== 2) {
    throw new TypeError(`${where}: directions must be two, such as ["gradient", "random"].`);
  }
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const [first, second] = directions.map((direction, i) => resolve(where, sample, direction, seed + i)) as [Line, Line];
  if (normOf(difference(first.from, second.from)) !== 0) {
    throw new RangeError(
      `${where}: both directions must start at the same point; give { from } to both or to neither.`,
    );
  }
  const t = steps(where, options, [-1, 1], 21);
  const at = lossAt(sample, first.from, [first.direction, orthogonal(where, second.direction, first.direction)]);
  return new LossPlane(
    t,
    t.slice(),
    Array.from(t, (a) => t.map((b) => at(a, b))),
  );
}

interface Line {
  readonly from: Point;
  readonly direction: Point;
}

const isJourney = (direction: Direction): direction is Journey =>
  typeof direction === "object" && direction !== null && ("to" in direction || "from" in direction);

function resolve(where: string, sample: CheckedSample, direction: Direction, seed: number): Line {
  const from = Object.fromEntries(Object.entries(sample.parameters).map(([name, { value }]) => [name, value]));
  if (direction === "random") return { from, direction: filterNormalized(from, seed) };
  if (direction === "gradient") return { from, direction: alongGradient(where, gradientOf(sample), from) };
  if (typeof direction !== "object" || direction === null) {
    throw new TypeError(
      `${where}: a direction must be "random", "gradient", { to } or { from, to } with weights such as params(other), or tensors by the ` +
        `names of the parameters; it is ${describeValue(direction)}.`,
    );
  }
  if (!isJourney(direction)) return { from, direction: checkPoint(where, "the direction", direction, from) };
  checkOptions(`${where}: the direction`, direction, ["from", "to"]);
  const to = checkPoint(where, "to", direction.to, from);
  const start = direction.from === undefined ? from : checkPoint(where, "from", direction.from, from);
  return { from: start, direction: difference(start, to) };
}

/** Of the mean loss, by all parameters. */
export function gradientOf({ parameters, meanLoss }: CheckedSample): Record<string, Tensor> {
  const names = Object.keys(parameters);
  const boxes = Object.values(parameters);
  const f = (values: Tensor[]): Tensor => withBoxes(boxes, values, () => evaluation(meanLoss));
  const found = compile((values: Tensor[]) => grad(f)(values))(boxes.map((box) => box.value)) as Tensor[];
  return Object.fromEntries(names.map((name, i) => [name, found[i] as Tensor]));
}

/** second − its part along first. @throws RangeError if nothing is left */
function orthogonal(where: string, second: Point, first: Point): Point {
  const length = normOf(first) ** 2;
  const factor = length === 0 ? 0 : innerProduct(first, second) / length;
  const scaled = Object.fromEntries(Object.entries(first).map(([name, t]) => [name, t.mul(factor)]));
  const rest = difference(scaled, second);
  if (normOf(rest) > PARALLEL * normOf(second)) return rest;
  throw new RangeError(`${where}: the two directions are parallel, so they span no plane.`);
}

/** What is left of a parallel direction is float32 rounding. */
const PARALLEL = 1e-5;

function steps(where: string, options: Omit<LineOptions, "direction">, usual: readonly [number, number], many: number) {
  const { range = usual } = options;
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(`${where}: range must be two numbers, such as [-1, 1]; it is ${describeValue(range)}.`);
  }
  const [from, to] = range.map((end, i) =>
    checkNumber(where, i === 0 ? "the start of range" : "the end of range", end),
  ) as [number, number];
  if (!(from < to)) throw new RangeError(`${where}: the range must ascend; it is from ${from} to ${to}.`);
  const points = checkNumber(where, "points", options.points ?? many, { least: 2, integer: true });
  return Float64Array.from({ length: points }, (_, i) => from + (i * (to - from)) / (points - 1));
}

/** The mean loss at from + Σ tᵢ·directionᵢ. One program, in which weights, directions and data stay. */
function lossAt(
  { parameters, meanLoss }: CheckedSample,
  from: Point,
  directions: readonly Point[],
): (...t: number[]) => number {
  const boxes = Object.values(parameters);
  const program = compile((t: Tensor[]) => {
    const values = Object.keys(parameters).map((name) =>
      directions.reduce((sum: Tensor, direction, i) => {
        const part = (direction[name] as Tensor).cast(sum.dtype);
        return sum.add(part.mul((t[i] as Tensor).cast(sum.dtype)));
      }, from[name] as Tensor),
    );
    return withBoxes(boxes, values, () => evaluation(meanLoss));
  });
  return (...t) => numbersOf(program(t.map((value) => scalar(value, "float64"))) as Tensor)[0] as number;
}
