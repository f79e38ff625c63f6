/** How much work a flow graph is, counted from its nodes. */
import { avalOf, type Graph, isGraph, type Node } from "../graph/node.ts";
import { isFloat } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";

/**
 * Operations on floats: each elementwise one is one for each element, exp as much as add; a sum of n numbers n; a product
 * [m, k]·[k, n] is 2·m·n·k. What only moves data, or casts it, is none. Of branches all count, a loop as often as it runs,
 * a `whileLoop` once.
 */
export function nodeFlops(node: Node): number {
  const { op, inputs, attrs } = node;
  const inner = Object.values(attrs).filter(isGraph);
  if (inner.length > 0) return subgraphFlops(node, inner);
  const output = avalOf(node);
  if (![output, ...inputs.map(avalOf)].some(({ dtype }) => isFloat(dtype)) || op.name === "cast") return 0;
  const size = (aval = output): number => sizeOf(aval.shape);
  switch (op.lowering.kind) {
    case "pull":
      return op.lowering.cost === 0 ? 0 : size();
    case "product":
      return 2 * size() * ((inputs[0] as Node).avals[0]?.shape.at(-1) as number);
    case "reduce":
    case "loops":
      return size(avalOf(inputs[0] ?? node));
    default:
      return 0;
  }
}

const graphFlops = (graph: Graph): number => graph.nodes.reduce((sum, node) => sum + nodeFlops(node), 0);

function subgraphFlops({ op, attrs }: Node, graphs: readonly Graph[]): number {
  // The backward rule of a function of one's own is not part of the forward pass.
  if (op.name === "customVjp") return graphFlops(attrs.graph as Graph);
  const times = typeof attrs.length === "number" ? attrs.length : 1;
  return times * graphs.reduce((sum, graph) => sum + graphFlops(graph), 0);
}
