/** A network as quantities that are made of each other: layers, functions between them, and what joins their results. */
import { avalOf, type Node } from "../../graph/node.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { ActivationSpec, FunctionTrace, LayerTrace } from "../flow/layers.ts";
import { constantOf } from "./junction.ts";
import type { Outline } from "./outline.ts";

/** z and a of a layer. */
export interface LayerUnit {
  readonly kind: "layer";
  /** Its number, from 0. */
  readonly i: number;
  readonly layer: LayerTrace<Node>;
}

/** u = f(input), for a layer without parameters. */
export interface FunctionUnit {
  readonly kind: "function";
  readonly node: Node;
  readonly input: Node;
  readonly activations: readonly ActivationSpec[];
}

/** u, or ŷ, made of others by operations that no layer stands for. */
export interface JunctionUnit {
  readonly kind: "junction";
  readonly node: Node;
}

export type Unit = LayerUnit | FunctionUnit | JunctionUnit;

export interface Network {
  /** Each after those that it is made of. */
  readonly units: readonly Unit[];
  /** The quantities and parameters that the z of a layer, or another unit's node, is made of directly. */
  directOf(unit: Unit): ReadonlySet<Node>;
  /** Whether a node has a name of its own, or is a parameter. */
  isNamed(node: Node): boolean;
}

/** What a unit computes from others: z of a layer. */
export const nodeOf = (unit: Unit): Node => (unit.kind === "layer" ? unit.layer.z : unit.node);

export function networkOf(outline: Outline): Network {
  const { x, output, parameters } = outline;
  const layers = distinctLayers(outline);
  let functions = distinctFunctions(outline, layers);
  const given = [...(x === undefined ? [] : [x]), ...parameters.keys()];
  const named = (): Set<Node> =>
    new Set([
      ...given,
      output,
      ...layers.flatMap(({ input, z, a }) => [input, z, a]),
      ...functions.flatMap((f) => [f.input, f.output]),
    ]);
  // A call is a function of its input if that is all it is made of; else it is taken apart.
  let names = named();
  for (let before = -1; before !== functions.length; names = named()) {
    before = functions.length;
    functions = functions.filter((f) => isOnly(directOf(f.output, names), f.input));
  }
  const known = (): Set<Node> =>
    new Set([...given, ...layers.flatMap(({ z, a }) => [z, a]), ...functions.map((f) => f.output)]);
  const joined = (): Node[] => {
    const others = known();
    return [...names].filter((node) => !others.has(node));
  };
  functions = [...functions, ...methods(names, joined())];
  names = named();
  const units: Unit[] = [
    ...layers.map((layer, i): Unit => ({ kind: "layer", i, layer })),
    ...functions.map(({ spec, input, output: node }): Unit => ({ kind: "function", node, input, activations: [spec] })),
    ...joined().map((node): Unit => ({ kind: "junction", node })),
  ];
  return {
    units: units.toSorted((p, q) => nodeOf(p).id - nodeOf(q).id),
    directOf: (unit) => directOf(nodeOf(unit), names),
    isNamed: (node) => names.has(node),
  };
}

/** The layers with a z of their own, without activations that take something else besides z. */
function distinctLayers({ layers, parameters }: Outline): LayerTrace<Node>[] {
  const names = new Set([...parameters.keys(), ...layers.flatMap(({ input, z, a }) => [input, z, a])]);
  const seen = new Set<Node>();
  return layers.flatMap((layer) => {
    if (seen.has(layer.z)) return [];
    seen.add(layer.z);
    const alone = layer.a === layer.z || isOnly(directOf(layer.a, names), layer.z);
    return [alone ? layer : { ...layer, a: layer.z, activations: [] }];
  });
}

/** Calls that make something of their own; two layers with one z are one layer and a function. */
function distinctFunctions(outline: Outline, layers: readonly LayerTrace<Node>[]): FunctionTrace<Node>[] {
  const made = new Set(layers.flatMap(({ z, a }) => [z, a]));
  const again = outline.layers.flatMap(({ z, a, activations }) => {
    const [spec] = activations;
    return spec !== undefined && activations.length === 1 && !made.has(a) ? [{ spec, input: z, output: a }] : [];
  });
  return [...outline.functions, ...again].filter(({ output }) => {
    if (made.has(output) || output === outline.x) return false;
    made.add(output);
    return true;
  });
}

/** Methods of tensors that are activations: `z.tanh()` in the code of a module. */
const METHODS: ReadonlySet<string> = new Set(["tanh", "sigmoid", "softplus"]);

/** The activation that an operation is, and of what; `x.relu()` is where(x ≤ 0, 0, x). */
function activationOf({ op, inputs }: Node): { readonly type: string; readonly input: Node } | undefined {
  const [first, second, third] = inputs;
  if (first !== undefined && METHODS.has(op.name)) return { type: op.name, input: first };
  const negative = op.name === "select" && first?.op.name === "lessEqual" && first.inputs[0] === third;
  const zeros = negative && constantOf(first?.inputs[1]) === 0 && constantOf(second) === 0;
  return zeros && third !== undefined ? { type: "relu", input: third } : undefined;
}

/** Calls of such methods between quantities that have names. */
function methods(names: ReadonlySet<Node>, between: readonly Node[]): FunctionTrace<Node>[] {
  const [found, seen, pending] = [[] as FunctionTrace<Node>[], new Set<Node>(), [...between]];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const activation = activationOf(node);
    if (activation !== undefined) {
      found.push({ spec: { type: activation.type, config: {} }, input: activation.input, output: node });
    }
    pending.push(...node.inputs.filter((other) => !names.has(other)));
  }
  return found;
}

const isOnly = (found: ReadonlySet<Node>, wanted: Node): boolean => found.size === 1 && found.has(wanted);

/** The nearest nodes with names that a node is made of. */
export function directOf(node: Node, names: ReadonlySet<Node>): Set<Node> {
  const [found, seen, pending] = [new Set<Node>(), new Set<Node>(), [...node.inputs]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (names.has(next)) found.add(next);
    else if (!seen.has(next)) pending.push(...next.inputs);
    seen.add(next);
  }
  return found;
}

/** Whether `to` is made of `from` element by element; what else it is made of does not depend on `from`. */
export function isElementwise(from: Node, to: Node): boolean {
  const memo = new Map<Node, boolean>();
  const depends = (node: Node): boolean => {
    if (node === from) return true;
    if (node.id < from.id) return false;
    const known = memo.get(node) ?? node.inputs.some(depends);
    memo.set(node, known);
    return known;
  };
  const { shape } = avalOf(from);
  const works = (node: Node): boolean => {
    if (!depends(node) || node === from) return true;
    const { lowering } = node.op;
    const pointwise = lowering.kind === "pull" && lowering.pointwise && sameShape(avalOf(node).shape, shape);
    return pointwise && node.inputs.every(works);
  };
  return works(to);
}
