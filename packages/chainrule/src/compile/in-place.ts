/** Updates in place: which outputs of a graph may be written over the input whose next value they are. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Fusion } from "./fuse.ts";

/**
 * Whether an output may be written over the input that it replaces: it is computed element by element, and nothing
 * computed later reads the old value.
 */
export function canOverwrite(graph: Graph, { units, usedIn }: Fusion, output: Node, state: Node): boolean {
  const own = units.findIndex((unit) => unit.kind === "flat" && unit.roots.includes(output));
  if (own < 0 || output.op === INPUT || output.op === PICK || graph.outputs.includes(state)) return false;
  if (graph.outputs.filter((node) => node === output).length > 1) return false;
  if (!sameShape(avalOf(output).shape, avalOf(state).shape) || avalOf(output).dtype !== avalOf(state).dtype)
    return false;
  return [...(usedIn.get(state) ?? [])].every((unit) => unit <= own);
}
