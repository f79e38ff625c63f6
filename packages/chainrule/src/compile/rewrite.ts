/** The rewrite engine: rebuilds a graph node by node, offering each to a list of rules. */
import type { Graph, Node } from "../graph/node.ts";
import { avalOf } from "../graph/node.ts";
import { atScope } from "../graph/scope.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { bindAll, buildGraph, currentTrace, type Trace } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A rewrite: what to put in place of an operation on (already rewritten) inputs; undefined where it does not apply. */
export interface Rule {
  readonly name: string;
  /** The name of the operation it applies to. */
  readonly op: string;
  rewrite(inputs: readonly Tensor[], node: Node): Tensor | readonly Tensor[] | undefined;
}

/** The node that computes a tensor of the graph being rebuilt, and back. */
export const nodeOf = (t: Tensor): Node => (currentTrace() as Trace).node(t);
export const tensorOf = (node: Node): Tensor => (currentTrace() as Trace).tensor(node);

/** One pass of all rules over a graph. The new graph has the same inputs and outputs in the same order. */
export function rewrite(graph: Graph, rules: ReadonlyMap<string, readonly Rule[]>): Graph {
  return buildGraph(graph.inputs.map(avalOf), (...inputs) => {
    const values = new Map<Node, readonly Tensor[]>(graph.inputs.map((node, i) => [node, [inputs[i] as Tensor]]));
    const valueOf = (node: Node): Tensor => (values.get(node) as readonly Tensor[])[0] as Tensor;
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      if (node.op === PICK) {
        const all = values.get(node.inputs[0] as Node) as readonly Tensor[];
        values.set(node, [all[node.attrs.index as number] as Tensor]);
        continue;
      }
      const args = node.inputs.map(valueOf);
      values.set(node, atScope(node.scope, () => apply(node, args, rules.get(node.op.name) ?? [])));
    }
    return graph.outputs.map(valueOf);
  });
}

function apply(node: Node, args: readonly Tensor[], rules: readonly Rule[]): readonly Tensor[] {
  for (const rule of rules) {
    const found = rule.rewrite(args, node);
    if (found !== undefined) return Array.isArray(found) ? (found as readonly Tensor[]) : [found as Tensor];
  }
  return bindAll(node.op, node.attrs, args);
}
