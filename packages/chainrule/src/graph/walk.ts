/** The one walk over a graph: every evaluation of it, whatever its values are, goes this way. */
import type { Graph, Node } from "./node.ts";
import { atScope } from "./scope.ts";
import { INPUT, PICK } from "./structural.ts";

/**
 * Gives every node its values: the inputs those given, each other node what `apply` makes of the values of its inputs, one
 * value for each of its results. Runs `apply` under the layer path that the node was made under.
 */
export function walk<V>(
  graph: Graph,
  inputs: readonly V[],
  apply: (node: Node, args: V[]) => readonly V[],
): Map<Node, readonly V[]> {
  const values = new Map<Node, readonly V[]>();
  graph.inputs.forEach((node, i) => {
    values.set(node, [inputs[i] as V]);
  });
  for (const node of graph.nodes) if (node.op !== INPUT) visit(values, node, apply);
  return values;
}

/** Gives one node its values, from those of its inputs. */
export function visit<V>(
  values: Map<Node, readonly V[]>,
  node: Node,
  apply: (node: Node, args: V[]) => readonly V[],
): void {
  if (node.op === PICK) {
    const all = values.get(node.inputs[0] as Node) as readonly V[];
    values.set(node, [all[node.attrs.index as number] as V]);
    return;
  }
  const args = node.inputs.map((input) => firstOf(values, input));
  values.set(
    node,
    atScope(node.scope, () => apply(node, args)),
  );
}

/** The value of a node with one result. */
export const firstOf = <V>(values: ReadonlyMap<Node, readonly V[]>, node: Node): V =>
  (values.get(node) as readonly V[])[0] as V;
