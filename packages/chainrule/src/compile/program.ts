/** From a graph to a program: simplify → fuse → lower → plan memory. */
import { avalOf, type Graph } from "../graph/node.ts";
import type { BufferRef } from "../graph/primitive.ts";
import type { Program } from "../loop/ir.ts";
import { Lowering } from "./lower.ts";
import { planMemory } from "./plan.ts";

export interface Roles {
  /** Inputs from this position on keep their value from run to run. Default: none. */
  readonly stateFrom?: number;
  /** Outputs, by position, that become the next value of an input, by position. */
  readonly updates?: ReadonlyMap<number, number>;
}

export interface GraphProgram {
  readonly program: Program;
  /** The graph after simplification. */
  readonly graph: Graph;
}

export function compileGraph(
  graph: Graph,
  { stateFrom = graph.inputs.length, updates = new Map() }: Roles = {},
): GraphProgram {
  const lowering = new Lowering();
  const inputs = graph.inputs.map((node, i) =>
    i < stateFrom
      ? lowering.buffer(`input ${i}`, avalOf(node), "input")
      : lowering.buffer(`state ${i - stateFrom}`, avalOf(node), "state"),
  );
  const { steps, outputs } = lowering.graph(graph, inputs, updates, (i, node) =>
    updates.has(i) ? undefined : lowering.buffer(`output ${i}`, avalOf(node), "output"),
  );
  const all = [...steps];
  for (const [output, state] of updates) {
    const [from, to] = [outputs[output] as BufferRef, inputs[state] as BufferRef];
    if (from.id !== to.id) all.push(lowering.copy(from, to));
  }
  const { buffers, arenaBytes } = planMemory(lowering.buffers, all);
  const results = outputs.map(
    (buffer, i) => (updates.has(i) ? (inputs[updates.get(i) as number] as BufferRef) : buffer).id,
  );
  return {
    program: { buffers, arenaBytes, steps: all, inputs: inputs.map((b) => b.id), outputs: results },
    graph: lowering.simplified as Graph,
  };
}
