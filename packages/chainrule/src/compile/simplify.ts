/** Applies the simplification rules until none applies. */
import type { Graph } from "../graph/node.ts";
import { rewrite } from "./rewrite.ts";
import { RULES } from "./rules.ts";

/** A pass sees one level of what the pass before has made; real graphs need two or three. */
const MOST_PASSES = 16;

export function simplify(graph: Graph): Graph {
  let current = graph;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = rewrite(current, RULES);
    current = next.graph;
    if (next.applied.length === 0) break;
  }
  return current;
}
