/** Checks the gradient of one scalar graph in double precision: element by element, and along random directions. */
import { compile } from "../compile/index.ts";
import { ChainruleError } from "../graph/errors.ts";
import type { Graph, Node } from "../graph/node.ts";
import { duringTransform, evaluate, evaluateNodes, isDifferentiable } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { onesLike, zerosLike } from "../ops/index.ts";
import { formatShape, range } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { pushforward } from "../transform/jvp.ts";
import { pullback } from "../transform/vjp.ts";
import { type Line, noiseOf } from "./differences.ts";
import type { GradcheckEntry } from "./report.ts";
import { judge, type Scales } from "./verdict.ts";

/** What is checked: the graph of a scalar in float64, its inputs, of which the first are the parameters. */
export interface Checked {
  readonly graph: Graph;
  readonly inputs: readonly Tensor[];
  readonly names: readonly string[];
  /** Gradients by the parameters, as functions of the inputs; by reverse mode unless another is given. */
  readonly gradients?: ((...inputs: Tensor[]) => readonly Tensor[]) | undefined;
}

export interface Plan {
  readonly samples: number;
  readonly directions: number;
  readonly tolerance: number;
}

/** Where an entry comes from, for a sweep of steps there. */
export type Found = GradcheckEntry & { readonly line: Line };

/** A direction in one parameter: the elements that move, and how far each does. */
interface Direction {
  readonly indices: readonly number[];
  readonly steps: readonly number[];
}

/**
 * How far from a point that seems to lie on kinks the gradient must be right: relative to the size of each element, in a random
 * direction and its opposite.
 */
const NEARBY = [1e-3, -1e-3, 1e-6, -1e-6] as const;

export class Checker {
  readonly value: number;
  readonly #numbers: readonly Float64Array[];
  readonly #inputs: readonly Tensor[];
  readonly #names: readonly string[];
  readonly #analytic: readonly Float64Array[];
  /** The largest derivative by each parameter, and by any. */
  readonly #largestOf: readonly number[];
  readonly #largest: number;
  readonly #rounding: number;
  readonly #plan: Plan;
  readonly #f: (...inputs: Tensor[]) => Tensor;
  readonly #gradients: (...inputs: Tensor[]) => readonly Tensor[];
  readonly #tangent: (inputs: Tensor[], tangents: Tensor[]) => Tensor;
  readonly #noises = new Map<number, number>();

