/**
 * Algebraic simplifications, as data. Each holds exactly in floating point, for ±∞ and NaN too, but where `signOfZero`
 * says that −0 may become 0 or the other way round: so a compiled program computes what the graph says. x + 0 → x and
 * x · 0 → 0 are therefore not among them (−0 + 0 is 0, and ∞ · 0 is NaN). A power that becomes a product or a quotient
 * is rounded correctly, where a target's own power may be off by a unit in the last place.
 */
import type { Graph, Node } from "../graph/node.ts";
import { bind, evaluate } from "../graph/trace.ts";
import { castTo, scalarFunction } from "../loop/scalar.ts";
import { full } from "../ops/constant.ts";
import { primitive } from "../ops/registry.ts";
import { where } from "../ops/select.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { nodeOf, type Rule, tensorOf } from "./rewrite.ts";

/** Operations that only move elements: on a constant they give the constant. */
const MOVES = ["reshape", "transpose", "broadcast", "slice", "flip"] as const;

/** Arithmetic that IEEE 754 rounds correctly, and so the same everywhere. */
const ARITHMETIC = ["neg", "abs", "sqrt", "add", "sub", "mul", "mulz", "div"] as const;

/** The value of a tensor that is one constant everywhere, rounded to its dtype. */
function constantValue(t: Tensor): number | undefined {
  let node = nodeOf(t);
  while (MOVES.some((name) => name === node.op.name)) node = node.inputs[0] as Node;
  return node.op.name === "constant" ? castTo(t.dtype, node.attrs.value as number) : undefined;
}

const isConstant = (t: Tensor, value: number): boolean => Object.is(constantValue(t), value);

const isPowerOfTwo = (x: number): boolean => x !== 0 && Number.isFinite(x) && Number.isInteger(Math.log2(Math.abs(x)));

/** The inputs of the operation that computes a tensor, if it is the named one. */
function inputsOf(t: Tensor, op: string): Tensor[] | undefined {
  const node = nodeOf(t);
  return node.op.name === op ? node.inputs.map(tensorOf) : undefined;
}

/** The input of the unary operation that computes a tensor, if it is the named one. */
const inner = (t: Tensor, op: string): Tensor | undefined => inputsOf(t, op)?.[0];

const same = (a: Tensor | undefined, b: Tensor): boolean => a !== undefined && nodeOf(a) === nodeOf(b);

/** Whether all elements are finite, whatever the inputs are: they were integers or booleans before. */
function isFiniteEverywhere(t: Tensor): boolean {
  const value = constantValue(t);
  if (value !== undefined) return Number.isFinite(value);
  const source = inner(t, "cast");
  return source !== undefined && (source.dtype === "bool" || source.dtype === "int32");
}

