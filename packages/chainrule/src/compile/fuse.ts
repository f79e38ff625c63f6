/** Fusion: which values are stored, and which are computed where they are used. */
import { avalOf, type Graph, type Node } from "../graph/node.ts";
import { INPUT, PICK } from "../graph/structural.ts";
import { sizeOf } from "../tensor/shape.ts";
import { viewOf } from "./views.ts";

/** What one kernel, or one piece of control flow, computes. */
export interface Unit {
  /** flat: elementwise over all roots at once; the others have one root. */
  readonly kind: "flat" | "pull" | "reduce" | "product" | "loops" | "steps";
  readonly roots: Node[];
  /** What the roots depend on, and the roots themselves. */
  readonly reads: Set<Node>;
  /** Scalar operations for one element. */
  cost: number;
}

export interface Fusion {
  /** In an order in which each unit follows those that it depends on. */
  readonly units: readonly Unit[];
  /** Nodes whose value is kept in a buffer. */
  readonly stored: ReadonlySet<Node>;
  /** The units in which the value of a node is read, directly or by what is computed in place. */
  readonly usedIn: ReadonlyMap<Node, ReadonlySet<number>>;
}

/** Scalar operations that are cheaper to repeat than to store and load again. */
const CHEAP = 2;

/**
 * Arrays of more elements than that are not all in the first cache together, and those of one size often begin where they
 * take the same places of it.
 */
const FEW = 512;

/** Scalar operations in one element of a kernel; more would make functions that engines compile badly. */
const LARGEST = 300;

export function fuse(graph: Graph): Fusion {
  const consumers = consumersOf(graph);
  const { stored, cost } = storedNodes(graph, consumers);
  const flat = flatNodes(graph, stored);
  const units: Unit[] = [];
  const unitOf = new Map<Node, number>();
  for (const node of scalarsFirst(graph)) {
    if (!stored.has(node) || node.op === INPUT || node.op === PICK) continue;
    const kind = flat.has(node) ? "flat" : (node.op.lowering.kind as Unit["kind"]);
    const dependencies = dependenciesOf(node, stored);
    const earliest = Math.max(-1, ...dependencies.map((d) => unitOf.get(d) ?? -1));
    const own = cost.get(node) as number;
    const joined = kind === "flat" ? joinable(node, own, units, earliest, dependencies) : undefined;
    const unit = joined === undefined ? { kind, roots: [], reads: new Set<Node>(), cost: 0 } : (units[joined] as Unit);
    if (joined === undefined) units.push(unit);
    unit.roots.push(node);
    for (const read of [node, ...dependencies]) unit.reads.add(read);
    unit.cost += own;
    unitOf.set(node, joined ?? units.length - 1);
  }
  const usedIn = uses(graph, unitOf, stored, consumers);
  return { units, stored: withoutInternal(graph, units, stored, usedIn), usedIn };
}

/**
 * The nodes with those first that compute single elements from inputs only, such as a learning rate from the step: what
 * needs them can then join a kernel that would else have come before them.
 */
function scalarsFirst(graph: Graph): readonly Node[] {
  const early = new Set<Node>();
  for (const node of graph.nodes) {
    const isScalar = node.op.lowering.kind === "pull" && sizeOf(avalOf(node).shape) === 1;
    if (isScalar && node.inputs.every((input) => input.op === INPUT || early.has(input))) early.add(node);
  }
  return [...early, ...graph.nodes.filter((node) => !early.has(node))];
}

function consumersOf(graph: Graph): Map<Node, Node[]> {
  const consumers = new Map<Node, Node[]>(graph.nodes.map((node) => [node, []]));
  for (const node of graph.nodes) for (const input of new Set(node.inputs)) consumers.get(input)?.push(node);
  return consumers;
}

/** Nodes that must or had better have a buffer. */
function storedNodes(graph: Graph, consumers: ReadonlyMap<Node, readonly Node[]>) {
  const outputs = new Set(graph.outputs);
  const stored = new Set<Node>();
  const cost = new Map<Node, number>();
  for (const node of graph.nodes) {
    const { lowering } = node.op;
    const own = lowering.kind === "pull" ? lowering.cost : 0;
    const total = node.inputs.reduce((sum, input) => sum + (stored.has(input) ? 0 : (cost.get(input) ?? 0)), own);
    cost.set(node, total);
    if (mustStore(node, consumers.get(node) ?? [], outputs) || isDear(node, total, consumers.get(node) ?? []))
      stored.add(node);
  }
  // What a product reads through a view must be there; the view itself need not.
  for (const node of graph.nodes) {
    if (node.op.lowering.kind === "product") for (const input of node.inputs) stored.add(viewOf(input).base);
  }
  return { stored, cost };
}

