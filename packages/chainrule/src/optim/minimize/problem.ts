/** A function of a tree of tensors as one of a vector of numbers, with its derivatives, each compiled when first needed. */

import { type Compiled, compile } from "../../compile/index.ts";
import { DTypeError, located, TraceError } from "../../graph/errors.ts";
import type { Graph } from "../../graph/node.ts";
import { evaluate, requireSynchronous, traceFunction } from "../../graph/trace.ts";
import { concatenate } from "../../ops/concatenate.ts";
import { allocate, type DType, isFloat } from "../../tensor/dtype.ts";
import { describeValue } from "../../tensor/options.ts";
import { formatShape } from "../../tensor/shape.ts";
import { fromData, type Tensor } from "../../tensor/tensor.ts";
import { type FlatTree, flatten, unflatten } from "../../tensor/tree.ts";
import { hessian, hvp, jacobian, valueAndGrad } from "../../transform/index.ts";
import { promote } from "../../transform/promote.ts";
import type { Vector } from "./vectors.ts";

/** Whether the function gives one number, or residuals, of which half the sum of squares is to be small. */
export type Kind = "value" | "residuals";

export class Problem {
  readonly kind: Kind;
  /** How many numbers there are to choose. */
  readonly size: number;
  readonly start: Vector;
  /** The relative rounding error of the numbers that the function computes with. */
  readonly epsilon: number;
  /** Evaluations of the function, with or without derivatives. */
  evaluations = 0;
  readonly #argument: FlatTree;
  readonly #graph: Graph;
  readonly #captured: readonly Tensor[];
  readonly #dtype: DType;
  readonly #programs = new Map<string, Compiled<Tensor[], Tensor[]>>();

  /**
   * @param where the function that users called, for errors
   * @throws TraceError, DTypeError, TypeError unless `f` is a function of floats that gives what is needed
   */
  constructor(where: string, kind: Kind, f: (x: never) => unknown, start: unknown, dtype: DType | undefined) {
    const { leaves, paths, structure } = flatten(start);
    leaves.forEach((leaf, i) => {
      if (isFloat(leaf.dtype)) return;
      throw new DTypeError(
        `${where}: the start must hold floats, and start${paths[i] as string} is ${leaf.dtype}. Convert it with .cast("float32").`,
      );
    });
    if (leaves.length === 0)
      throw new TypeError(`${where}: the start holds no tensors, so there is nothing to choose.`);
    const { graph, captured } = traceFunction((...inputs) => {
      const result = requireSynchronous(where, f(unflatten(structure, inputs) as never));
      return requireKind(where, kind, result);
    }, leaves);
    const exact = dtype === "float64";
    const widened = exact ? [...leaves, ...captured].map(widen) : [...leaves, ...captured];
    this.#graph = exact ? promote(graph) : graph;
    this.#argument = { leaves: widened.slice(0, leaves.length), paths, structure };
    this.#captured = widened.slice(leaves.length);
    this.#dtype = widened.slice(0, leaves.length).some((leaf) => leaf.dtype === "float64") ? "float64" : "float32";
    this.kind = kind;
    this.size = leaves.reduce((n, leaf) => n + leaf.size, 0);
    this.epsilon = this.#dtype === "float64" ? Number.EPSILON : 2 ** -23;
    this.start = Float64Array.from(leaves.flatMap((leaf) => [...leaf.dataSync()]));
  }

