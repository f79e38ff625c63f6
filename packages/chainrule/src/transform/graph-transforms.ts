/** The transforms as functions from graph to graph, as the rules of control flow use them. */
import { type Aval, avalOf, type Graph } from "../graph/node.ts";
import type { GraphTransforms } from "../graph/primitive.ts";
import { buildGraph, evaluateNodes, isDifferentiable } from "../graph/trace.ts";
import { zerosLike } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { setGraphTransforms } from "./hook.ts";
import { pushforward } from "./jvp.ts";
import { pullback } from "./vjp.ts";
import { batchEvaluate } from "./vmap.ts";

/** Results are remembered, so that transforming a loop's body twice gives the same graph. */
function remembered<R>(make: () => R, graph: Graph, key: string): R {
  const known = memo.get(graph) ?? new Map<string, unknown>();
  memo.set(graph, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as R;
}
const memo = new WeakMap<Graph, Map<string, unknown>>();

const inputAvals = (graph: Graph): Aval[] => graph.inputs.map(avalOf);

export const graphTransforms: GraphTransforms = {
  jvp: (graph, active) => remembered(() => jvpGraph(graph, active), graph, `jvp ${active.join()}`),
  vjp: (graph, wanted) => remembered(() => vjpGraph(graph, wanted), graph, `vjp ${wanted.join()}`),
  vmap: (graph, batched, size, force) =>
    remembered(() => vmapGraph(graph, batched, size, force), graph, `vmap ${batched.join()} ${size} ${force?.join()}`),
};

setGraphTransforms(graphTransforms);

/** Inputs: the graph's, then tangents of the active ones. Outputs: the graph's, then tangents of the differentiable. */
function jvpGraph(graph: Graph, active: readonly boolean[]): Graph {
  const avals = inputAvals(graph);
  return buildGraph([...avals, ...avals.filter((_, i) => active[i])], (...args) => {
    const primals = args.splice(0, avals.length);
    const tangents = avals.map((_, i) => (active[i] === true ? (args.shift() as Tensor) : null));
    const pushed = pushforward(graph, primals, tangents);
    const found = pushed.outputs.flatMap((y, i) => (isDifferentiable(y) ? [pushed.tangents[i] ?? zerosLike(y)] : []));
    return [...pushed.outputs, ...found];
  });
}

/** Inputs: the graph's, then cotangents of its differentiable outputs. Outputs: cotangents of the wanted inputs. */
function vjpGraph(graph: Graph, wanted: readonly boolean[]): Graph {
  const avals = inputAvals(graph);
  const results = graph.outputs.map(avalOf);
  return buildGraph([...avals, ...results.filter(isDifferentiable)], (...args) => {
    const primals = args.splice(0, avals.length);
    const cotangents = results.map((y) => (isDifferentiable(y) ? (args.shift() as Tensor) : null));
    const nodes = graph.inputs.filter((_, i) => wanted[i]);
    const found = pullback(graph, evaluateNodes(graph, primals), cotangents, nodes);
    const inputs = primals.filter((_, i) => wanted[i]);
    return found.map((ct, i) => ct ?? zerosLike(inputs[i] as Tensor));
  });
}

function vmapGraph(graph: Graph, batched: readonly boolean[], size: number, force: readonly boolean[] | undefined) {
  const avals = inputAvals(graph).map((a, i) =>
    batched[i] === true ? { shape: [size, ...a.shape], dtype: a.dtype } : a,
  );
  let varies: readonly boolean[] = [];
  const result = buildGraph(avals, (...args) => {
    const { outputs, batched: out } = batchEvaluate(graph, args, batched, size);
    varies = out.map((v, i) => v || force?.[i] === true);
    return outputs.map((y, i) => (force?.[i] === true && out[i] !== true ? y.broadcastTo([size, ...y.shape]) : y));
  });
  return { graph: result, batched: varies };
}
