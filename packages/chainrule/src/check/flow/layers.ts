/** The layers of a model in the graph of its loss: which nodes are z and a, and which parameters made them. */
import type { Node } from "../../graph/node.ts";
import { currentTrace } from "../../graph/trace.ts";
import { type LayerCall, watchCalls } from "../../nn/calls.ts";
import { type LayerFunction, specOf } from "../../nn/layer-function.ts";
import { type AnyModule, Module, partsOf, typeOf } from "../../nn/module.ts";
import { Param } from "../../nn/param.ts";
import type { JsonObject } from "../../tensor/options.ts";
import { Tensor } from "../../tensor/tensor.ts";

/** A function or module without parameters between a layer and the next: an activation, dropout. */
export interface ActivationSpec {
  readonly type: string;
  readonly config: JsonObject;
}

/** One call of a module that holds parameters itself, with the activations that follow it. V is a tensor, or its node. */
export interface LayerTrace<V = Tensor> {
  /** As in the names of its parameters: "0", "encoder.1"; "" for a model that is one layer. */
  readonly path: string;
  /** "dense". */
  readonly type: string;
  readonly module: AnyModule;
  /** Its own parameters by field, "weight" and "bias". */
  readonly own: Readonly<Record<string, Param>>;
  readonly activations: readonly ActivationSpec[];
  /** What it was given, the pre-activation it made, and the activation in the end. */
  readonly input: V;
  readonly z: V;
  readonly a: V;
}

/** A call of something without parameters that does not follow a layer, or not it alone. */
export interface FunctionTrace<V = Tensor> {
  readonly spec: ActivationSpec;
  readonly input: V;
  readonly output: V;
}

/** What was seen of a model. */
export interface Watched<T> {
  readonly value: T;
  /** In the order of their calls. */
  readonly layers: LayerTrace[];
  /** Those that are no activations of layers; among them are modules that only call others. */
  readonly functions: FunctionTrace[];
}

/** Runs `f`, which calls a model in the innermost trace, and gives the layers that were called. */
export function watchLayers<T>(f: () => T): Watched<T> {
  const trace = currentTrace();
  const layers: LayerTrace[] = [];
  const functions: FunctionTrace[] = [];
  const see = ({ layer, path, inputs: [input], output }: LayerCall): void => {
    // The body of a loop is a graph of its own; what is called there has no single value.
    if (currentTrace() !== trace || !(input instanceof Tensor) || !(output instanceof Tensor)) return;
    const own = layer instanceof Module ? ownParams(layer) : {};
    if (Object.keys(own).length > 0) {
      const type = typeOf(layer as AnyModule);
      layers.push({ path, type, module: layer as AnyModule, own, activations: [], input, z: output, a: output });
      return;
    }
    // An activation is given what a layer made and no other layer has been given; a module of modules is not, nor is a
    // function that calls layers.
    const i = layers.findLastIndex(({ a }) => a === input);
    const before = layers[i];
    if (output === input) return;
    if (before === undefined || layers.some((other) => other.input === input)) {
      functions.push({ spec: specOfLayer(layer), input, output });
      return;
    }
    layers[i] = { ...before, a: output, activations: [...before.activations, specOfLayer(layer)] };
  };
  return { value: watchCalls(see, f), layers, functions };
}

const ownParams = (module: AnyModule): Record<string, Param> =>
  Object.fromEntries([...partsOf(module)].filter((entry): entry is [string, Param] => entry[1] instanceof Param));

function specOfLayer(layer: AnyModule | LayerFunction): ActivationSpec {
  if (layer instanceof Module) return { type: typeOf(layer), config: layer.config() };
  return specOf(layer as LayerFunction) ?? { type: layer.name || "function", config: {} };
}

/** The same layers with the graph's nodes in place of the tensors. */
export const layersOf = (layers: readonly LayerTrace[], node: (t: Tensor) => Node): LayerTrace<Node>[] =>
  layers.map((layer) => ({ ...layer, input: node(layer.input), z: node(layer.z), a: node(layer.a) }));

export const functionsOf = (functions: readonly FunctionTrace[], node: (t: Tensor) => Node): FunctionTrace<Node>[] =>
  functions.map((f) => ({ ...f, input: node(f.input), output: node(f.output) }));

/** All tensors that were seen, so that a trace may keep them. */
export const tensorsOf = (layers: readonly LayerTrace[], functions: readonly FunctionTrace[]): Tensor[] => [
  ...layers.flatMap(({ input, z, a }) => [input, z, a]),
  ...functions.flatMap(({ input, output }) => [input, output]),
];
