/** Addition of slices at integer positions along an axis: the transpose of gather. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { formatShape, sameShape, stridesOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { batchAll, checkAxis, checkDTypes, example, shapeError } from "./define.ts";
import { deeper, type GatherAttrs, gatherShape } from "./gather-shape.ts";
import { forEachIndex, ravel } from "./loops.ts";
import { type Operand, positions } from "./operands.ts";
import { primitive, register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /**
     * This tensor plus `updates` added at integer positions along `axis`; updates for one position add up. `updates`
     * has the shape that gather(indices, axis) gives. Positions beyond the ends are clamped to them.
     */
    scatterAdd(indices: Operand, updates: Tensor, axis?: number): Tensor;
  }
}

const scatterAdd: Primitive = register<GatherAttrs>({
  name: "scatterAdd",
  doc: "Adds slices at integer positions along an axis.",
  onnx: "ScatterND",
  infer([x, indices, updates], attrs) {
    const { shape } = x as Tensor;
    const dtype = checkDTypes("scatterAdd", "number", [x as Tensor, updates as Tensor]);
    const wanted = gatherShape(x as Tensor, indices as Tensor, attrs);
    if (!sameShape(wanted, (updates as Tensor).shape)) {
      throw shapeError(
        "scatterAdd",
        `updates have shape ${formatShape((updates as Tensor).shape)}, but these indices take ${formatShape(wanted)}.`,
      );
    }
    return { shape, dtype };
  },
  lowering: {
    kind: "loops",
    body(k, [x, indices, updates], output, { attrs: { axis, batch }, inputs: [aval, positions, changes] }) {
      const { shape, dtype } = aval as Tensor;
      const id = (buffer: { id: number } | undefined): number => buffer?.id as number;
      const count = (positions as Tensor).shape.length - batch;
      const copy = forEachIndex(shape, (index) => {
        const at = ravel(k, index, stridesOf(shape));
        return [{ kind: "store", buffer: output.id, index: at, value: k.load(dtype, id(x), at) }];
      });
      if (shape[axis] === 0) return copy;
      const add = forEachIndex((changes as Tensor).shape, (index) => {
        const which = ravel(
          k,
          [...index.slice(0, batch), ...index.slice(axis, axis + count)],
          stridesOf((positions as Tensor).shape),
        );
        const position = k.load("int32", id(indices), which);
        const clamped = k.call("max", k.int(0), k.call("min", position, k.int((shape[axis] as number) - 1)));
        const at = ravel(k, [...index.slice(0, axis), clamped, ...index.slice(axis + count)], stridesOf(shape));
        const update = k.load(dtype, id(updates), ravel(k, index, stridesOf((changes as Tensor).shape)));
        return [
          { kind: "store", buffer: output.id, index: at, value: k.call("add", k.load(dtype, output.id, at), update) },
        ];
      });
      return [...copy, ...add];
    },
  },
  linear: () => [0, 2],
  transpose(cotangent, input, [, indices], _, attrs) {
    if (input === 0) return cotangent;
    if (input === 1) return null;
    return bind(primitive("gather"), attrs, cotangent, indices as Tensor);
  },
  batch: (inputs, batched, size, attrs) => [bind(scatterAdd, deeper(attrs), ...batchAll(inputs, batched, size))],
  samples: () => [
    {
      inputs: [example([4, 3]), tensor([2, 0, 2], { dtype: "int32" }), example([3, 3], -2, 2, 1)],
      attrs: { axis: 0, batch: 0 },
    },
    {
      inputs: [example([2, 4]), tensor([3, 1], { dtype: "int32" }), example([2], -2, 2, 1)],
      attrs: { axis: 1, batch: 1 },
    },
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
        example([2, 2, 2], -2, 2, 1),
      ],
      attrs: { axis: 1, batch: 0 },
    },
  ],
});

Tensor.prototype.scatterAdd = function (indices, updates, axis = 0) {
  const attrs = { axis: checkAxis("scatterAdd", axis, this.shape), batch: 0 };
  return bind(scatterAdd, attrs, this, positions("scatterAdd", indices), updates);
};
