/** Simplifies graphs by the rules of `rules.ts`. */
import type { Graph } from "../graph/node.ts";
import { rewrite } from "./rewrite.ts";
import { RULES } from "./rules.ts";

export const simplify = (graph: Graph): Graph => rewrite(graph, RULES).graph;
