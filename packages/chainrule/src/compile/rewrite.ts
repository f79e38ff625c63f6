/** The rewrite engine: rebuilds a graph node by node, offering each to a list of rules. */
import { type Attrs, avalOf, type Graph, type Node } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { PICK } from "../graph/structural.ts";
import { buildGraph, currentTrace, evaluate, Trace } from "../graph/trace.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A rewrite: what to put in place of an operation on (already rewritten) inputs; undefined where it does not apply. */
export interface Rule {
  /** For its readers and its tests: the built library has it not. */
  readonly name: string;
  /** The name of the operation it applies to. */
  readonly op: string;
  /** For its tests: a zero in the result may have the other sign. */
  readonly signOfZero?: boolean;
  rewrite(node: Node, ...inputs: Tensor[]): Tensor | readonly Tensor[] | undefined;
}

export interface Rewritten {
  /** It has the same inputs and outputs in the same order. */
  readonly graph: Graph;
  /** The rules that applied, once for each time. */
  readonly applied: readonly Rule[];
}

/** The node that computes a tensor of the graph being rebuilt, and back. */
export const nodeOf = (t: Tensor): Node => (currentTrace() as Trace).node(t);
export const tensorOf = (node: Node): Tensor => (currentTrace() as Trace).tensor(node);

/**
 * Rebuilds a graph. Each operation is offered to the rules in order, and the first that applies replaces it; so are the
 * operations that a rule puts together, until none applies. A rule must therefore lead to something simpler.
 */
export function rewrite(graph: Graph, rules: readonly Rule[]): Rewritten {
  const trace = new RewritingTrace(rules);
  const rebuilt = buildGraph(graph.inputs.map(avalOf), (...inputs) => evaluate(graph, inputs), trace);
  return { graph: rebuilt, applied: trace.applied };
}

/** Gives for every operation that is recorded what the rules make of it. */
class RewritingTrace extends Trace {
  readonly applied: Rule[] = [];
  readonly #rules = new Map<string, Rule[]>();
  readonly #made = new Map<Node, Tensor[]>();

  constructor(rules: readonly Rule[]) {
    super();
    for (const rule of rules) {
      const others = this.#rules.get(rule.op);
      if (others === undefined) this.#rules.set(rule.op, [rule]);
      else others.push(rule);
    }
  }

  override record(op: Primitive, attrs: Attrs, tensors: readonly Tensor[]): Tensor[] {
    const results = super.record(op, attrs, tensors);
    const rules = this.#rules.get(op.name);
    if (rules === undefined) return results;
    const first = this.node(results[0] as Tensor);
    const node = first.op === PICK ? (first.inputs[0] as Node) : first;
    const made = this.#made.get(node) ?? this.#replace(node, rules, tensors) ?? results;
    this.#made.set(node, made);
    return made;
  }

  #replace(node: Node, rules: readonly Rule[], inputs: readonly Tensor[]): Tensor[] | undefined {
    for (const rule of rules) {
      const found = rule.rewrite(node, ...inputs);
      if (found === undefined) continue;
      this.applied.push(rule);
      return Array.isArray(found) ? (found as Tensor[]) : [found as Tensor];
    }
    return undefined;
  }
}