  /** The vector as the tree that the function takes. */
  tree(x: Vector): unknown {
    let from = 0;
    const leaves = this.#argument.leaves.map(({ shape, dtype, size }) => {
      const numbers = allocate(dtype, size);
      numbers.set(x.subarray(from, from + size));
      from += size;
      return fromData(numbers, shape, dtype);
    });
    return unflatten(this.#argument.structure, leaves);
  }

  /** What the function gives: one number, or the residuals. */
  async values(x: Vector): Promise<Vector> {
    return (await this.#run("values", (at) => [this.#join(this.#call(this.#split(at)))], x))[0] as Vector;
  }

  /** The value of the function and its gradient. */
  async gradient(x: Vector): Promise<{ value: number; gradient: Vector }> {
    const [value, gradient] = (await this.#run(
      "gradient",
      (at) => {
        const both = valueAndGrad((leaves: Tensor[]) => this.#scalar(leaves))(this.#split(at));
        return [both.value, this.#join(both.gradient)];
      },
      x,
    )) as [Vector, Vector];
    return { value: value[0] as number, gradient };
  }

  /** The Hessian, [size, size]. */
  async hessian(x: Vector): Promise<Vector> {
    const program = (at: Tensor): Tensor[] => [hessian((y: Tensor) => this.#scalar(this.#split(y)))(at) as Tensor];
    return (await this.#run("hessian", program, x))[0] as Vector;
  }

  /** The Hessian times a vector. */
  async product(x: Vector, v: Vector): Promise<Vector> {
    const program = (at: Tensor, direction: Tensor): Tensor[] => [
      this.#join(hvp((leaves: Tensor[]) => this.#scalar(leaves))(this.#split(at), this.#split(direction))),
    ];
    return (await this.#run("product", program, x, v))[0] as Vector;
  }

  /** The residuals and their derivatives, [residuals, size]. */
  async jacobian(x: Vector): Promise<{ residuals: Vector; jacobian: Vector }> {
    const residuals = (at: Tensor): Tensor => this.#join(this.#call(this.#split(at)));
    const program = (at: Tensor): Tensor[] => [residuals(at), jacobian(residuals)(at)];
    const [values, derivatives] = (await this.#run("jacobian", program, x)) as [Vector, Vector];
    return { residuals: values, jacobian: derivatives };
  }

  async #run(name: string, f: (...args: Tensor[]) => Tensor[], ...args: Vector[]): Promise<Vector[]> {
    const program = this.#programs.get(name) ?? compile(f);
    this.#programs.set(name, program);
    this.evaluations++;
    // New tensors, since a program takes the numbers of one that it has seen as known.
    const inputs = args.map((x) =>
      fromData(this.#dtype === "float64" ? x : Float32Array.from(x), [x.length], this.#dtype),
    );
    const results = program(...inputs) as Tensor[];
    return Promise.all(results.map(async (t) => Float64Array.from(await t.data())));
  }

  #call(leaves: readonly Tensor[]): Tensor[] {
    // Boxes that the function writes, such as random state, come last and keep what they have.
    return evaluate(this.#graph, [...leaves, ...this.#captured]);
  }

  #scalar(leaves: readonly Tensor[]): Tensor {
    return this.#call(leaves)[0] as Tensor;
  }

  #split(x: Tensor): Tensor[] {
    let from = 0;
    return this.#argument.leaves.map(({ shape, dtype, size }) => {
      const part = x.slice(0, from, from + size).reshape(shape);
      from += size;
      return part.cast(dtype);
    });
  }

  #join(parts: readonly Tensor[]): Tensor {
    return concatenate(parts.map((part) => part.reshape([part.size]).cast(this.#dtype)));
  }
}

const widen = (t: Tensor): Tensor => (t.dtype === "float32" ? t.cast("float64") : t);

/** The leaves of a result. @throws TraceError unless it is of this kind */
function requireKind(where: string, kind: Kind, result: unknown): readonly Tensor[] {
  const { leaves, structure } = flatten(result);
  const [only] = leaves;
  const floats = leaves.length > 0 && leaves.every((leaf) => isFloat(leaf.dtype));
  const single = structure.kind === "leaf" && only?.rank === 0;
  if (floats && (kind === "value" ? single : !single)) return leaves;
  const found =
    structure.kind === "leaf"
      ? `${(only as Tensor).dtype}${formatShape((only as Tensor).shape)}`
      : leaves.length > 0
        ? `a tree of ${leaves.length} tensors`
        : describeValue(result);
  const wanted =
    kind === "value"
      ? "one float scalar for this method; reduce it, for example with .square().mean(), or use levenbergMarquardt()"
      : "the residuals for this method, a tensor or a tree of tensors of which half the sum of squares is to be small";
  throw new TraceError(located(`${where}: the function returns ${found}; it must return ${wanted}.`));
}
