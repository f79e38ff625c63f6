/** The boxes of a module: parameters, which are trained, and states, which are not. */

import { compile } from "../compile/index.ts";
import { Box } from "../graph/box.ts";
import { ChainruleError, DTypeError, located, ShapeError } from "../graph/errors.ts";
import { suspended } from "../graph/trace.ts";
import { foldIn, key } from "../ops/composed/random.ts";
import { type DType, isFloat } from "../tensor/dtype.ts";
import { hashText } from "../tensor/hash.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Initializer } from "./initializers.ts";

/** The seed that initial values come from when none is given. */
export const DEFAULT_SEED = 0;

/** Initialises what the module being called holds; set while a module runs. */
let provide: (() => void) | undefined;

/** Runs `f`; a variable without a value that is read meanwhile gets one by `provider`. */
export function withProvider<T>(provider: () => void, f: () => T): T {
  const before = provide;
  provide = provider;
  try {
    return f();
  } finally {
    provide = before;
  }
}

/** What parameters and states have in common: a box of fixed shape and dtype that gets its value when first needed. */
export abstract class Variable extends Box {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Makes the initial value. */
  initializer: Initializer;
  /** @internal Initialises the model that the variable was last listed as part of. */
  owner: (() => void) | undefined;
  #known = false;
  #provisional = false;
  readonly #kind: string;

  constructor(kind: string, shape: Shape, initializer: Initializer, dtype: DType) {
    super(() => {
      throw new Error("a variable without a value was read");
    });
    if (!Array.isArray(shape)) {
      const mend = isTensor(shape)
        ? `For given values the shape is ${formatShape(shape.shape)} and the initializer () => values.`
        : "";
      throw new TypeError(
        `${kind}: the shape must be an array such as [3, 2]; it is ${describeValue(shape)}. ${mend}`.trim(),
      );
    }
    for (const extent of shape)
      checkNumber(kind, `each extent of the shape ${formatShape(shape)}`, extent, { least: 0, integer: true });
    if (typeof initializer !== "function") {
      throw new TypeError(
        `${kind}: the initializer must be a function such as glorotUniform; it is ${describeValue(initializer)}.${mendOf(initializer)}`,
      );
    }
    this.#kind = kind;
    this.shape = [...shape];
    this.dtype = dtype;
    this.initializer = initializer;
  }

  /** Whether it has a value yet. */
  get initialized(): boolean {
    return this.#known;
  }

  /** @internal Whether it has an initial value of the default seed that nobody asked for, and nothing has written it since. */
  get provisional(): boolean {
    return this.#provisional;
  }