function mustStore(node: Node, consumers: readonly Node[], outputs: ReadonlySet<Node>): boolean {
  if (node.op === INPUT || node.op === PICK || node.op.lowering.kind !== "pull" || outputs.has(node)) return true;
  return consumers.some((c) => {
    const kind = c.op.lowering.kind;
    return kind === "loops" || kind === "steps" || (kind === "product" && viewOf(node).base === node);
  });
}

/** Whether computing the value at each use costs more than storing it. */
function isDear(node: Node, cost: number, consumers: readonly Node[]): boolean {
  if (cost === 0) return false;
  if (cost > LARGEST) return true;
  const kernels = consumers.filter((c) => c.op.lowering.kind !== "product");
  if (cost > CHEAP && consumers.length > 1) return true;
  const elements = sizeOf(avalOf(node).shape);
  return kernels.some((c) => iterations(c) > elements) && (cost > CHEAP || elements > 1);
}

/** How often a kernel with this root evaluates its inputs. */
const iterations = (node: Node): number =>
  sizeOf(avalOf(node.op.lowering.kind === "reduce" ? (node.inputs[0] as Node) : node).shape);

/**
 * Nodes that can be computed by one loop over all elements in row-major order: elementwise operations on values of the
 * same size, whatever their shape, and on single elements.
 */
function flatNodes(graph: Graph, stored: ReadonlySet<Node>): Set<Node> {
  const flat = new Set<Node>();
  for (const node of graph.nodes) {
    const { lowering, name } = node.op;
    if (lowering.kind !== "pull") continue;
    const inner = (input: Node): boolean => stored.has(input) || flat.has(input);
    if (name === "broadcast" && sizeOf(avalOf(node.inputs[0] as Node).shape) === 1) {
      if (inner(node.inputs[0] as Node)) flat.add(node);
    } else if ((lowering.pointwise || name === "reshape") && node.inputs.every(inner)) flat.add(node);
  }
  return flat;
}

/** The stored nodes that a root reads, directly or through what is computed in place. */
function dependenciesOf(root: Node, stored: ReadonlySet<Node>): Node[] {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const pending = [...root.inputs];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.op === PICK) found.add(node.inputs[0] as Node);
    else if (stored.has(node)) found.add(node);
    else pending.push(...node.inputs);
  }
  return [...found];
}

/**
 * The unit that a flat root can become part of: of the same size, and not before anything that it depends on. What it
 * depends on in that unit itself is at hand there, as both are computed at the same element. Where the values are many,
 * only a unit that reads or computes something of the same: a loop over many arrays at once is slow.
 */
function joinable(
  node: Node,
  cost: number,
  units: readonly Unit[],
  earliest: number,
  dependencies: readonly Node[],
): number | undefined {
  const size = sizeOf(avalOf(node).shape);
  for (let i = units.length - 1; i >= Math.max(0, earliest); i--) {
    const unit = units[i] as Unit;
    const same = unit.kind === "flat" && sizeOf(avalOf(unit.roots[0] as Node).shape) === size;
    const near = size <= FEW || dependencies.some((d) => unit.reads.has(d) && sizeOf(avalOf(d).shape) > 1);
    if (same && near && unit.cost + cost <= LARGEST) return i;
  }
  return undefined;
}

function uses(
  graph: Graph,
  unitOf: ReadonlyMap<Node, number>,
  stored: ReadonlySet<Node>,
  consumers: ReadonlyMap<Node, readonly Node[]>,
): Map<Node, ReadonlySet<number>> {
  const usedIn = new Map<Node, ReadonlySet<number>>();
  for (const node of graph.nodes.toReversed()) {
    const found = new Set<number>();
    for (const c of consumers.get(node) ?? []) {
      for (const unit of stored.has(c) ? [unitOf.get(c) ?? -1] : (usedIn.get(c) as ReadonlySet<number>))
        found.add(unit);
    }
    usedIn.set(node, found);
  }
  return usedIn;
}

/** Values that nothing outside of their own unit uses need no buffer. */
function withoutInternal(
  graph: Graph,
  units: readonly Unit[],
  stored: ReadonlySet<Node>,
  usedIn: ReadonlyMap<Node, ReadonlySet<number>>,
): Set<Node> {
  const kept = new Set(stored);
  const outputs = new Set(graph.outputs);
  units.forEach((unit, i) => {
    if (unit.kind !== "flat") return;
    for (const root of unit.roots) {
      if (!outputs.has(root) && usedIn.get(root)?.size === 1 && usedIn.get(root)?.has(i)) kept.delete(root);
    }
  });
  return kept;
}
