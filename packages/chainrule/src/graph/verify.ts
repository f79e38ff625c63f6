/** Checks that a graph is well formed; run after every transform and pass in tests. */
import { sameShape } from "../tensor/shape.ts";
import { type Aval, type Graph, isGraph, type Node } from "./node.ts";
import { printGraph } from "./print.ts";
import { INPUT, PICK } from "./structural.ts";

/** @throws Error that names the node and the broken rule, with the graph as text */
export function verifyGraph(graph: Graph): void {
  const seen = new Set<Node>();
  const inputs = new Set(graph.inputs);
  const fail = (node: Node, rule: string): never => {
    throw new Error(`Malformed graph: node ${node.id} (${node.op.name}) ${rule}\n${printGraph(graph)}`);
  };
  if (inputs.size !== graph.inputs.length)
    throw new Error(`Malformed graph: an input is listed twice\n${printGraph(graph)}`);
  for (const node of graph.inputs) if (node.op !== INPUT) fail(node, "is listed as an input and computes something");
  for (const node of graph.nodes) {
    if (seen.has(node)) fail(node, "is there twice");
    if (node.op === INPUT && !inputs.has(node)) fail(node, "is an input that the graph does not list");
    for (const input of node.inputs) if (!seen.has(input)) fail(node, "comes before one of its inputs");
    checkAvals(node, fail);
    for (const value of Object.values(node.attrs)) if (isGraph(value)) verifyGraph(value);
    seen.add(node);
  }
  for (const output of graph.outputs) if (!seen.has(output)) fail(output, "is an output that is not among the nodes");
}

function checkAvals(node: Node, fail: (node: Node, rule: string) => never): void {
  if (node.op === INPUT) return;
  const expected = expectedAvals(node, fail);
  const same = (a: Aval | undefined, b: Aval | undefined): boolean =>
    a !== undefined && b !== undefined && a.dtype === b.dtype && sameShape(a.shape, b.shape);
  if (expected.length !== node.avals.length || !expected.every((aval, i) => same(aval, node.avals[i]))) {
    fail(node, "has a type that its shape rule does not give");
  }
}

function expectedAvals(node: Node, fail: (node: Node, rule: string) => never): readonly Aval[] {
  if (node.op === PICK) return [node.inputs[0]?.avals[node.attrs.index as number] as Aval];
  try {
    return [
      node.op.infer(
        node.inputs.map((n) => n.avals[0] as Aval),
        node.attrs,
      ),
    ].flat();
  } catch (error) {
    return fail(node, `is refused by its shape rule: ${error instanceof Error ? error.message : String(error)}`);
  }
}
