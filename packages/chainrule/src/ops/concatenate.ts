/** Tensors side by side along an axis. */
import { located } from "../graph/errors.ts";
import { requireTensor } from "../graph/input.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { batchAll, checkAxis, checkDTypes, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";

interface ConcatenateAttrs {
  readonly axis: number;
  readonly [key: string]: number;
}

const op: Primitive = /* @__PURE__ */ register<ConcatenateAttrs>({
  name: "concatenate",
  doc: "Joins tensors along an axis.",
  onnx: "Concat",
  infer(inputs, { axis }) {
    const dtype = checkDTypes("concatenate", "any", inputs);
    const { shape } = inputs[0] as Tensor;
    for (const other of inputs) {
      if (other.shape.length !== shape.length || other.shape.some((n, i) => i !== axis && n !== shape[i])) {
        throw shapeError(
          "concatenate",
          `shapes ${formatShape(shape)} and ${formatShape(other.shape)} differ outside of axis ${axis}.`,
        );
      }
    }
    const total = inputs.reduce((sum, input) => sum + (input.shape[axis] as number), 0);
    return { shape: shape.map((n, i) => (i === axis ? total : n)), dtype };
  },
  lowering: {
    kind: "pull",
    cost: 1,
    pointwise: false,
    element(k, index, read, { attrs: { axis }, inputs, output }) {
      const position = index[axis] as Expr;
      let end = output.shape[axis] as number;
      let result: Expr | undefined;
      // From the last piece to the first: position < end of piece ? piece : what follows. Positions are clamped into
      // each piece, so that the elements not chosen exist as well.
      for (let i = inputs.length - 1; i >= 0; i--) {
        const extent = (inputs[i] as Tensor).shape[axis] as number;
        const start = end - extent;
        if (extent > 0) {
          const local = k.call("sub", position, k.int(start));
          const clamped =
            inputs.length === 1 ? local : k.call("max", k.int(0), k.call("min", local, k.int(extent - 1)));
          const piece = read(
            i,
            index.map((e, d) => (d === axis ? clamped : e)),
          );
          result = result === undefined ? piece : k.call("select", k.call("lt", position, k.int(end)), piece, result);
        }
        end = start;
      }
      return result ?? k.constant(output.dtype, 0);
    },
  },
  linear: (inputs) => inputs.map((_, i) => i),
  transpose(cotangent, input, inputs, _, { axis }) {
    const start = inputs.slice(0, input).reduce((sum, t) => sum + (t.shape[axis] as number), 0);
    return cotangent.slice(axis, start, start + ((inputs[input] as Tensor).shape[axis] as number));
  },
  batch: (inputs, batched, size, { axis }) => [bind(op, { axis: axis + 1 }, ...batchAll(inputs, batched, size))],
  samples: () => [
    { inputs: [example([2, 3]), example([2, 1], -2, 2, 1), example([2, 2], -2, 2, 2)], attrs: { axis: 1 } },
    { inputs: [example([0]), example([3])], attrs: { axis: 0 } },
    { inputs: [example([2])], attrs: { axis: 0 } },
  ],
});

/** @throws TypeError unless it is a list of tensors */
function requireTensors(name: string, tensors: unknown): void {
  if (!Array.isArray(tensors)) {
    throw new TypeError(
      located(`${name}: takes an array of tensors, as in ${name}([a, b]), not ${describeValue(tensors)}.`),
    );
  }
  tensors.forEach((t, i) => {
    requireTensor(name, `input ${i}`, t);
  });
}

/** Joins tensors along an existing axis. @throws ShapeError */
export function concatenate(tensors: readonly Tensor[], axis = 0): Tensor {
  requireTensors("concatenate", tensors);
  const [first] = tensors;
  if (first === undefined) throw shapeError("concatenate", "needs at least one tensor.");
  return joined(tensors, checkAxis("concatenate", axis, first.shape));
}

/** An element is chosen among all pieces one after another, so of very many groups are made first. */
const GROUP = 64;

function joined(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length <= GROUP) return bind(op, { axis }, ...tensors);
  // Shapes that differ are those of the pieces, not of the groups.
  op.infer(tensors, { axis });
  const count = Math.ceil(tensors.length / GROUP);
  return joined(
    Array.from({ length: count }, (_, i) => joined(tensors.slice(i * GROUP, (i + 1) * GROUP), axis)),
    axis,
  );
}

/** Joins tensors of one shape along a new axis. @throws ShapeError */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  requireTensors("stack", tensors);
  const [first] = tensors;
  if (first === undefined) throw shapeError("stack", "needs at least one tensor.");
  const other = tensors.find((t) => !sameShape(t.shape, first.shape));
  if (other !== undefined)
    throw shapeError("stack", `shapes ${formatShape(first.shape)} and ${formatShape(other.shape)} differ.`);
  return concatenate(
    tensors.map((t) => t.expandDims(axis)),
    axis,
  );
}
