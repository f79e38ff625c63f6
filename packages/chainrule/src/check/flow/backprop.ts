/** Back-propagation through a model, with everything that it computes on the way. */
import type { Box } from "../../graph/box.ts";
import type { Mode } from "../../graph/mode.ts";
import { createGraph, type Graph, type Node } from "../../graph/node.ts";
import { duringTransform, evaluateNodes, traceFunction } from "../../graph/trace.ts";
import { firstOf } from "../../graph/walk.ts";
import { onesLike, zerosLike } from "../../ops/index.ts";
import { checkChoice, checkOptions, describeValue } from "../../tensor/options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { fromRows } from "../../transform/jacobian.ts";
import { BackwardPass, pullback } from "../../transform/vjp.ts";
import { formatTensor } from "../numbers.ts";
import { type LossFunction, type Model, ofModel, requireModel, requireScalar } from "../subject.ts";
import {
  type ActivationSpec,
  type FunctionTrace,
  functionsOf,
  type LayerTrace,
  layersOf,
  tensorsOf,
  watchLayers,
} from "./layers.ts";

export interface BackpropOptions {
  /** Whether Jacobians are worked out; they have outputs × inputs numbers. Default false. */
  readonly jacobians?: boolean;
  /** Whether layers such as dropout behave as in training, which is the default, or as in use. */
  readonly mode?: Mode;
}

/** Derivatives of the activation a of a layer, [...a.shape, ...shape of the variable]. */
export interface LayerJacobians {
  /** ∂a/∂z: diagonal for activations that work element by element. */
  readonly z: Tensor;
  /** ∂a/∂(input of the layer). */
  readonly input: Tensor;
  /** ∂a/∂W, ∂a/∂b …, by field. */
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/** One layer of parameters with the activations that follow it, and what went through it forwards and backwards. */
export interface LayerPass {
  /** As in the names of its parameters: "0", "encoder.1"; "" for a model that is one layer. */
  readonly path: string;
  /** "dense". */
  readonly type: string;
  /** The activations that follow, in order; none for a linear layer. */
  readonly activations: readonly ActivationSpec[];
  /** What the layer was given: x, or the activation of the layer before. */
  readonly input: Tensor;
  /** The pre-activation, such as input·W + b. */
  readonly z: Tensor;
  /** The activation; z itself where no activation follows. */
  readonly a: Tensor;
  /** ∂L/∂a, shaped like a. */
  readonly gradA: Tensor;
  /** δ = ∂L/∂z, shaped like z. */
  readonly delta: Tensor;
  /** ∂L/∂W and ∂L/∂b by field ("weight", "bias"); of a parameter that several layers share, by all its uses. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** f′(z), for activations f that work element by element, where δ = ∂L/∂a ⊙ f′(z); for others the columns' sums of ∂a/∂z. */
  readonly slope: Tensor;
  readonly jacobians: LayerJacobians | undefined;
}

/** What `backprop` found. */
export class BackpropResult {
  /** L, a scalar. */
  readonly loss: Tensor;
  /** ŷ, the model's output, and ∂L/∂ŷ. */
  readonly prediction: Tensor;
  readonly gradPrediction: Tensor;
  /** In the order of the forward pass. */
  readonly layers: readonly LayerPass[];
  /** ∂L/∂θ by the names of `params(model)`. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  /** ∂L/∂x; undefined where x holds integers. */
  readonly gradInput: Tensor | undefined;
  /** ∂ŷ/∂x and ∂ŷ/∂θ, [...ŷ.shape, ...shape of the variable], if they were asked for. */
  readonly jacobians: { readonly input?: Tensor; readonly parameters: Readonly<Record<string, Tensor>> } | undefined;

  /** @internal */
  constructor(found: Omit<BackpropResult, "toString">) {
    this.loss = found.loss;
    this.prediction = found.prediction;
    this.gradPrediction = found.gradPrediction;
    this.layers = found.layers;
    this.gradients = found.gradients;
    this.gradInput = found.gradInput;
    this.jacobians = found.jacobians;
  }

