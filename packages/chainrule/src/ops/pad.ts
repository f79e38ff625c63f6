/** Zeros around and between the elements. */
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { Expr } from "../loop/ir.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { example, shapeError } from "./define.ts";
import { register } from "./registry.ts";

interface PadAttrs {
  readonly before: Shape;
  readonly after: Shape;
  /** Number of zeros between neighbours. */
  readonly between: Shape;
  readonly [key: string]: Shape;
}

const at = (list: Shape, i: number): number => list[i] as number;

const op: Primitive = /* @__PURE__ */ register<PadAttrs>({
  name: "pad",
  doc: "Puts zeros before, after and between the elements of each dimension.",
  onnx: "Pad",
  infer([x], { before, after, between }) {
    const { shape, dtype } = x as Tensor;
    if (
      [before, after, between].some(
        (list) => list.length !== shape.length || list.some((n) => !Number.isInteger(n) || n < 0),
      )
    ) {
      throw shapeError("pad", `needs one non-negative integer for each of the ${shape.length} dimensions.`);
    }
    const extent = (n: number, i: number): number =>
      at(before, i) + (n === 0 ? 0 : (n - 1) * (at(between, i) + 1) + 1) + at(after, i);
    return { shape: shape.map(extent), dtype };
  },
  lowering: {
    kind: "pull",
    cost: 1,
    pointwise: false,
    element(k, index, read, { attrs, inputs: [x], output }) {
      const { shape } = x as Tensor;
      const zero = k.constant(output.dtype, 0);
      if (shape.includes(0)) return zero;
      let inside: Expr = k.constant("bool", 1);
      const require = (condition: Expr): void => {
        inside = inside.kind === "const" ? condition : k.call("and", inside, condition);
      };
      const source = shape.map((n, i) => {
        const step = at(attrs.between, i) + 1;
        const shifted = k.call("sub", index[i] as Expr, k.int(at(attrs.before, i)));
        if (at(attrs.before, i) === 0 && at(attrs.after, i) === 0 && step === 1) return shifted;
        // The position is clamped so that the element read is one that exists even where it is not wanted.
        const clamped = k.call("max", k.int(0), k.call("min", shifted, k.int((n - 1) * step)));
        require(k.call("eq", shifted, clamped));
        if (step === 1) return clamped;
        require(k.call("eq", k.call("imod", clamped, k.int(step)), k.int(0)));
        return k.call("idiv", clamped, k.int(step));
      });
      return k.call("select", inside, read(0, source), zero);
    },
  },
  linear: () => [0],
  transpose(cotangent, _, [x], __, { before, between }) {
    return (x as Tensor).shape.reduce((ct, n, i) => {
      const step = at(between, i) + 1;
      const stop = n === 0 ? at(before, i) : at(before, i) + (n - 1) * step + 1;
      return ct.slice(i, at(before, i), stop, step);
    }, cotangent);
  },
  batch: ([x], _, __, attrs) => [pad(x as Tensor, [0, ...attrs.before], [0, ...attrs.after], [0, ...attrs.between])],
  samples: () => [
    { inputs: [example([2, 3])], attrs: { before: [1, 0], after: [0, 2], between: [0, 1] } },
    { inputs: [example([0])], attrs: { before: [2], after: [1], between: [0] } },
    { inputs: [example([])], attrs: { before: [], after: [], between: [] } },
  ],
});

/** Puts zeros before, after and between the elements of each dimension. */
export function pad(x: Tensor, before: Shape, after: Shape, between: Shape = x.shape.map(() => 0)): Tensor {
  const nothing = [before, after, between].every((list) => list.length === x.rank && list.every((n) => n === 0));
  return nothing ? x : bind(op, { before: [...before], after: [...after], between: [...between] }, x);
}
