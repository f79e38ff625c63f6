/** Regular sub-arrays: start, size and a positive step for each dimension. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, example, shapeError } from "./define.ts";
import { pad } from "./pad.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Elements start, start + step, … before `stop` along one axis; a negative start or stop counts from the end. */
    slice(axis: number, start: number, stop?: number, step?: number): Tensor;
  }
}

interface SliceAttrs {
  readonly start: Shape;
  readonly size: Shape;
  readonly step: Shape;
  readonly [key: string]: Shape;
}

const slice: Primitive = register<SliceAttrs>({
  name: "slice",
  doc: "A regular sub-array.",
  onnx: "Slice",
  infer([x], { start, size, step }) {
    const { shape, dtype } = x as Tensor;
    shape.forEach((n, i) => {
      const last = (start[i] as number) + ((size[i] as number) - 1) * (step[i] as number);
      if ((start[i] as number) < 0 || ((size[i] as number) > 0 && last >= n)) {
        throw shapeError(
          "slice",
          `positions ${start[i]} to ${last} of axis ${i} are outside of shape ${formatShape(shape)}.`,
        );
      }
    });
    return { shape: size, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element(k, index, read, { attrs }) {
      const at = (i: number): Expr =>
        k.call("add", k.call("mul", index[i] as Expr, k.int(attrs.step[i] as number)), k.int(attrs.start[i] as number));
      return read(
        0,
        index.map((_, i) => at(i)),
      );
    },
  },
  linear: () => [0],
  transpose(cotangent, _, [x], __, { start, size, step }) {
    const { shape } = x as Tensor;
    const after = shape.map((n, i) => {
      const count = size[i] as number;
      const covered = count === 0 ? 0 : (count - 1) * (step[i] as number) + 1;
      return n - (start[i] as number) - covered;
    });
    return pad(
      cotangent,
      start,
      after,
      step.map((s) => s - 1),
    );
  },
  batch([x], _, size, attrs) {
    return [
      bind(slice, { start: [0, ...attrs.start], size: [size, ...attrs.size], step: [1, ...attrs.step] }, x as Tensor),
    ];
  },
  samples: () => [
    { inputs: [example([4, 5])], attrs: { start: [1, 0], size: [2, 3], step: [1, 2] } },
    { inputs: [example([3])], attrs: { start: [2], size: [0], step: [1] } },
    { inputs: [example([3])], attrs: { start: [1], size: [1], step: [1] } },
  ],
});

Tensor.prototype.slice = function (axis, start, stop, step = 1) {
  const at = checkAxis("slice", axis, this.shape);
  const extent = this.shape[at] as number;
  if (!Number.isInteger(step) || step < 1) {
    throw shapeError("slice", `the step must be a positive integer, not ${step}; use flip(axis) to reverse.`);
  }
  for (const [name, position] of Object.entries({ start, stop })) {
    if (position !== undefined && !Number.isInteger(position))
      throw shapeError("slice", `the ${name} must be an integer, not ${position}.`);
  }
  const clamp = (p: number): number => Math.min(extent, Math.max(0, p < 0 ? p + extent : p));
  const from = clamp(start);
  const count = Math.max(0, Math.ceil((clamp(stop ?? extent) - from) / step));
  const along = (value: number, other: (n: number) => number): number[] =>
    this.shape.map((n, i) => (i === at ? value : other(n)));
  const attrs = { start: along(from, () => 0), size: along(count, (n) => n), step: along(step, () => 1) };
  return count === extent ? this : bind(slice, attrs, this);
};

/** Cuts a tensor into consecutive pieces of the given extents along an axis. @throws ShapeError unless they fill it */
export function splitAxis(x: Tensor, extents: readonly number[], axis = 0): Tensor[] {
  const at = checkAxis("splitAxis", axis, x.shape);
  if (extents.some((n) => n < 0) || extents.reduce((sum, n) => sum + n, 0) !== x.shape[at]) {
    throw shapeError(
      "splitAxis",
      `pieces of ${extents.join(", ")} do not add up to axis ${at} of shape ${formatShape(x.shape)}.`,
    );
  }
  let position = 0;
  return extents.map((extent) => {
    position += extent;
    return x.slice(axis, position - extent, position);
  });
}