export const RULES: readonly Rule[] = [
  {
    name: "f with its own gradient → f",
    op: "customVjp",
    rewrite: ({ attrs }, ...inputs) => evaluate(attrs.graph as Graph, inputs),
  },
  { name: "stopGradient(x) → x", op: "stopGradient", rewrite: (_, x) => x },

  { name: "−(−x) → x", op: "neg", rewrite: (_, x) => inner(x, "neg") },
  { name: "x + (−y) → x − y", op: "add", rewrite: (_, x, y) => apply(inner(y, "neg"), (z) => x.sub(z)) },
  { name: "(−x) + y → y − x", op: "add", rewrite: (_, x, y) => apply(inner(x, "neg"), (z) => y.sub(z)) },
  { name: "x + (−0) → x", op: "add", rewrite: (_, x, y) => (isConstant(y, -0) ? x : undefined) },
  { name: "x − 0 → x", op: "sub", rewrite: (_, x, y) => (isConstant(y, 0) ? x : undefined) },
  { name: "x − (−y) → x + y", op: "sub", rewrite: (_, x, y) => apply(inner(y, "neg"), (z) => x.add(z)) },

  { name: "x · 1 → x", op: "mul", rewrite: (_, x, y) => (isConstant(y, 1) ? x : undefined) },
  { name: "1 · x → x", op: "mul", rewrite: (_, x, y) => (isConstant(x, 1) ? y : undefined) },
  { name: "x · (−1) → −x", op: "mul", rewrite: (_, x, y) => (isConstant(y, -1) ? x.neg() : undefined) },
  { name: "(−1) · x → −x", op: "mul", rewrite: (_, x, y) => (isConstant(x, -1) ? y.neg() : undefined) },
  {
    name: "(−x) · (−y) → x · y",
    op: "mul",
    rewrite: (_, x, y) => apply(inner(x, "neg"), (a) => apply(inner(y, "neg"), (b) => a.mul(b))),
  },
  { name: "x / 1 → x", op: "div", rewrite: (_, x, y) => (isConstant(y, 1) ? x : undefined) },
  {
    name: "x / c → x · (1/c) for a power of two",
    op: "div",
    rewrite(_, x, y) {
      const c = constantValue(y);
      const reciprocal = castTo(y.dtype, 1 / (c ?? 0));
      return c !== undefined && isPowerOfTwo(c) && isPowerOfTwo(reciprocal) ? x.mul(reciprocal) : undefined;
    },
  },

  // Derivative rules write mulz(cotangent, partial): see ops/mulz.ts.
  {
    name: "guarded x · y → x · y for a finite y",
    op: "mulz",
    signOfZero: true,
    rewrite: (_, x, y) => (isFiniteEverywhere(y) ? x.mul(y) : undefined),
  },
  {
    name: "guarded c · y → c · y for c ≠ 0",
    op: "mulz",
    rewrite(_, x, y) {
      const c = constantValue(x);
      return c !== undefined && c !== 0 ? x.mul(y) : undefined;
    },
  },
  {
    name: "guarded 0 · y → 0",
    op: "mulz",
    rewrite: (_, x) => (constantValue(x) === 0 ? full(x.shape, 0, x.dtype) : undefined),
  },

  { name: "x⁰ → 1", op: "pow", rewrite: (_, x, y) => (constantValue(y) === 0 ? full(x.shape, 1, x.dtype) : undefined) },
  { name: "x¹ → x", op: "pow", rewrite: (_, x, y) => (isConstant(y, 1) ? x : undefined) },
  { name: "x² → x · x", op: "pow", rewrite: (_, x, y) => (isConstant(y, 2) ? x.mul(x) : undefined) },
  { name: "x⁻¹ → 1 / x", op: "pow", rewrite: (_, x, y) => (isConstant(y, -1) ? x.reciprocal() : undefined) },

  { name: "¬¬x → x", op: "not", rewrite: (_, x) => inner(x, "not") },
  { name: "where(c, x, x) → x", op: "select", rewrite: (_, __, x, y) => (same(x, y) ? x : undefined) },
  {
    name: "where(constant, x, y) → x or y",
    op: "select",
    rewrite: (_, c, x, y) => apply(constantValue(c), (value) => (value === 0 ? y : x)),
  },
  {
    name: "where(¬c, x, y) → where(c, y, x)",
    op: "select",
    rewrite: (_, c, x, y) => apply(inner(c, "not"), (d) => where(d, y, x)),
  },
  {
    name: "where(c, where(c, x, y), z) → where(c, x, z)",
    op: "select",
    rewrite: (_, c, x, y) =>
      apply(inputsOf(x, "select"), ([d, a]) => (same(d, c) ? where(c, a as Tensor, y) : undefined)),
  },
  {
    name: "where(c, x, where(c, y, z)) → where(c, x, z)",
    op: "select",
    rewrite: (_, c, x, y) =>
      apply(inputsOf(y, "select"), ([d, , b]) => (same(d, c) ? where(c, x, b as Tensor) : undefined)),
  },

  {
    name: "reshape(reshape(x)) → reshape(x)",
    op: "reshape",
    rewrite: ({ attrs }, x) => inner(x, "reshape")?.reshape(attrs.shape as number[]),
  },
  {
    name: "broadcast(broadcast(x)) → broadcast(x)",
    op: "broadcast",
    rewrite: ({ attrs }, x) => inner(x, "broadcast")?.broadcastTo(attrs.shape as number[]),
  },
  {
    name: "transpose(transpose(x)) → transpose(x)",
    op: "transpose",
    rewrite({ attrs }, x) {
      const first = nodeOf(x).attrs.permutation as readonly number[];
      return inner(x, "transpose")?.transpose((attrs.permutation as number[]).map((axis) => first[axis] as number));
    },
  },

  ...MOVES.map(
    (op): Rule => ({
      name: `${op} of a constant → the constant`,
      op,
      rewrite({ avals: [aval] }, x) {
        // A broadcast of the bare constant is what all of these end in.
        if (op === "broadcast" && nodeOf(x).op.name === "constant") return undefined;
        return apply(constantValue(x), (value) => full(aval?.shape ?? [], value, x.dtype));
      },
    }),
  ),
  ...ARITHMETIC.map(
    (op): Rule => ({
      name: `${op} of constants → a constant`,
      op,
      rewrite(_, ...inputs) {
        const values = inputs.flatMap((t) => constantValue(t) ?? []);
        const { shape, dtype } = inputs[0] as Tensor;
        return values.length === inputs.length ? full(shape, scalarFunction(op, dtype)(...values), dtype) : undefined;
      },
    }),
  ),
  {
    name: "cast of a constant → a constant",
    op: "cast",
    rewrite({ attrs }, x) {
      const dtype = attrs.dtype as DType;
      return apply(constantValue(x), (value) => full(x.shape, castTo(dtype, value), dtype));
    },
  },

  {
    name: "matmul over an extent of 1 → x · y",
    op: "matmul",
    signOfZero: true, // 0 + (−0) = 0
    rewrite: (_, x, y) => (x.shape.at(-1) === 1 ? x.mul(y) : undefined),
  },
  ...["sum", "max", "min", "product"].map(
    (op): Rule => ({
      name: `${op} over extents of 1 → reshape`,
      op,
      signOfZero: op === "sum", // 0 + (−0) = 0
      rewrite({ attrs, avals: [aval] }, x) {
        const axes = attrs.axes as readonly number[];
        const real = axes.filter((axis) => x.shape[axis] !== 1);
        if (real.length === axes.length) return undefined;
        return (real.length === 0 ? x : bind(primitive(op), { axes: real }, x)).reshape(aval?.shape ?? []);
      },
    }),
  ),
];

/** `f` of a value that is there. */
function apply<T, R>(value: T | undefined, f: (value: T) => R): R | undefined {
  return value === undefined ? undefined : f(value);
}
