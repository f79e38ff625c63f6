/** The rewrite engine: rebuilds a graph node by node, offering each to a list of rules. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import { bindAll, buildGraph, currentTrace, type Trace } from "../graph/trace.ts";
import { firstOf, walk } from "../graph/walk.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A rewrite: what to put in place of an operation on (already rewritten) inputs; undefined where it does not apply. */
export interface Rule {
  /** For its readers and its tests: the built library has it not. */
  readonly name: string;
  /** The name of the operation it applies to. */
  readonly op: string;
  /** For its tests: a zero in the result may have the other sign. */
  readonly signOfZero?: boolean;
  rewrite(node: Node, ...inputs: Tensor[]): Tensor | readonly Tensor[] | undefined;
}

export interface Rewritten {
  /** It has the same inputs and outputs in the same order. */
  readonly graph: Graph;
  /** The rules that applied, once for each time. */
  readonly applied: readonly Rule[];
}

/** The node that computes a tensor of the graph being rebuilt, and back. */
export const nodeOf = (t: Tensor): Node => (currentTrace() as Trace).node(t);
export const tensorOf = (node: Node): Tensor => (currentTrace() as Trace).tensor(node);

/** One pass over a graph: each node is offered to the rules in order, and the first that applies replaces it. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Rewritten {
  const byOperation = new Map<string, Rule[]>();
  for (const rule of rules) {
    const others = byOperation.get(rule.op);
    if (others === undefined) byOperation.set(rule.op, [rule]);
    else others.push(rule);
  }
  const applied: Rule[] = [];
  const replace = (node: Node, args: Tensor[]): readonly Tensor[] => {
    for (const rule of byOperation.get(node.op.name) ?? []) {
      const found = rule.rewrite(node, ...args);
      if (found === undefined) continue;
      applied.push(rule);
      return Array.isArray(found) ? (found as readonly Tensor[]) : [found as Tensor];
    }
    return bindAll(node.op, node.attrs, args);
  };
  const rebuilt = buildGraph(graph.inputs.map(avalOf), (...inputs) => {
    const values = walk(graph, inputs, replace);
    return graph.outputs.map((node) => firstOf(values, node));
  });
  return { graph: rebuilt, applied };
}
