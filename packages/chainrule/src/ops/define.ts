/** What the files of operations share: dtype and shape checks, and the rules common to a whole kind of operation. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import type { Attrs, Aval } from "../graph/node.ts";
import type { MaybeTensor, Primitive, Sample } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { ExprPool } from "../loop/build.ts";
import type { Expr, ScalarOp } from "../loop/ir.ts";
import { allocate, DTYPES, type DType, isFloat } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, resolveAxis, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { register } from "./registry.ts";

/** Which dtypes an operation takes. */
export type Accepts = "float" | "number" | "bool" | "any";

const ACCEPTED: Record<Accepts, (dtype: DType) => boolean> = {
  float: isFloat,
  number: (dtype) => dtype !== "bool",
  bool: (dtype) => dtype === "bool",
  any: () => true,
};

const ADVICE: Record<Accepts, string> = {
  float: 'takes float32 or float64. Convert with .cast("float32")',
  number: 'takes numbers. Convert with .cast("float32") or .cast("int32")',
  bool: "takes booleans. Make one with a comparison, such as x.greater(0)",
  any: "",
};

/** @throws DTypeError unless all inputs have the same dtype, of the accepted kind */
export function checkDTypes(name: string, accepts: Accepts, inputs: readonly Aval[]): DType {
  const first = (inputs[0] as Aval).dtype;
  for (const { dtype } of inputs) {
    if (!ACCEPTED[accepts](dtype)) throw new DTypeError(located(`${name}: got ${dtype}, but it ${ADVICE[accepts]}.`));
    if (dtype !== first) {
      throw new DTypeError(
        located(
          `${name}: the inputs have different dtypes, ${first} and ${dtype}. Convert one of them with .cast("${first}").`,
        ),
      );
    }
  }
  return first;
}

/** @throws DTypeError unless it is one of the dtypes there are */
export function checkKnown(name: string, dtype: DType): void {
  if (!DTYPES.includes(dtype)) {
    throw new DTypeError(located(`${name}: unknown dtype "${String(dtype)}"; there are ${DTYPES.join(", ")}.`));
  }
}

export function shapeError(name: string, what: string): ShapeError {
  return new ShapeError(located(`${name}: ${what}`));
}

/** @throws TypeError unless it is an array */
export function requireShape(name: string, shape: unknown): asserts shape is Shape {
  if (Array.isArray(shape)) return;
  throw new TypeError(located(`${name}: the shape is ${describeValue(shape)}, not an array such as [2, 3].`));
}

/** @throws ShapeError unless every extent is a non-negative integer */
export function checkShape(name: string, shape: Shape): void {
  if (shape.every((n) => Number.isInteger(n) && n >= 0)) return;
  throw shapeError(name, `${formatShape(shape)} is not a shape: every extent must be an integer of at least 0.`);
}

/** The resolved axis. @throws ShapeError when it is out of range */
export function checkAxis(name: string, axis: number, shape: Shape): number {
  const resolved = resolveAxis(axis, shape.length);
  if (resolved === undefined) {
    const valid =
      shape.length === 0 ? "it is a scalar and has no axis" : `axes go from ${-shape.length} to ${shape.length - 1}`;
    throw shapeError(name, `axis ${describeValue(axis)} is out of range for shape ${formatShape(shape)}; ${valid}.`);
  }
  return resolved;
}

/** Resolved, sorted axes; undefined stands for all. @throws ShapeError when one is out of range or given twice */
export function checkAxes(name: string, axis: number | readonly number[] | undefined, shape: Shape): number[] {
  if (axis === undefined) return shape.map((_, i) => i);
  if (typeof axis !== "number" && !Array.isArray(axis)) {
    throw new TypeError(located(`${name}: the axis is ${describeValue(axis)}, not a number or an array of numbers.`));
  }
  const axes = (typeof axis === "number" ? [axis] : axis).map((a) => checkAxis(name, a, shape)).sort((a, b) => a - b);
  if (new Set(axes).size !== axes.length) throw shapeError(name, `an axis is given twice in [${axes.join(", ")}].`);
  return axes;
}

/** Makes sure that every input has the leading batch axis, by repeating those that do not vary. */
export function batchAll(inputs: readonly Tensor[], batched: readonly boolean[], size: number): Tensor[] {
  return inputs.map((t, i) => (batched[i] === true ? t : t.broadcastTo([size, ...t.shape])));
}

/** cotangent · partial, where a cotangent of 0 gives 0 whatever the partial is, so that masked NaN do not leak. */
export function scale(cotangent: Tensor, partial: Tensor | number): Tensor {
  if (partial === 1) return cotangent;
  if (partial === -1) return cotangent.neg();
  return typeof partial === "number" ? cotangent.mul(partial) : cotangent.mulz(partial);
}

/** Sum of tangents, null standing for zero. */
export const addMaybe = (a: MaybeTensor, b: MaybeTensor): MaybeTensor => (a === null ? b : b === null ? a : a.add(b));

