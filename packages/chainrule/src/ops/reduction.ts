/** What sum, product, max and min have in common: reduction over a set of axes. */
import type { Primitive, Sample } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { formatShape, withoutAxes } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkAxes, checkDTypes, example, shapeError } from "./define.ts";

/** Which axes to reduce (default: all; negative axes count from the end) and whether to keep them with extent 1. */
export interface ReduceOptions {
  readonly keepDims?: boolean;
}
export type Axis = number | readonly number[];

export interface ReduceAttrs {
  readonly axes: readonly number[];
  readonly [key: string]: readonly number[];
}

interface ReductionSpec {
  readonly name: string;
  readonly doc: string;
  readonly onnx: string;
  readonly combine: "add" | "mul" | "min" | "max";
  /** Whether a reduction over no elements has a value. */
  readonly empty: boolean;
}

/** The parts of a reduction's record that follow from its kind. */
export function reduction(spec: ReductionSpec) {
  return {
    name: spec.name,
    doc: spec.doc,
    onnx: spec.onnx,
    infer([x]: readonly { shape: readonly number[]; dtype: Tensor["dtype"] }[], { axes }: ReduceAttrs) {
      const { shape } = x as Tensor;
      const dtype = checkDTypes(spec.name, "number", [x as Tensor]);
      if (!spec.empty && axes.some((axis) => shape[axis] === 0)) {
        throw shapeError(
          spec.name,
          `shape ${formatShape(shape)} has no elements along the reduced axes, so there is no ${spec.name}.`,
        );
      }
      return { shape: withoutAxes(shape, axes), dtype };
    },
    lowering: { kind: "reduce", combine: spec.combine } as const,
    samples: (): readonly Sample[] => [
      { inputs: [example([2, 3, 4], 0.5, 2)], attrs: { axes: [1] } },
      { inputs: [example([2, 3], 0.5, 2)], attrs: { axes: [0, 1] } },
      { inputs: [example([5], -2, 2)], attrs: { axes: [0] } },
      ...(spec.empty ? [{ inputs: [example([0, 3])], attrs: { axes: [0] } }] : []),
    ],
  };
}

/** Applies a reduction along a user's axes. */
export function reduceAlong(
  op: Primitive,
  x: Tensor,
  axis: Axis | undefined,
  options: ReduceOptions | undefined,
): Tensor {
  const axes = checkAxes(op.name, axis, x.shape);
  const reduced = axes.length === 0 ? x : bind(op, { axes }, x);
  return options?.keepDims === true ? keepDims(reduced, x, axes) : reduced;
}

/** The reduced tensor with its axes back as extents of 1, so that it broadcasts against the original. */
export const keepDims = (reduced: Tensor, original: Tensor, axes: readonly number[]): Tensor =>
  reduced.reshape(original.shape.map((n, i) => (axes.includes(i) ? 1 : n)));
