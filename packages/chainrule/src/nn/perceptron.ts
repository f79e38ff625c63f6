/** Perceptrons: units with a step, set by hand or trained by the perceptron rule. */
import { located, ShapeError } from "../graph/errors.ts";
import { asTensor } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { fromData, type NestedArray, type Tensor } from "../tensor/tensor.ts";
import { fires } from "./activations.ts";
import { Dense } from "./dense.ts";
import { zeros } from "./initializers.ts";

export interface PerceptronOptions {
  /** The weights, [in, out]; default zeros, from which the perceptron rule starts. */
  readonly weight?: Tensor | NestedArray;
  /** The biases, [out], which are the thresholds with the sign turned; default zeros. */
  readonly bias?: Tensor | NestedArray;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

/** y = step(x·W + b). Made by `perceptron`. */
export class Perceptron extends Dense {
  static override readonly type: string = "perceptron";

  override forward(x: Tensor): Tensor {
    return fires(super.forward(x));
  }
}

/**
 * A layer of perceptrons: units that give 1 where x·W + b > 0 and 0 elsewhere. F. Rosenblatt, "The perceptron: a
 * probabilistic model for information storage and organization in the brain", 1958.
 *
 * @throws RangeError, ShapeError for sizes that cannot be, or values of another shape
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { perceptron } from "chainrule/nn";
 * const and = perceptron(2, 1, { weight: [[1], [1]], bias: [-1.5] });
 * and(tensor([[0, 0], [0, 1], [1, 0], [1, 1]])).arraySync(); // → [ [ 0 ], [ 0 ], [ 0 ], [ 1 ] ]
 * ```
 */
export function perceptron(inputs: number, outputs: number, options: PerceptronOptions = {}): Perceptron {
  checkOptions("perceptron", options, ["weight", "bias", "dtype"]);
  const { weight, bias, dtype = "float32" } = options;
  const layer = new Perceptron(inputs, outputs, { weightInit: zeros, dtype });
  if (weight !== undefined) layer.weight.value = asTensor(weight, dtype);
  if (bias !== undefined && layer.bias !== undefined) layer.bias.value = asTensor(bias, dtype);
  return layer;
}

export interface TrainPerceptronOptions {
  /** How far a mistake moves the weights; default 1. From zero weights it changes their scale only. */
  readonly learningRate?: number;
  /** How often the examples are gone through at most; default 1000. */
  readonly epochs?: number;
}

export interface PerceptronResult {
  /** Whether a last epoch was without mistakes: all units separate their classes. */
  readonly converged: boolean;
  /** Epochs done, the one without mistakes included. */
  readonly epochs: number;
  /** The mistakes of each unit, each of which was a change of its weights. */
  readonly updates: readonly number[];
  /** The mistakes of all units in each epoch. */
  readonly mistakes: readonly number[];
  /**
   * For each unit (R/γ)², where R is the length of the longest example (x, 1) and γ its least distance from the plane
   * that was found, moved to the middle between the classes: a number of updates that the convergence theorem does not let a start from zero exceed. Infinite
   * for a unit that did not converge.
   */
  readonly bounds: readonly number[];
}

/**
 * Trains perceptrons by the perceptron rule: example after example, w ← w + η·(t − y)·x and b ← b + η·(t − y), which
 * changes them at mistakes only; until an epoch has none.
 *
 * If some plane through the origin separates the classes of the extended examples (x, 1) with the distance γ from each,
 * and none is longer than R, then from zero weights there are at most (R/γ)² mistakes, in whatever order the examples
 * come. If there is no such plane, as for XOR, the weights go in circles for ever. A. B. J. Novikoff, "On convergence
 * proofs on perceptrons", 1962.
 *
 * @param data x, [rows, in], and y, [rows] or [rows, out], of 0 and 1
 * @throws ShapeError, RangeError for data that do not fit
 * @example
 * ```ts
 * import { perceptron, trainPerceptron } from "chainrule/nn";
 * const or = perceptron(2, 1);
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
 * trainPerceptron(or, { x, y: [0, 1, 1, 1] }).converged; // → true
 * ```
 */
export function trainPerceptron(
  layer: Perceptron,
  data: { readonly x: Tensor | NestedArray; readonly y: Tensor | NestedArray },
  options: TrainPerceptronOptions = {},
): PerceptronResult {
  const name = "trainPerceptron";
  if (!((layer as unknown) instanceof Perceptron)) {
    throw new TypeError(`${name}: takes a layer made by perceptron(…), not ${describeValue(layer)}.`);
  }
  checkOptions(name, options, ["learningRate", "epochs"]);
  const rate = checkNumber(name, "learningRate", options.learningRate ?? 1, { above: 0 });
  const most = checkNumber(name, "epochs", options.epochs ?? 1000, { least: 1, integer: true });
  const [inputs, outputs] = layer.weight.shape as [number, number];
  const examples = readExamples(layer, data, inputs, outputs);
  const start = extended(layer, inputs, outputs);
  const { dtype } = layer.weight;
  const units = start.map((w, unit) => new Unit(w, examples, unit, rate, dtype));
  const mistakes: number[] = [];
  do mistakes.push(units.reduce((sum, unit) => sum + unit.epoch(), 0));
  while (mistakes.at(-1) !== 0 && mistakes.length < most);
  const weight = Float64Array.from(
    { length: inputs * outputs },
    (_, i) => units[i % outputs]?.w[Math.floor(i / outputs)] as number,
  );
  const bias = Float64Array.from(units, (unit) => unit.w[inputs] as number);
  layer.weight.value = fromData(weight, [inputs, outputs], "float64").cast(dtype);
  if (layer.bias !== undefined) layer.bias.value = fromData(bias, [outputs], "float64").cast(dtype);
  return {
    converged: mistakes.at(-1) === 0,
    epochs: mistakes.length,
    updates: units.map((unit) => unit.updates),
    mistakes,
    bounds: units.map((unit) => unit.bound()),
  };
}

/** The examples (x, 1), and what each unit should say. */
interface Examples {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
}

/** One unit with its weights and, after them, its bias. */
class Unit {
  readonly w: number[];
  updates = 0;
  readonly #examples: Examples;
  readonly #unit: number;
  readonly #rate: number;
  /** To the dtype of the layer, so that what is tested here is what the layer will have. */
  readonly #round: (value: number) => number;