  /** @internal */
  override get concrete(): Tensor {
    if (!this.#known) provide?.();
    if (!this.#known) this.owner?.();
    if (!this.#known) {
      throw new ChainruleError(
        located(
          `A ${this.#kind} of shape ${formatShape(this.shape)} was read before it had a value. Call initialize(model, { seed }) ` +
            "first, or read it in the forward pass of a module that holds it in a public field.",
        ),
      );
    }
    return super.concrete;
  }

  /** @internal */
  override replace(value: Tensor | (() => Tensor)): number {
    if (value instanceof Tensor) this.#check(value);
    this.#known = true;
    this.#provisional = false;
    return super.replace(value);
  }

  /** @internal Sets an initial value, to be kept or to give way to a seed that is named later. */
  begin(value: Tensor, provisional: boolean): void {
    this.replace(value);
    this.#provisional = provisional;
  }

  /** @internal The initial value that belongs to a random key. */
  initialValue(randomKey: Tensor): Tensor {
    const [fanIn, fanOut] = this.fans;
    const value: unknown = this.initializer(randomKey, this.shape, fanIn, fanOut, this.dtype);
    if (value instanceof Tensor) return value;
    throw new TypeError(
      `The initializer ${this.initializer.name} gave ${describeValue(value)} and not a tensor. ` +
        "An initializer with settings is called first: normal({ deviation: 0.01 }), constant(1).",
    );
  }

  /** Inputs and outputs of a unit, for the initializer: of [.., in, out], the last two times what comes before. */
  protected get fans(): readonly [number, number] {
    const [rank, count] = [this.shape.length, this.shape.slice(0, -2).reduce((n, extent) => n * extent, 1)];
    if (rank === 0) return [1, 1];
    const last = this.shape[rank - 1] as number;
    return rank === 1 ? [last, last] : [count * (this.shape[rank - 2] as number), count * last];
  }

  #check(value: Tensor): void {
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(
        located(
          `A ${this.#kind} of shape ${formatShape(this.shape)} cannot take a value of shape ${formatShape(value.shape)}.`,
        ),
      );
    }
    if (value.dtype !== this.dtype) {
      throw new DTypeError(
        located(
          `A ${this.#kind} of dtype ${this.dtype} cannot take a ${value.dtype} value. Convert it with .cast("${this.dtype}").`,
        ),
      );
    }
  }
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** How values that are no initializer become one. */
function mendOf(given: unknown): string {
  if (typeof given === "number") return ` Write constant(${given}).`;
  return given instanceof Tensor ? " For given values write () => values." : "";
}

export interface ParamOptions {
  /** float32 (default) or float64. */
  readonly dtype?: DType;
  /** Whether regularizers (weight decay) apply; true for weights, which is the default, false for biases. */
  readonly regularize?: boolean;
}

/**
 * A trainable parameter. A module that holds it in a public field trains it, saves it and names it after the field.
 *
 * @example
 * ```ts
 * import { glorotUniform, Param } from "chainrule/nn";
 * const weight = new Param([784, 10], glorotUniform);
 * ```
 */
export class Param extends Variable {
  readonly regularize: boolean;

  /** @throws TypeError for an unknown option, DTypeError for a dtype that has no derivatives */
  constructor(shape: Shape, initializer: Initializer, options: ParamOptions = {}) {
    checkOptions("Param", options, ["dtype", "regularize"]);
    const { dtype = "float32", regularize = true } = options;
    if (!isFloat(dtype)) throw new DTypeError(`Param: a parameter must be float32 or float64, not ${dtype}.`);
    super("parameter", shape, initializer, dtype);
    this.regularize = regularize;
  }
}

export interface StateOptions {
  readonly dtype?: DType;
}

/** A value that a module keeps from call to call and that is not trained: running statistics, a random key. */
export class State extends Variable {
  constructor(shape: Shape, initializer: Initializer, options: StateOptions = {}) {
    checkOptions("State", options, ["dtype"]);
    super("state", shape, initializer, options.dtype ?? "float32");
  }
}

/**
 * Gives variables their initial values. The name and the seed decide each value, so that neither the order in which
 * layers are made nor a layer added later changes the others.
 *
 * @param which those of all, or of those that are `open`: without a value, or with a provisional one
 */
export function fill(variables: ReadonlyMap<string, Variable>, seed: number, which: "all" | "open"): void {
  const open = (variable: Variable): boolean => !variable.initialized || variable.provisional;
  give(
    [...variables].filter(([, variable]) => which === "all" || open(variable)),
    seed,
    false,
  );
}

/** Gives variables without a value a provisional one, from the default seed; nobody has named a seed so far. */
export function fillMissing(variables: ReadonlyMap<string, Variable>): void {
  give(
    [...variables].filter(([, variable]) => !variable.initialized),
    DEFAULT_SEED,
    true,
  );
}

function give(wanted: readonly (readonly [string, Variable])[], seed: number, provisional: boolean): void {
  if (wanted.length === 0) return;
  suspended(() => {
    // All of them as one program: dozens of single operations would each have to be compiled.
    const values = compile((root: Tensor) =>
      wanted.map(([name, variable]) => variable.initialValue(foldIn(root, hashText(name)))),
    )(key(seed));
    wanted.forEach(([, variable], i) => {
      variable.begin(values[i] as Tensor, provisional);
    });
  });
}
