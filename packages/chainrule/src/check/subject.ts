/** What is looked at: a scalar function of tensors that have names, given in one of three ways. */
import { Box, withBoxes } from "../graph/box.ts";
import { located, TraceError } from "../graph/errors.ts";
import { requireFunction, requireTensor } from "../graph/input.ts";
import { type Mode, withMode } from "../graph/mode.ts";
import { isDifferentiable, requireSynchronous, suspended } from "../graph/trace.ts";
import { Module, params } from "../nn/index.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, unflatten } from "../tensor/tree.ts";

export const MODES: readonly Mode[] = ["training", "evaluation"];

/** A loss of predictions against targets. */
export type LossFunction = (prediction: Tensor, target: Tensor) => Tensor;

/** A model from one tensor to one tensor. */
export type Model = Module<[Tensor], Tensor>;

export interface Subject {
  /** One for each leaf. */
  readonly names: readonly string[];
  readonly leaves: readonly Tensor[];
  /** Calls the function, inside a trace, with other values for the leaves. */
  call(values: readonly Tensor[]): unknown;
  /** Calls a gradient written by hand in the same way, and what its result must be like. */
  readonly gradientCall: {
    call(gradient: (x?: unknown) => unknown, values: readonly Tensor[]): unknown;
    readonly like: FlatTree;
  };
  /** Runs a function while the boxes, if the leaves are those of boxes, hold other values. */
  readonly withValues?: <T>(values: readonly Tensor[], f: () => T) => T;
}

/** A function without arguments, of boxes that it reads. */
export function ofBoxes(f: () => unknown, boxes: Readonly<Record<string, Box>>): Subject {
  const list = Object.values(boxes);
  const leaves = suspended(() => list.map((box) => box.value));
  const withValues = <T>(values: readonly Tensor[], g: () => T): T => withBoxes(list, values, g);
  const names = Object.keys(boxes);
  return {
    names,
    leaves,
    call: (values) => withValues(values, f),
    gradientCall: {
      call: (gradient, values) => withValues(values, gradient),
      like: flatten(Object.fromEntries(names.map((name, i) => [name, leaves[i]]))),
    },
    withValues,
  };
}

/** A function of a tree of tensors; a lone tensor is called x. */
export function ofTree(f: (x: never) => unknown, x: unknown): Subject {
  const { leaves, structure, paths } = flatten(x);
  const names = paths.map((path) => (path === "" ? "x" : path.replace(/^\./, "")));
  return {
    names,
    leaves,
    call: (values) => (f as (x: unknown) => unknown)(unflatten(structure, values)),
    gradientCall: {
      call: (gradient, values) => gradient(unflatten(structure, values)),
      like: { leaves, structure, paths },
    },
  };
}

/** A list of numbers would be a tree of scalars, and is mostly meant to be a tensor. @throws TypeError */
function requireNoNumbers(name: string, at: unknown): void {
  const isNumbers = (value: unknown): boolean =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === "number" || typeof item === "boolean" || isNumbers(item));
  const walk = (value: unknown, path: string): void => {
    if (isNumbers(value)) {
      throw new TypeError(
        located(
          `${name}: ${path} is an array of numbers, not a tensor; make one with tensor(…), or one of each number.`,
        ),
      );
    }
    if (typeof value !== "object" || value === null || value instanceof Tensor || ArrayBuffer.isView(value)) return;
    const isList = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) walk(item, isList ? `${path}[${key}]` : `${path}.${key}`);
  };
  if (!isBoxes(at)) walk(at, "x");
}

/** `f` of a tree, or of boxes when there are nothing but boxes. */
export function ofFunction(name: string, f: (x: never) => unknown, at: unknown): Subject {
  requireFunction(name, f);
  requireNoNumbers(name, at);
  return isBoxes(at) ? ofBoxes(f as () => unknown, at) : ofTree(f, at);
}

/** Whether the first argument is a model, followed by its loss. @throws TypeError for what should be, and is not */
export function isModel(name: string, model: unknown, loss: unknown, x: unknown, y: unknown): model is Model {
  if (!(model instanceof Module)) return false;
  // A model is a function of its input, too; but not of a loss, or of what is no tensor.
  const isFunction = loss instanceof Tensor || (typeof loss === "object" && loss !== null && !("loss" in loss));
  if (isFunction && y === undefined) return false;
  requireModel(name, model, loss, x, y);
  return true;
}

/** @throws TypeError unless they are a model, a loss, an input and a target */
export function requireModel(name: string, model: unknown, loss: unknown, x: unknown, y: unknown): void {
  if (!(model instanceof Module)) {
    throw new TypeError(
      `${name}: the first argument must be a model, such as sequential(…) or a class that extends Module; it is ${describeValue(model)}.`,
    );
  }
  const form = `${name}(model, loss, x, y)`;
  if (typeof loss !== "function" || loss instanceof Module) {
    throw new TypeError(
      `${name}: the loss must be a function such as meanSquaredError; it is ${describeValue(loss)}. It takes ${form}.`,
    );
  }
  for (const [what, value] of Object.entries({ x, y })) {
    if (value === undefined) throw new TypeError(`${name}: ${what} is missing; it takes ${form}.`);
    requireTensor(name, what, value);
  }
}

/** The loss of a model as a function of its parameters; with `x` too where it is a float and `byInput` says so. */
export function ofModel(
  model: Model,
  loss: LossFunction,
  x: Tensor,
  y: Tensor,
  { mode = "training", byInput = false }: { mode?: Mode; byInput?: boolean } = {},
): Subject & { readonly boxes: readonly Box[] } {
  const boxes = params(model);
  const own = ofBoxes(() => undefined, boxes);
  const list = Object.values(boxes);
  const withInput = byInput && isDifferentiable(x);
  return {
    ...own,
    boxes: list,
    names: withInput ? [...own.names, "x"] : own.names,
    leaves: withInput ? [...own.leaves, x] : own.leaves,
    call(values) {
      const input = withInput ? (values.at(-1) as Tensor) : x;
      return withBoxes(list, values.slice(0, list.length), () => withMode(mode, () => loss(model(input), y)));
    },
  };
}

function isBoxes(at: unknown): at is Record<string, Box> {
  if (typeof at !== "object" || at === null) return false;
  const values = Object.values(at);
  return values.length > 0 && values.every((value) => value instanceof Box);
}

/** @throws TraceError unless the result of the function is one float */
export function requireScalar(name: string, result: unknown): Tensor {
  const value: unknown = requireSynchronous(name, result);
  if (value instanceof Tensor && value.size === 1 && isDifferentiable(value)) return value;
  const found = value instanceof Tensor ? `${value.dtype}${formatShape(value.shape)}` : describeValue(value);
  throw new TraceError(
    located(
      `${name}: the function must return one float scalar, such as a loss. Reduce it with .sum() or .mean(). It gave ${found}.`,
    ),
  );
}

/** @throws TraceError unless some leaf is a float */
export function requireLeaves(name: string, leaves: readonly Tensor[]): void {
  if (leaves.some(isDifferentiable)) return;
  throw new TraceError(
    located(`${name}: there is nothing to differentiate by; give a tree with float tensors, or params(model).`),
  );
}
