/** Elements picked by integer positions along an axis. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { zerosLike } from "./constant.ts";
import { batchAll, checkAxis, example, shapeError } from "./define.ts";
import { deeper, type GatherAttrs, gatherShape } from "./gather-shape.ts";
import { type Operand, positions } from "./operands.ts";
import { primitive, register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /**
     * Slices at integer positions along `axis`, which is replaced by the dimensions of `indices` (int32, or numbers).
     * Positions beyond the ends are clamped to them.
     */
    gather(indices: Operand, axis?: number): Tensor;
    /** For each position in `indices`, of the same shape but for `axis`, the element there along `axis`. */
    takeAlongAxis(indices: Operand, axis?: number): Tensor;
  }
}

const gather: Primitive = register<GatherAttrs>({
  name: "gather",
  doc: "Slices at integer positions along an axis.",
  onnx: "Gather",
  infer([x, indices], attrs) {
    const { shape, dtype } = x as Tensor;
    const result = gatherShape(x as Tensor, indices as Tensor, attrs);
    if (shape[attrs.axis] === 0 && !result.includes(0)) {
      throw shapeError("gather", `axis ${attrs.axis} of shape ${formatShape(shape)} has no elements to take.`);
    }
    return { shape: result, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 0,
    pointwise: false,
    element(k, index, read, { attrs: { axis, batch }, inputs: [x, indices] }) {
      const count = (indices as Tensor).shape.length - batch;
      const position = read(1, [...index.slice(0, batch), ...index.slice(axis, axis + count)]);
      const last = Math.max(0, ((x as Tensor).shape[axis] as number) - 1);
      const clamped = k.call("max", k.int(0), k.call("min", position, k.int(last)));
      return read(0, [...index.slice(0, axis), clamped, ...index.slice(axis + count)]);
    },
  },
  linear: () => [0],
  transpose: (cotangent, input, [x, indices], _, attrs) =>
    input === 0 ? bind(primitive("scatterAdd"), attrs, zerosLike(x as Tensor), indices as Tensor, cotangent) : null,
  batch([x, indices], [inX, inIndices], size, attrs) {
    if (inIndices !== true && attrs.batch === 0) {
      return [bind(gather, { axis: attrs.axis + 1, batch: 0 }, x as Tensor, indices as Tensor)];
    }
    return [
      bind(
        gather,
        deeper(attrs),
        ...batchAll([x as Tensor, indices as Tensor], [inX === true, inIndices === true], size),
      ),
    ];
  },
  samples: () => [
    { inputs: [example([4, 3]), tensor([2, 0, 2], { dtype: "int32" })], attrs: { axis: 0, batch: 0 } },
    {
      inputs: [
        example([2, 4]),
        tensor(
          [
            [1, 9],
            [0, -1],
          ],
          { dtype: "int32" },
        ),
      ],
      attrs: { axis: 1, batch: 0 },
    },
    { inputs: [example([2, 4]), tensor([3, 1], { dtype: "int32" })], attrs: { axis: 1, batch: 1 } },
  ],
});

Tensor.prototype.gather = function (indices, axis = 0) {
  return bind(gather, { axis: checkAxis("gather", axis, this.shape), batch: 0 }, this, positions("gather", indices));
};

Tensor.prototype.takeAlongAxis = function (where, axis = -1) {
  const indices = positions("takeAlongAxis", where);
  const at = checkAxis("takeAlongAxis", axis, this.shape);
  if (indices.rank !== this.rank || indices.shape.some((n, i) => i !== at && n !== this.shape[i])) {
    throw shapeError(
      "takeAlongAxis",
      `indices of shape ${formatShape(indices.shape)} must have the shape ${formatShape(this.shape)} but for axis ${at}.`,
    );
  }
  const last = this.rank - 1;
  const taken = bind(gather, { axis: last, batch: last }, this.moveAxis(at, last), indices.moveAxis(at, last));
  return taken.moveAxis(last, at);
};