  constructor({ graph, inputs, names, gradients }: Checked, plan: Plan) {
    const count = names.length;
    [this.#inputs, this.#names, this.#plan] = [inputs, names, plan];
    this.#f = compile((...args: Tensor[]) => evaluate(graph, args)[0] as Tensor);
    this.#gradients = gradients ?? compile((...args: Tensor[]) => gradientsOf(graph, args, count));
    this.#tangent = compile((args: Tensor[], tangents: Tensor[]) => {
      const all = args.map((x, i) => (i < count && isDifferentiable(x) ? (tangents[i] as Tensor) : null));
      const { outputs, tangents: found } = pushforward(graph, args, all);
      return found[0] ?? duringTransform(() => zerosLike(outputs[0] as Tensor));
    });
    this.value = this.#f(...inputs).itemSync();
    this.#numbers = inputs.slice(0, count).map((t) => t.dataSync() as Float64Array);
    this.#analytic = this.#gradientsAt(inputs);
    this.#largestOf = this.#analytic.map((gradient) =>
      gradient.reduce((most, g) => (Number.isFinite(g) ? Math.max(most, Math.abs(g)) : most), 0),
    );
    this.#largest = Math.max(0, ...this.#largestOf);
    // A sum of n terms carries n·ε/(1 − n·ε) of the largest: N. J. Higham, "Accuracy and stability of numerical
    // algorithms", 2002, §3.1. No sum of the graph has more terms than its largest value has elements.
    const terms = graph.nodes.reduce(
      (most, { avals }) => Math.max(most, ...avals.map(({ shape }) => shape.reduce((n, k) => n * k, 1))),
      graph.nodes.length,
    );
    const share = (terms * Number.EPSILON) / 2;
    this.#rounding = share / (1 - Math.min(share, 0.5));
  }

  /** Elements spread evenly over each parameter, and random directions in each. */
  check(): { entries: Found[]; directions: Found[] } {
    const [entries, directions]: [Found[], Found[]] = [[], []];
    this.#names.forEach((_, leaf) => {
      if (!isDifferentiable(this.#inputs[leaf] as Tensor)) return;
      const numbers = this.#numbers[leaf] as Float64Array;
      const noise = this.#noise(leaf);
      const elements = sampledIndices(numbers.length, this.#plan.samples).map((i) => this.#element(leaf, i, noise));
      entries.push(...elements);
      if (numbers.length === 0) return;
      const along = Array.from({ length: this.#plan.directions }, (_unused, i) =>
        randomDirection(numbers, 100 * leaf + i + 1),
      );
      const found = along.map((direction) => this.#direction(leaf, direction, noise));
      directions.push(...found);
      // A mistake in what was not sampled shows in a direction only: the element is found by halving.
      const hidden = found.findIndex(({ verdict }) => verdict === "wrong");
      if (hidden < 0 || elements.some(({ verdict }) => verdict === "wrong")) return;
      const element = this.#bisect(leaf, along[hidden] as Direction, noise);
      if (element !== undefined) entries.push(element);
    });
    return { entries, directions };
  }

  /** One element. @throws RangeError if there is none such */
  checkElement(name: string, position: readonly number[]): Found {
    const leaf = this.#names.indexOf(name);
    const from = this.#inputs[leaf];
    if (leaf < 0 || from === undefined || !isDifferentiable(from)) {
      throw new RangeError(`check: there is no parameter "${name}"; there are ${this.#names.join(", ")}.`);
    }
    const inside = (at: number, axis: number): boolean =>
      Number.isInteger(at) && at >= 0 && at < (from.shape[axis] as number);
    if (position.length !== from.shape.length || !position.every(inside)) {
      throw new RangeError(`check: ${name}${formatShape(from.shape)} has no element [${position.join(", ")}].`);
    }
    const index = position.reduce((sum, at, axis) => sum * (from.shape[axis] as number) + at, 0);
    return this.#element(leaf, index, this.#noise(leaf));
  }

  #element(leaf: number, index: number, noise: number): Found {
    const found = this.#along(leaf, { indices: [index], steps: [1] }, noise);
    return { ...found, index, position: positionOf(index, (this.#inputs[leaf] as Tensor).shape) };
  }

  #direction(leaf: number, direction: Direction, noise: number): Found {
    return { ...this.#along(leaf, direction, noise), index: -1, position: [] };
  }

  /** The first element, by halving, along which the derivative is wrong. */
  #bisect(leaf: number, direction: Direction, noise: number): Found | undefined {
    const wrong = (part: Direction): boolean => this.#along(leaf, part, noise).verdict === "wrong";
    let { indices, steps } = direction;
    while (indices.length > 1) {
      const middle = indices.length >> 1;
      const half = { indices: indices.slice(0, middle), steps: steps.slice(0, middle) };
      [indices, steps] = wrong(half) ? [half.indices, half.steps] : [indices.slice(middle), steps.slice(middle)];
    }
    const found = this.#element(leaf, indices[0] as number, noise);
    return found.verdict === "wrong" ? found : undefined;
  }

  #along(leaf: number, direction: Direction, noise: number): Found {
    const line = this.#line(this.#inputs, leaf, direction, noise);
    const analytic = dot(this.#analytic[leaf] as Float64Array, direction);
    const nearby = (): boolean => this.#rightNearby(leaf, direction, noise);
    const comparison = judge(line, analytic, this.#forward(leaf, direction), this.#scales(leaf, direction), nearby);
    return { name: this.#names[leaf] as string, index: -1, position: [], order: 1, part: "", line, ...comparison };
  }

  #scales(leaf: number, direction: Direction): Scales {
    const gradient = this.#analytic[leaf] as Float64Array;
    // Along a direction the rounding of all elements adds up; an element carries that of the largest beside it.
    const largest = this.#largestOf[leaf] as number;
    const sum = direction.indices.reduce(
      (all, i, k) => all + Math.abs((gradient[i] as number) * (direction.steps[k] as number)),
      0,
    );
    const rounding = this.#rounding * (Number.isFinite(sum) ? Math.max(largest, sum) : largest);
    return { tolerance: this.#plan.tolerance, rounding, largest: this.#largest };
  }

  #line(inputs: readonly Tensor[], leaf: number, { indices, steps }: Direction, noise: number): Line {
    const from = inputs[leaf] as Tensor;
    const numbers = from.dataSync() as Float64Array;
    const along = (distance: number): number => {
      const moved = numbers.slice();
      indices.forEach((index, k) => {
        moved[index] = (moved[index] as number) + distance * (steps[k] as number);
      });
      return this.#f(...inputs.map((t, j) => (j === leaf ? fromData(moved, t.shape, t.dtype) : t))).itemSync();
    };
    const magnitude = indices.reduce(
      (most, index, k) => Math.max(most, Math.abs((numbers[index] as number) / (steps[k] as number))),
      0,
    );
    return { along, noise, magnitude };
  }

  /** Of the function's values as the parameter moves; a little beside the point, for points like to lie on kinks and jumps. */
  #noise(leaf: number): number {
    const known = this.#noises.get(leaf);
    if (known !== undefined) return known;
    const direction = randomDirection(this.#numbers[leaf] as Float64Array, 77 + leaf);
    const { along } = this.#line(this.#inputs, leaf, direction, 0);
    const noise = noiseOf((distance) => along(2 ** -10 + distance), 2 ** -44);
    this.#noises.set(leaf, noise);
    return noise;
  }

  #forward(leaf: number, direction: Direction): number {
    const tangents = this.#numbers.map(({ length }, i) => {
      const tangent = new Float64Array(length);
      if (i === leaf) {
        direction.indices.forEach((index, k) => {
          tangent[index] = direction.steps[k] as number;
        });
      }
      return fromData(tangent, (this.#inputs[i] as Tensor).shape, "float64");
    });
    return this.#tangent([...this.#inputs], tangents).itemSync();
  }

  /** Whether the derivative is right at points around: a point on a kink is an accident, a mistake is not. */
  #rightNearby(leaf: number, direction: Direction, noise: number): boolean {
    for (const distance of NEARBY) {
      const inputs = this.#inputs.map((t, i) =>
        i < this.#names.length && isDifferentiable(t) ? nudged(t, distance, 13 * i) : t,
      );
      const gradient = this.#gradientsAt(inputs)[leaf] as Float64Array;
      const scales = this.#scales(leaf, direction);
      const { verdict } = judge(
        this.#line(inputs, leaf, direction, noise),
        dot(gradient, direction),
        Number.NaN,
        scales,
        () => false,
      );
      if (verdict !== "right") return false;
    }
    return true;
  }

  #gradientsAt(inputs: readonly Tensor[]): Float64Array[] {
    return this.#gradients(...inputs).map((g) => g.dataSync() as Float64Array);
  }
}