  constructor(w: number[], examples: Examples, unit: number, rate: number, dtype: DType) {
    this.w = w;
    this.#examples = examples;
    this.#unit = unit;
    this.#rate = rate;
    this.#round = dtype === "float32" ? Math.fround : (value) => value;
  }

  /** Goes through the examples once, and gives the number of mistakes. */
  epoch(): number {
    const before = this.updates;
    this.#examples.x.forEach((x, row) => {
      const change = this.#wanted(row) - Number(dot(this.w, x) > 0);
      if (change === 0) return;
      this.updates++;
      x.forEach((value, i) => {
        this.w[i] = this.#round((this.w[i] as number) + this.#rate * change * value);
      });
    });
    return this.updates - before;
  }

  /**
   * (R/γ)² with the γ of the plane through the origin with these weights. A unit may have examples of class 0 right on its
   * plane, and γ 0: its bias is moved first, to the middle between the classes.
   */
  bound(): number {
    const { x: examples } = this.#examples;
    const side = (wanted: number): number[] =>
      examples.flatMap((x, row) => (this.#wanted(row) === wanted ? [dot(this.w, x)] : []));
    const [above, below] = [Math.min(...side(1)), Math.max(...side(0))];
    if (above <= 0 || below > 0) return Number.POSITIVE_INFINITY;
    // With one class only, any distance will do.
    const low = Number.isFinite(below) ? below : above - 2;
    const high = Number.isFinite(above) ? above : below + 2;
    const middle = (low + high) / 2;
    const plane = [...this.w.slice(0, -1), (this.w.at(-1) as number) - middle];
    const margin = (high - middle) / Math.sqrt(dot(plane, plane));
    return Math.max(...examples.map((x) => dot(x, x))) / margin ** 2;
  }

  #wanted(row: number): number {
    return this.#examples.y[row]?.[this.#unit] as number;
  }
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** The weights of each unit with the bias after them. */
function extended(layer: Perceptron, inputs: number, outputs: number): number[][] {
  const value = (variable: Perceptron["weight"] | undefined): ArrayLike<number> =>
    variable?.initialized === true ? variable.value.dataSync() : [];
  const [weight, bias] = [value(layer.weight), value(layer.bias)];
  return Array.from({ length: outputs }, (_, unit) => [
    ...Array.from({ length: inputs }, (_, i) => weight[i * outputs + unit] ?? 0),
    bias[unit] ?? 0,
  ]);
}

function readExamples(
  layer: Perceptron,
  data: { readonly x: Tensor | NestedArray; readonly y: Tensor | NestedArray },
  inputs: number,
  outputs: number,
): Examples {
  const [x, y] = [asTensor(data.x), asTensor(data.y)];
  const [rows = 0] = x.shape;
  if (x.rank !== 2 || x.shape[1] !== inputs || rows === 0) {
    const needed = formatShape(layer.weight.shape, ["in", "out"]);
    throw new ShapeError(
      located(
        `trainPerceptron: x has shape ${formatShape(x.shape)}, but [rows, ${inputs}] is needed; the weight is ${needed}.`,
      ),
    );
  }
  if (y.shape[0] !== rows || y.size !== rows * outputs) {
    throw new ShapeError(
      located(
        `trainPerceptron: y has shape ${formatShape(y.shape)}, but [${rows}, ${outputs}] is needed, a target for each unit.`,
      ),
    );
  }
  const [inputValues, targets] = [x.dataSync(), Array.from(y.dataSync())];
  const wrong = targets.findIndex((t) => t !== 0 && t !== 1);
  if (wrong >= 0) {
    throw new RangeError(
      `trainPerceptron: targets must be 0 or 1; row ${Math.floor(wrong / outputs)} has ${targets[wrong]}.`,
    );
  }
  const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: width }, (_, i) => values[row * width + i] as number),
    );
  return { x: rowsOf(inputValues, inputs).map((row) => [...row, 1]), y: rowsOf(targets, outputs) };
}
