/** The flow graph: immutable nodes, each an application of a primitive; a graph is its inputs and outputs. */
import type { DType } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Primitive } from "./primitive.ts";

/** What is known of a value before it is computed (an abstract value). */
export interface Aval {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Static parameters of an operation: plain data, subgraphs, and functions (compared by identity). */
export type AttrValue =
  | number
  | string
  | boolean
  | undefined
  | Graph
  | readonly AttrValue[]
  | { readonly [key: string]: AttrValue }
  | ((...args: never[]) => unknown);

export type Attrs = { readonly [key: string]: AttrValue };

export interface Node {
  /** Increases in the order of creation, so sorting by id is a topological order. */
  readonly id: number;
  readonly op: Primitive;
  readonly inputs: readonly Node[];
  readonly attrs: Attrs;
  /** One entry for each result; all but control flow have one. */
  readonly avals: readonly Aval[];
  /** The path of the layer that made it, or "". */
  readonly scope: string;
}

export interface Graph {
  readonly id: number;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  /** Inputs and all nodes that outputs depend on, each after its inputs. */
  readonly nodes: readonly Node[];
}

let nodeCount = 0;
let graphCount = 0;

export const createNode = (
  op: Primitive,
  inputs: readonly Node[],
  attrs: Attrs,
  avals: readonly Aval[],
  scope = "",
): Node => ({ id: ++nodeCount, op, inputs, attrs, avals, scope });

/** The graph that computes `outputs`; what they do not need is left out. */
export function createGraph(inputs: readonly Node[], outputs: readonly Node[]): Graph {
  const live = new Set<Node>(inputs);
  const pending = [...outputs];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    pending.push(...node.inputs);
  }
  return { id: ++graphCount, inputs, outputs, nodes: [...live].sort((a, b) => a.id - b.id) };
}

export const isGraph = (value: unknown): value is Graph =>
  typeof value === "object" && value !== null && "nodes" in value && "outputs" in value && "inputs" in value;

/** The only result of a node. */
export const avalOf = (node: Node): Aval => node.avals[0] as Aval;

const functionIds = new WeakMap<object, number>();
let functionCount = 0;

/** A string that is equal for equal attributes only (NaN equals NaN, −0 differs from 0). */
export function attrKey(value: AttrValue): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") {
    const id = functionIds.get(value) ?? ++functionCount;
    functionIds.set(value, id);
    return `f${id}`;
  }
  if (Array.isArray(value)) return `[${value.map(attrKey).join()}]`;
  if (isGraph(value)) return `g${value.id}`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${JSON.stringify(key)}:${attrKey(entry as AttrValue)}`)
      .join()}}`;
  }
  return String(value);
}
