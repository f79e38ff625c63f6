/** A scalar function in double precision, with its gradient: what is compared. */
import { compile } from "../compile/index.ts";
import { requireFunction } from "../graph/input.ts";
import { leavesLike } from "../graph/like.ts";
import { evaluate, traceFunction } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { promote } from "../transform/promote.ts";
import type { Checked } from "./checker.ts";
import { requireScalar, type Subject } from "./subject.ts";

/** A scalar function as a graph in double precision. */
export type Exact = Pick<Checked, "graph" | "inputs" | "names" | "gradients">;

/** Traces and promotes a function, with the inputs that its graph takes. */
export function exactly(name: string, { names, leaves, call, gradientCall }: Subject, gradient: unknown): Exact {
  const scalar = traceFunction((...args) => [requireScalar(name, call(args))], leaves);
  const inputs = [...leaves, ...scalar.captured].map(widened);
  const exact = { graph: promote(scalar.graph), inputs, names };
  if (gradient === undefined) return exact;
  requireFunction(`${name}: gradient`, gradient);
  const traced = traceFunction(
    (...args) => leavesLike(`${name}: the gradient`, gradientCall.like, gradientCall.call(gradient as never, args)),
    leaves,
  );
  const graph = promote(traced.graph);
  const captured = traced.captured.map(widened);
  const run = compile((...args: Tensor[]) => evaluate(graph, args));
  return { ...exact, gradients: (...args) => run(...args.slice(0, leaves.length), ...captured) };
}

const widened = (t: Tensor): Tensor => (t.dtype === "float32" ? t.cast("float64") : t);