  /** The numbers, layer by layer forwards and then backwards; of long tensors the beginning. */
  toString(): string {
    const forwards = this.layers.map(
      (layer) => `${titleOf(layer)}\n  z       ${formatTensor(layer.z)}\n  a       ${formatTensor(layer.a)}`,
    );
    const backwards = this.layers
      .toReversed()
      .map((layer) =>
        [
          titleOf(layer),
          `  ∂L/∂a   ${formatTensor(layer.gradA)}`,
          `  δ       ${formatTensor(layer.delta)}`,
          ...Object.entries(layer.gradients).map(([name, g]) => `  ∂L/∂${name} ${formatTensor(g)}`),
        ].join("\n"),
      );
    return ["Forward", ...forwards, `L = ${formatTensor(this.loss)}`, "", "Backward", ...backwards].join("\n");
  }
}

const titleOf = ({ path, type, activations }: LayerPass): string =>
  [path === "" ? type : `${path} (${type})`, ...activations.map((f) => f.type)].join(" → ");

/**
 * Back-propagation with everything shown: for each layer the pre-activation z and the activation a of the forward pass, then
 * ∂L/∂a, δ = ∂L/∂z and the gradients of its parameters. They are the numbers of a training step with that loss and without
 * regularizer; nothing is updated, and random state is left alone, so dropout drops the units that the next step would.
 *
 * A layer is a call of a module that holds parameters itself; a is what the activations after it make: functions of
 * `chainrule/nn`, and layers without parameters in `sequential`. See D. E. Rumelhart, G. E. Hinton and R. J. Williams,
 * "Learning representations by back-propagating errors", 1986.
 *
 * @param x [batch, …]
 * @param y the targets, as the loss takes them
 * @throws TraceError unless the loss is one float scalar, TypeError and RangeError for wrong arguments and options
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { backprop } from "chainrule/check";
 * import { meanSquaredError } from "chainrule/loss";
 * import { constant, dense, sequential, tanh } from "chainrule/nn";
 * const model = sequential(dense(1, 1, { weightInit: constant(2) }), tanh);
 * const { layers } = backprop(model, meanSquaredError, tensor([[0]]), tensor([[1]]));
 * layers[0]?.delta.arraySync(); // → [ [ -2 ] ]
 * ```
 */
export function backprop(
  model: Model,
  loss: LossFunction,
  x: Tensor,
  y: Tensor,
  options: BackpropOptions = {},
): BackpropResult {
  requireModel("backprop", model, loss, x, y);
  checkOptions("backprop", options, ["jacobians", "mode"]);
  const { jacobians = false, mode = "training" } = options;
  if (typeof jacobians !== "boolean") {
    throw new TypeError(`backprop: jacobians must be true or false; it is ${describeValue(jacobians)}.`);
  }
  checkChoice("backprop", "mode", mode, ["training", "evaluation"]);
  const passes = passThrough(model, loss, x, y, mode);
  return resultOf(passes, jacobians);
}

/** A model's graph with the values and cotangents of all its nodes. */
export interface Passed {
  readonly graph: Graph;
  /** Of the first inputs of the graph: the parameters, whose boxes there are, and x, if it is a float. */
  readonly names: readonly string[];
  readonly boxes: readonly Box[];
  readonly layers: readonly LayerTrace<Node>[];
  readonly functions: readonly FunctionTrace<Node>[];
  /** The model's input; undefined if nothing reads it. */
  readonly x: Node | undefined;
  /** The nodes of a layer's own parameters, by field. */
  parameters(layer: LayerTrace<Node>): Record<string, Node>;
  readonly loss: Node;
  readonly prediction: Node;
  value(node: Node): Tensor;
  cotangent(node: Node): Tensor;
  /** ∂of/∂by for each, all else fixed. */
  jacobian(of: Node, by: readonly Node[]): Tensor[];
  /** The derivative of the sum of `of` by `by`. */
  slope(of: Node, by: Node): Tensor;
}

/** Goes through a model forwards and backwards; nothing of it is changed. */
export function passThrough(model: Model, loss: LossFunction, x: Tensor, y: Tensor, mode: Mode): Passed {
  let prediction: Tensor | undefined;
  let [found, others]: [LayerTrace[], FunctionTrace[]] = [[], []];
  const seen: LossFunction = (output, target) => {
    prediction = output;
    return loss(output, target);
  };
  const { names, leaves, boxes, call } = ofModel(model, seen, x, y, { mode, byInput: true });
  const shown = (): Tensor[] => [prediction as Tensor, ...tensorsOf(found, others)];
  const { graph, captured } = traceFunction((...values) => {
    const { value, layers, functions } = watchLayers(() => call(values));
    [found, others] = [layers, functions];
    return [requireScalar("backprop", value), ...shown()];
  }, leaves);
  const nodes = new Map(shown().map((t, i) => [t, graph.outputs[i + 1] as Node]));
  const values = evaluateNodes(graph, [...leaves, ...captured]);
  const wanted = graph.inputs.slice(0, leaves.length);
  const given = new Map(captured.map((t, i) => [t, graph.inputs[leaves.length + i] as Node]));
  const last = graph.outputs[0] as Node;
  // What is shown has a gradient even if none goes on from it to a parameter, as from behind a step.
  const pass = new BackwardPass(graph, values, [...wanted, ...graph.outputs.slice(1)]);
  const zeros = new Map<Node, Tensor>();
  const zerosOf = (node: Node): Tensor => {
    const known = zeros.get(node) ?? duringTransform(() => zerosLike(firstOf(values, node)));
    zeros.set(node, known);
    return known;
  };
  duringTransform(() => {
    pass.contribute(last, onesLike(firstOf(values, last)));
    for (const node of graph.nodes.toReversed()) pass.visit(node);
  });
  const between = (of: Node, by: readonly Node[]): Graph => createGraph([...new Set([...by, ...graph.inputs])], [of]);
  return {
    graph,
    names,
    boxes,
    layers: layersOf(found, (t) => nodes.get(t) as Node),
    functions: functionsOf(others, (t) => nodes.get(t) as Node),
    x: leaves.includes(x) ? graph.inputs[leaves.indexOf(x)] : given.get(x),
    parameters: ({ own }) =>
      Object.fromEntries(Object.entries(own).map(([key, box]) => [key, wanted[boxes.indexOf(box)] as Node])),
    loss: last,
    prediction: graph.outputs[1] as Node,
    value: (node) => firstOf(values, node),
    cotangent: (node) => pass.cotangent(node) ?? zerosOf(node),
    jacobian: (of, by) =>
      fromRows(
        firstOf(values, of),
        by.map((node) => firstOf(values, node)),
        (cotangent) => pullback(between(of, by), values, [cotangent], by),
      ),
    slope: (of, by) =>
      duringTransform(
        () =>
          pullback(between(of, [by]), values, [onesLike(firstOf(values, of))], [by])[0] ??
          zerosLike(firstOf(values, by)),
      ),
  };
}

function resultOf(passed: Passed, jacobians: boolean): BackpropResult {
  const { graph, names, value, cotangent } = passed;
  const gradients = Object.fromEntries(names.map((name, i) => [name, cotangent(graph.inputs[i] as Node)]));
  const { [INPUT_NAME]: gradInput, ...ofParameters } = gradients;
  return new BackpropResult({
    loss: value(passed.loss),
    prediction: value(passed.prediction),
    gradPrediction: cotangent(passed.prediction),
    layers: passed.layers.map((layer) => layerPass(passed, layer, jacobians)),
    gradients: ofParameters,
    gradInput,
    jacobians: jacobians ? modelJacobians(passed) : undefined,
  });
}

/** What `ofModel` calls the model's input. */
const INPUT_NAME = "x";

function layerPass(passed: Passed, layer: LayerTrace<Node>, jacobians: boolean): LayerPass {
  const { value, cotangent } = passed;
  const own = passed.parameters(layer);
  return {
    path: layer.path,
    type: layer.type,
    activations: layer.activations,
    input: value(layer.input),
    z: value(layer.z),
    a: value(layer.a),
    gradA: cotangent(layer.a),
    delta: cotangent(layer.z),
    gradients: Object.fromEntries(Object.entries(own).map(([key, node]) => [key, cotangent(node)])),
    slope: passed.slope(layer.a, layer.z),
    jacobians: jacobians ? layerJacobians(passed, layer, own) : undefined,
  };
}

function layerJacobians(passed: Passed, { z, a, input }: LayerTrace<Node>, own: Record<string, Node>): LayerJacobians {
  const [byInput, ...byOwn] = passed.jacobian(a, [input, ...Object.values(own)]);
  return {
    z: passed.jacobian(a, [z])[0] as Tensor,
    input: byInput as Tensor,
    parameters: Object.fromEntries(Object.keys(own).map((key, i) => [key, byOwn[i] as Tensor])),
  };
}

function modelJacobians({ graph, names, prediction, jacobian }: Passed): BackpropResult["jacobians"] {
  const all = jacobian(prediction, graph.inputs.slice(0, names.length));
  const { [INPUT_NAME]: input, ...parameters } = Object.fromEntries(names.map((name, i) => [name, all[i] as Tensor]));
  return input === undefined ? { parameters } : { input, parameters };
}
