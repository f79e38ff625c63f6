/** A graph in double precision: every float32 in it becomes float64. */
import { type Attrs, type AttrValue, avalOf, type Graph, isGraph } from "../graph/node.ts";
import { bindAll, buildGraph } from "../graph/trace.ts";
import { firstOf, walk } from "../graph/walk.ts";
import type { DType } from "../tensor/dtype.ts";

const wider = (dtype: DType): DType => (dtype === "float32" ? "float64" : dtype);

/** The same graph with float64 in place of float32, for checks that need more digits than training does. */
export function promote(graph: Graph): Graph {
  const avals = graph.inputs.map(avalOf).map(({ shape, dtype }) => ({ shape, dtype: wider(dtype) }));
  return buildGraph(avals, (...inputs) => {
    const values = walk(graph, inputs, (node, args) => bindAll(node.op, promoteAttrs(node.attrs), args));
    return graph.outputs.map((node) => firstOf(values, node));
  });
}

const promoteAttrs = (attrs: Attrs): Attrs =>
  Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, promoteAttr(key, value)]));

function promoteAttr(key: string, value: AttrValue): AttrValue {
  if (isGraph(value)) return promote(value);
  return key === "dtype" ? wider(value as DType) : value;
}
