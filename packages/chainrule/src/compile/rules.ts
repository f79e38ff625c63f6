/**
 * Algebraic simplifications, as data. Each holds exactly in floating point (up to the sign of a zero), so that a
 * compiled program computes what the graph says.
 */
import type { Graph } from "../graph/node.ts";
import { bind, evaluate } from "../graph/trace.ts";
import { primitive } from "../ops/registry.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { nodeOf, type Rule, tensorOf } from "./rewrite.ts";

/** The value of a tensor that is one constant everywhere. */
function constantValue(t: Tensor): number | undefined {
  const node = nodeOf(t);
  const source = node.op.name === "broadcast" ? node.inputs[0] : node;
  return source?.op.name === "constant" ? (source.attrs.value as number) : undefined;
}

const isPowerOfTwo = (x: number): boolean => x !== 0 && Number.isFinite(x) && Number.isInteger(Math.log2(Math.abs(x)));

/** For an operation on the result of the same operation: the input of the inner one. */
function inner(t: Tensor, op: string): Tensor | undefined {
  const node = nodeOf(t);
  return node.op.name === op ? tensorOf(node.inputs[0] as typeof node) : undefined;
}

const RULES: readonly Rule[] = [
  { name: "f with its own gradient → f", op: "customVjp", rewrite: (inputs, { attrs }) => evaluate(attrs.graph as Graph, inputs) },
  { name: "stopGradient(x) → x", op: "stopGradient", rewrite: ([x]) => x },
  { name: "−(−x) → x", op: "neg", rewrite: ([x]) => inner(x as Tensor, "neg") },
  { name: "¬¬x → x", op: "not", rewrite: ([x]) => inner(x as Tensor, "not") },
  { name: "x · 1 → x", op: "mul", rewrite: ([x, y]) => (constantValue(y as Tensor) === 1 ? x : undefined) },
  { name: "1 · x → x", op: "mul", rewrite: ([x, y]) => (constantValue(x as Tensor) === 1 ? y : undefined) },
  { name: "x − 0 → x", op: "sub", rewrite: ([x, y]) => (Object.is(constantValue(y as Tensor), 0) ? x : undefined) },
  { name: "x / 1 → x", op: "div", rewrite: ([x, y]) => (constantValue(y as Tensor) === 1 ? x : undefined) },
  {
    name: "x / c → x · (1/c) for a power of two",
    op: "div",
    rewrite([x, y]) {
      const c = constantValue(y as Tensor);
      return c !== undefined && isPowerOfTwo(c) && isPowerOfTwo(1 / c) ? (x as Tensor).mul(1 / c) : undefined;
    },
  },
  {
    name: "guarded x · c → x · c for a finite c",
    op: "mulz",
    rewrite: ([x, y]) => (Number.isFinite(constantValue(y as Tensor)) ? (x as Tensor).mul(y as Tensor) : undefined),
  },
  { name: "x¹ → x", op: "pow", rewrite: ([x, y]) => (constantValue(y as Tensor) === 1 ? x : undefined) },
  { name: "x² → x · x", op: "pow", rewrite: ([x, y]) => (constantValue(y as Tensor) === 2 ? (x as Tensor).mul(x as Tensor) : undefined) },
  { name: "x⁻¹ → 1 / x", op: "pow", rewrite: ([x, y]) => (constantValue(y as Tensor) === -1 ? (x as Tensor).reciprocal() : undefined) },
  { name: "where(c, x, x) → x", op: "select", rewrite: ([, x, y]) => (nodeOf(x as Tensor) === nodeOf(y as Tensor) ? x : undefined) },
  { name: "reshape(reshape(x)) → reshape(x)", op: "reshape", rewrite: ([x], { attrs }) => inner(x as Tensor, "reshape")?.reshape(attrs.shape as number[]) },
  {
    name: "broadcast(broadcast(x)) → broadcast(x)",
    op: "broadcast",
    rewrite: ([x], { attrs }) => inner(x as Tensor, "broadcast")?.broadcastTo(attrs.shape as number[]),
  },
  {
    name: "transpose(transpose(x)) → transpose(x)",
    op: "transpose",
    rewrite([x], { attrs }) {
      const first = nodeOf(x as Tensor).attrs.permutation as readonly number[];
      return inner(x as Tensor, "transpose")?.transpose((attrs.permutation as number[]).map((axis) => first[axis] as number));
    },
  },
  ...["sum", "max", "min", "product"].map(
    (op): Rule => ({
      name: `${op} over extents of 1 → reshape`,
      op,
      rewrite([x], { attrs, avals }) {
        const { shape } = x as Tensor;
        const axes = attrs.axes as readonly number[];
        const real = axes.filter((axis) => shape[axis] !== 1);
        if (real.length === axes.length) return undefined;
        const flat = (avals[0] as { shape: readonly number[] }).shape;
        return (real.length === 0 ? (x as Tensor) : bind(primitive(op), { axes: real }, x as Tensor)).reshape(flat);
      },
    }),
  ),
];

/** The rules by the operation that they apply to. */
export const rules: ReadonlyMap<string, readonly Rule[]> = Map.groupBy(RULES, (rule) => rule.op);
