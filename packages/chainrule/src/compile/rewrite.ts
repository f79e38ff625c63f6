/** The rewrite engine: rebuilds a graph node by node, offering each to a list of rules. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import { atScope } from "../graph/scope.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { bindAll, buildGraph, currentTrace, type Trace } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A rewrite: what to put in place of an operation on (already rewritten) inputs; undefined where it does not apply. */
export interface Rule {
  readonly name: string;
  /** The name of the operation it applies to. */
  readonly op: string;
  /** A zero in the result may have the other sign. */
  readonly signOfZero?: boolean;
  rewrite(node: Node, ...inputs: Tensor[]): Tensor | readonly Tensor[] | undefined;
}

export interface Rewritten {
  /** It has the same inputs and outputs in the same order. */
  readonly graph: Graph;
  /** The names of the rules that applied, once for each time. */
  readonly applied: readonly string[];
}

/** The node that computes a tensor of the graph being rebuilt, and back. */
export const nodeOf = (t: Tensor): Node => (currentTrace() as Trace).node(t);
export const tensorOf = (node: Node): Tensor => (currentTrace() as Trace).tensor(node);

/** One pass over a graph: each node is offered to the rules in order, and the first that applies replaces it. */
export function rewrite(graph: Graph, rules: readonly Rule[]): Rewritten {
  const byOperation = Map.groupBy(rules, (rule) => rule.op);
  const applied: string[] = [];
  const replace = (node: Node, args: Tensor[]): readonly Tensor[] => {
    for (const rule of byOperation.get(node.op.name) ?? []) {
      const found = rule.rewrite(node, ...args);
      if (found === undefined) continue;
      applied.push(rule.name);
      return Array.isArray(found) ? (found as readonly Tensor[]) : [found as Tensor];
    }
    return bindAll(node.op, node.attrs, args);
  };
  const rebuilt = buildGraph(graph.inputs.map(avalOf), (...inputs) => {
    const values = new Map<Node, readonly Tensor[]>(graph.inputs.map((node, i) => [node, [inputs[i] as Tensor]]));
    const valueOf = (node: Node): Tensor => (values.get(node) as readonly Tensor[])[0] as Tensor;
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      if (node.op === PICK) {
        const all = values.get(node.inputs[0] as Node) as readonly Tensor[];
        values.set(node, [all[node.attrs.index as number] as Tensor]);
        continue;
      }
      values.set(
        node,
        atScope(node.scope, () => replace(node, node.inputs.map(valueOf))),
      );
    }
    return graph.outputs.map(valueOf);
  });
  return { graph: rebuilt, applied };
}
