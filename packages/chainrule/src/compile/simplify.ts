/** Applies the simplification rules until nothing changes. */
import type { Graph } from "../graph/node.ts";
import { rewrite } from "./rewrite.ts";
import { rules } from "./rules.ts";

/** Rules only ever shrink an expression, so few rounds are needed; the limit guards against two that undo each other. */
const MAX_ROUNDS = 8;

export function simplify(graph: Graph): Graph {
  let current = graph;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = rewrite(current, rules);
    // The same operations in the same number: no rule found anything to do.
    if (signature(next) === signature(current)) return next;
    current = next;
  }
  return current;
}

const signature = (graph: Graph): string => graph.nodes.map((node) => node.op.name).join();