/** ∂output/∂input as a tensor or a constant. A unary operation reads the first input only. */
type PartialDerivative = (inputs: readonly [Tensor, Tensor], output: Tensor) => Tensor | number;

/** t · ∂output/∂input for a tangent or cotangent t. */
type DerivativeProduct = (t: Tensor, inputs: readonly [Tensor, Tensor], output: Tensor) => Tensor;

/** A function that takes tens of instructions counts as so many scalar operations. */
export const FUNCTION_COST = 10;

export interface ElementwiseSpec {
  readonly name: string;
  readonly doc: string;
  readonly onnx: string | null;
  readonly arity: number;
  readonly accepts: Accepts;
  /** The dtype of the result; default that of the inputs. */
  readonly result?: DType;
  /** The scalar operation of the loop IR, or a composition of several. */
  readonly scalar: Exclude<ScalarOp, "cast"> | ((k: ExprPool, ...args: Expr[]) => Expr);
  /** One for each input. Absent, with `products`: the result is constant almost everywhere. */
  readonly partials?: readonly PartialDerivative[];
  /** Instead of the partial derivatives their products with a tangent or cotangent, where `scale` would not do. */
  readonly products?: readonly DerivativeProduct[];
  /** Scalar operations that it takes; default 1. */
  readonly cost?: number;
  samples(): readonly Sample[];
}

/** A primitive that works element by element on inputs of one shape and dtype. */
export function elementwise(spec: ElementwiseSpec): Primitive {
  const { name, scalar: op } = spec;
  const products = spec.products ?? spec.partials?.map(productWith);
  const primitive: Primitive = {
    name,
    doc: spec.doc,
    onnx: spec.onnx,
    infer(inputs) {
      const dtype = checkDTypes(name, spec.accepts, inputs);
      const { shape } = inputs[0] as Aval;
      for (const input of inputs) {
        if (!sameShape(input.shape, shape)) {
          throw shapeError(name, `shapes ${formatShape(shape)} and ${formatShape(input.shape)} differ.`);
        }
      }
      return { shape, dtype: spec.result ?? dtype };
    },
    lowering: {
      kind: "pull",
      cost: spec.cost ?? 1,
      pointwise: true,
      element(k, index, read) {
        const args = Array.from({ length: spec.arity }, (_, i) => read(i, index));
        return typeof op === "string" ? k.call(op, ...args) : op(k, ...args);
      },
    },
    batch: (inputs, batched, size, attrs) => [bind(primitive, attrs, ...batchAll(inputs, batched, size))],
    samples: spec.samples,
    condition: spec.result === "bool" || spec.accepts === "bool",
    ...(products === undefined ? { nondifferentiable: true } : derivativeRules(products)),
  };
  return register(primitive);
}

const productWith =
  (partial: PartialDerivative): DerivativeProduct =>
  (t, inputs, output) =>
    scale(t, partial(inputs, output));

/** Forward and reverse mode, both from the partial derivatives. */
function derivativeRules(products: readonly DerivativeProduct[]): Pick<Primitive, "jvp" | "vjp"> {
  const times = (t: Tensor, i: number, inputs: readonly Tensor[], output: Tensor | undefined): Tensor =>
    (products[i] as DerivativeProduct)(t, inputs as unknown as readonly [Tensor, Tensor], output as Tensor);
  return {
    jvp: (primals, tangents, [output]) => [
      tangents.map((t, i) => (t === null ? null : times(t, i, primals, output))).reduce(addMaybe, null),
    ],
    vjp: (primals, [output], [cotangent], _, needed) =>
      primals.map((_, i) => (needed[i] === true && cotangent ? times(cotangent, i, primals, output) : null)),
  };
}

/** Numbers in [low, high) that look random and are always the same, for samples. */
export function example(shape: Shape, low = -2, high = 2, seed = 0, dtype: DType = "float32"): Tensor {
  const numbers = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < numbers.length; i++) {
    const u = Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1)) * 43758.5453) % 1;
    numbers[i] = low + (high - low) * u;
  }
  return fromData(numbers, shape, dtype);
}

/** Samples of a unary elementwise operation on [low, high), with a scalar and an empty tensor. */
export const unarySamples = (low = -2, high = 2): readonly Sample[] => [
  { inputs: [example([2, 3], low, high)] },
  { inputs: [example([], low, high, 1)] },
  { inputs: [example([0, 2], low, high)] },
];

/** Samples of a binary elementwise operation. */
export const binarySamples = (low = -2, high = 2): readonly Sample[] => [
  { inputs: [example([2, 3], low, high), example([2, 3], low, high, 1)] },
  { inputs: [example([], low, high, 2), example([], low, high, 3)] },
  { inputs: [example([0], low, high), example([0], low, high)] },
];

export type { Attrs, Sample };
