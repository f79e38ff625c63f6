/** A graph in double precision: every float32 in it becomes float64. */
import { type Attrs, type AttrValue, avalOf, type Graph, isGraph, type Node } from "../graph/node.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { bindAll, buildGraph } from "../graph/trace.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";

const wider = (dtype: DType): DType => (dtype === "float32" ? "float64" : dtype);

/** The same graph with float64 in place of float32, for checks that need more digits than training does. */
export function promote(graph: Graph): Graph {
  const avals = graph.inputs.map(avalOf).map(({ shape, dtype }) => ({ shape, dtype: wider(dtype) }));
  return buildGraph(avals, (...inputs) => {
    const values = new Map<Node, readonly Tensor[]>(graph.inputs.map((node, i) => [node, [inputs[i] as Tensor]]));
    const valueOf = (node: Node): Tensor => (values.get(node) as readonly Tensor[])[0] as Tensor;
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      const result =
        node.op === PICK
          ? [(values.get(node.inputs[0] as Node) as readonly Tensor[])[node.attrs.index as number] as Tensor]
          : bindAll(node.op, promoteAttrs(node.attrs), node.inputs.map(valueOf));
      values.set(node, result);
    }
    return graph.outputs.map(valueOf);
  });
}

const promoteAttrs = (attrs: Attrs): Attrs =>
  Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, promoteAttr(key, value)]));

function promoteAttr(key: string, value: AttrValue): AttrValue {
  if (isGraph(value)) return promote(value);
  return key === "dtype" ? wider(value as DType) : value;
}
