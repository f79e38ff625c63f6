/** Choice between two tensors, element by element. */
import { requireTensor } from "../graph/input.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { asTensor, tensor } from "../tensor/create.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { zerosLike } from "./constant.ts";
import { batchAll, checkDTypes, example, shapeError } from "./define.ts";
import { broadcastTogether, type Operand, operand } from "./operands.ts";
import { register } from "./registry.ts";

const select: Primitive = /* @__PURE__ */ register({
  name: "select",
  doc: "where(condition, a, b): a where the condition is true, else b.",
  onnx: "Where",
  infer([condition, a, b]) {
    checkDTypes("where", "bool", [condition as Tensor]);
    const dtype = checkDTypes("where", "any", [a as Tensor, b as Tensor]);
    const { shape } = condition as Tensor;
    if (!sameShape(shape, (a as Tensor).shape) || !sameShape(shape, (b as Tensor).shape)) {
      throw shapeError(
        "where",
        `shapes ${[condition, a, b].map((t) => formatShape((t as Tensor).shape)).join(", ")} differ.`,
      );
    }
    return { shape, dtype };
  },
  lowering: {
    kind: "pull",
    cost: 1,
    pointwise: true,
    element: (k, index, read) => k.call("select", read(0, index), read(1, index), read(2, index)),
  },
  linear: () => [1, 2],
  // A constant zero on the side not chosen: whatever the other branch holds, NaN included, it gets no gradient.
  transpose(cotangent, input, [condition]) {
    const zero = zerosLike(cotangent);
    if (input === 1) return bind(select, {}, condition as Tensor, cotangent, zero);
    return input === 2 ? bind(select, {}, condition as Tensor, zero, cotangent) : null;
  },
  batch: (inputs, batched, size) => [bind(select, {}, ...batchAll(inputs, batched, size))],
  samples: () => [
    { inputs: [tensor([true, false, true]), example([3]), example([3], -2, 2, 1)] },
    { inputs: [tensor(true), example([]), example([], -2, 2, 1)] },
  ],
});

/**
 * `a` where `condition` is true and `b` elsewhere, broadcast together. The branch not chosen gets no gradient, even if
 * it is NaN or infinite there.
 *
 * @throws DTypeError unless the condition is bool and the branches have one dtype, ShapeError unless all broadcast
 * @example
 * ```ts
 * import { tensor, where } from "chainrule";
 * const x = tensor([-1, 4]);
 * await where(x.greater(0), x.sqrt(), 0).array(); // → [ 0, 2 ]
 * ```
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  requireTensor("where", "the condition", condition);
  const like = a instanceof Tensor ? a : b instanceof Tensor ? b : asTensor(a);
  const x = operand(a, like.dtype, "where");
  const y = operand(b, like.dtype, "where");
  const [p, q] = broadcastTogether("where", x, y);
  const [mask, first] = broadcastTogether("where", condition, p);
  return bind(select, {}, mask, first, q.broadcastTo(first.shape));
}
