/** Updates in place: which outputs of a graph may be written over the input whose next value they are. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import { PICK } from "../graph/structural.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Fusion } from "./fuse.ts";

/**
 * Whether an output may be written over the input that it replaces: it is computed element by element, or carried from
 * step to step of a loop that begins with that input, and nothing computed later reads the old value.
 */
export function canOverwrite(graph: Graph, fusion: Fusion, output: Node, state: Node): boolean {
  const own = replacingUnit(fusion, output, state);
  if (own < 0 || graph.outputs.includes(state)) return false;
  if (graph.outputs.filter((node) => node === output).length > 1) return false;
  if (!sameShape(avalOf(output).shape, avalOf(state).shape) || avalOf(output).dtype !== avalOf(state).dtype)
    return false;
  return [...(fusion.usedIn.get(state) ?? [])].every((unit) => unit <= own);
}

/** The unit that can compute the output in the buffer of the state, or -1. */
function replacingUnit({ units }: Fusion, output: Node, state: Node): number {
  const { root, index } = resultOf(output);
  const { lowering } = root.op;
  if (lowering.kind !== "steps") return units.findIndex(({ kind, roots }) => kind === "flat" && roots.includes(output));
  const from = lowering.carried?.(root.attrs).get(index);
  const continues = from !== undefined && root.inputs[from] === state;
  // Were the state also a constant of the loop, that would change under its hands.
  if (!continues || root.inputs.filter((input) => input === state).length > 1) return -1;
  return units.findIndex(({ roots }) => roots.includes(root));
}

/** The node that computes a value, and which of its results that is. */
export const resultOf = (node: Node): { readonly root: Node; readonly index: number } =>
  node.op === PICK ? { root: node.inputs[0] as Node, index: node.attrs.index as number } : { root: node, index: 0 };
