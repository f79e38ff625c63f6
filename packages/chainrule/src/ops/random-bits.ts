/**
 * Counter-based random bits: Threefry-2x32 with 20 rounds, of J. K. Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC'11. The bits are a function of the key and the position alone.
 */
import { DTypeError, located } from "../graph/errors.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import type { ExprPool } from "../loop/build.ts";
import type { Expr } from "../loop/ir.ts";
import { tensor } from "../tensor/create.ts";
import { formatShape, type Shape, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkShape, shapeError } from "./define.ts";
import { ravel } from "./loops.ts";
import { register } from "./registry.ts";

interface RandomBitsAttrs {
  readonly shape: Shape;
  /** Separates uses of one key: 0 draws numbers, 1 splits, 2 folds in. */
  readonly stream: number;
  readonly [key: string]: Shape | number;
}

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** The key-schedule parity constant of Threefry, C240 of the Skein family cut to 32 bits. */
const PARITY = 0x1bd11bda;

/** Threefry-2x32-20 for a key and a counter of two words each. */
export function threefry(k: ExprPool, [k0, k1]: readonly [Expr, Expr], [c0, c1]: readonly [Expr, Expr]): [Expr, Expr] {
  const keys = [k0, k1, k.call("xor", k.call("xor", k0, k1), k.int(PARITY))];
  const key = (i: number): Expr => keys[i % 3] as Expr;
  let x = k.call("add", c0, k0);
  let y = k.call("add", c1, k1);
  for (let group = 0; group < 5; group++) {
    for (const rotation of ROTATIONS[group % 2] as readonly number[]) {
      x = k.call("add", x, y);
      y = k.call("bitor", k.call("shl", y, k.int(rotation)), k.call("shr", y, k.int(32 - rotation)));
      y = k.call("xor", y, x);
    }
    x = k.call("add", x, key(group + 1));
    y = k.call("add", k.call("add", y, key(group + 2)), k.int(group + 1));
  }
  return [x, y];
}

const op: Primitive = /* @__PURE__ */ register<RandomBitsAttrs>({
  name: "randomBits",
  doc: "32 random bits for each element, as int32, from a key of two int32 words.",
  onnx: null,
  infer([key], { shape }) {
    const { shape: from, dtype } = key as Tensor;
    checkShape("random", shape);
    if (dtype !== "int32")
      throw new DTypeError(located(`randomBits: the key is ${dtype}; make one with random.key(seed).`));
    if (from.at(-1) !== 2) {
      throw shapeError("randomBits", `a key has shape [2], not ${formatShape(from)}; make one with random.key(seed).`);
    }
    return { shape: [...from.slice(0, -1), ...shape], dtype: "int32" };
  },
  lowering: {
    kind: "pull",
    cost: 100,
    pointwise: false,
    element(k, index, read, { attrs: { shape, stream }, inputs: [key] }) {
      const lead = (key as Tensor).shape.length - 1;
      const word = (i: number): Expr => read(0, [...index.slice(0, lead), k.int(i)]);
      const counter = ravel(k, index.slice(lead), stridesOf(shape));
      return threefry(k, [word(0), word(1)], [k.int(stream), counter])[0];
    },
  },
  nondifferentiable: true,
  batch: ([key], _, __, attrs) => [bind(op, attrs, key as Tensor)],
  samples: () => [
    { inputs: [tensor([1, 2], { dtype: "int32" })], attrs: { shape: [3, 2], stream: 0 } },
    {
      inputs: [
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          { dtype: "int32" },
        ),
      ],
      attrs: { shape: [2], stream: 1 },
    },
    { inputs: [tensor([0, 0], { dtype: "int32" })], attrs: { shape: [], stream: 0 } },
  ],
});

/** 32 random bits for each element of `shape`, as int32. */
export const randomBits = (key: Tensor, shape: Shape, stream = 0): Tensor =>
  bind(op, { shape: [...shape], stream }, key);
