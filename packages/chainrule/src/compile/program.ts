/** From a graph to a program: simplify → fuse → lower → plan memory. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import type { BufferRef } from "../graph/primitive.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import type { Program } from "../loop/ir.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Unit } from "./fuse.ts";
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
  const { steps, outputs } = lowering.graph(
    graph,
    inputs,
    (simplified, units) =>
      new Map(
        simplified.outputs.flatMap((node, i): [number, BufferRef][] => {
          const state = updates.get(i);
          if (state === undefined) return [[i, lowering.buffer(`output ${i}`, avalOf(node), "output")]];
          const inPlace = canOverwrite(simplified, units, node, simplified.inputs[state] as Node);
          return inPlace ? [[i, inputs[state] as BufferRef]] : [];
        }),
      ),
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

/**
 * Whether an output may be written over the input that it replaces: it is computed element by element, and nothing
 * computed later reads the old value.
 */
function canOverwrite(graph: Graph, units: readonly Unit[], output: Node, state: Node): boolean {
  const own = units.findIndex((unit) => unit.kind === "flat" && unit.roots.includes(output));
  if (own < 0 || output.op === INPUT || output.op === PICK || graph.outputs.includes(state)) return false;
  if (graph.outputs.filter((node) => node === output).length > 1) return false;
  if (!sameShape(avalOf(output).shape, avalOf(state).shape) || avalOf(output).dtype !== avalOf(state).dtype)
    return false;
  return units.every((unit, i) => i <= own || !unit.roots.some((root) => reads(root, state, units)));
}

/** Whether a root reads a node, itself or through what is computed in place. */
function reads(root: Node, wanted: Node, units: readonly Unit[]): boolean {
  const roots = new Set(units.flatMap((unit) => unit.roots));
  const pending = [...root.inputs];
  const seen = new Set<Node>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === wanted) return true;
    if (seen.has(node) || roots.has(node)) continue;
    seen.add(node);
    pending.push(...node.inputs);
  }
  return false;
}