/** @throws ChainruleError where the function has no derivatives */
export function finiteChecker(where: string, exact: Checked, plan: Plan): Checker {
  const checker = new Checker(exact, plan);
  if (Number.isFinite(checker.value)) return checker;
  throw new ChainruleError(
    `${where}: the function is ${checker.value} there; it has derivatives only where its value is finite.`,
  );
}

/** Cotangents of the first `count` inputs; zeros for those that get none. */
export function gradientsOf(graph: Graph, inputs: readonly Tensor[], count: number): Tensor[] {
  const values = evaluateNodes(graph, inputs);
  const output = firstOf(values, graph.outputs[0] as Node);
  const cotangents = graph.outputs.map((_, i) => (i === 0 ? onesLike(output) : null));
  const found = pullback(graph, values, cotangents, graph.inputs.slice(0, count));
  return found.map((ct, i) => ct ?? zerosLike(inputs[i] as Tensor));
}

const dot = (gradient: Float64Array, { indices, steps }: Direction): number =>
  indices.reduce((sum, index, k) => sum + (gradient[index] as number) * (steps[k] as number), 0);

/** Numbers in [0, 1) from integers: the multiplicative hash of D. E. Knuth, "The art of computer programming" 3, §6.4. */
export const scattered = (i: number, seed: number): number => {
  const mixed = Math.imul((i + 1) ^ Math.imul(seed + 1, 0x85ebca6b), 0x9e3779b1);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32;
};

/** All elements move by their own size, up or down at random; those that are 0 by the size that is usual among the others. */
function randomDirection(numbers: Float64Array, seed: number): Direction {
  const sizes = [...numbers].map(Math.abs).filter((size) => size > 0);
  const usual = sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 1;
  const step = (x: number, i: number): number => (Math.abs(x) || usual) * (scattered(i, seed) < 0.5 ? -1 : 1);
  return { indices: range(numbers.length), steps: [...numbers].map(step) };
}

function nudged(t: Tensor, distance: number, seed: number): Tensor {
  const numbers = t.dataSync() as Float64Array;
  const { steps } = randomDirection(numbers, seed);
  // Not all by the same share, which would leave a kink where elements are proportional.
  const moved = numbers.map((x, i) => x + distance * (steps[i] as number) * (0.5 + scattered(i, seed + 1)));
  return fromData(moved, t.shape, t.dtype);
}

/** Up to `count` positions, spread evenly. */
function sampledIndices(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * length) / count));
}

function positionOf(index: number, shape: readonly number[]): number[] {
  const position = new Array<number>(shape.length);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis] as number;
    position[axis] = rest % extent;
    rest = Math.floor(rest / extent);
  }
  return position;
}
