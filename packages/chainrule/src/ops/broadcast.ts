/** Repetition along new dimensions and dimensions of extent 1, by NumPy's rules. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { allocate, type TypedArray } from "../tensor/dtype.ts";
import { broadcastShapes, formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import { fromData, Tensor } from "../tensor/tensor.ts";
import { checkShape, example, requireShape, shapeError } from "./define.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** Repeats the tensor to a shape that it broadcasts to. */
    broadcastTo(shape: Shape): Tensor;
  }
}

interface BroadcastAttrs {
  readonly shape: Shape;
  readonly [key: string]: Shape;
}

const broadcast: Primitive = register<BroadcastAttrs>({
  name: "broadcast",
  doc: "Repeats along new leading dimensions and dimensions of extent 1.",
  onnx: "Expand",
  infer([x], { shape }) {
    const { shape: from, dtype } = x as Tensor;
    checkShape("broadcast", shape);
    const common = broadcastShapes(from, shape);
    if (common === undefined || !sameShape(common, shape)) {
      throw shapeError("broadcast", `shape ${formatShape(from)} cannot be repeated to ${formatShape(shape)}.`);
    }
    return { shape, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element(k, index, read, { inputs: [x], output }) {
      const { shape } = x as Tensor;
      const lead = output.shape.length - shape.length;
      return read(
        0,
        shape.map((n, i) => (n === 1 ? k.int(0) : (index[lead + i] as ReturnType<typeof k.int>))),
      );
    },
  },
  evaluate([x], { shape }) {
    const { size, dtype, payload } = x as Tensor;
    if (size !== 1) return undefined;
    return [fromData(allocate(dtype, sizeOf(shape)).fill((payload as TypedArray)[0] as number), shape, dtype)];
  },
  linear: () => [0],
  transpose(cotangent, _, [x]) {
    const { shape } = x as Tensor;
    const lead = cotangent.rank - shape.length;
    const axes = cotangent.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []));
    return cotangent.sum(axes).reshape(shape);
  },
  batch([x], _, size, { shape }) {
    const inner = (x as Tensor).shape.slice(1);
    const aligned = [size, ...new Array<number>(shape.length - inner.length).fill(1), ...inner];
    return [(x as Tensor).reshape(aligned).broadcastTo([size, ...shape])];
  },
  samples: () => [
    { inputs: [example([3])], attrs: { shape: [2, 3] } },
    { inputs: [example([2, 1])], attrs: { shape: [4, 2, 3] } },
    { inputs: [example([])], attrs: { shape: [2] } },
    { inputs: [example([1])], attrs: { shape: [0] } },
  ],
});

Tensor.prototype.broadcastTo = function (shape) {
  requireShape("broadcastTo", shape);
  return sameShape(this.shape, shape) ? this : bind(broadcast, { shape: [...shape] }, this);
};
