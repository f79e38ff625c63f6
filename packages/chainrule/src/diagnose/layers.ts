/** The numbers of each layer: what goes forwards and backwards through it, and how much a step changes it. */
import { type LayerTrace, layersOf, watchLayers } from "../check/flow/layers.ts";
import { withBoxes } from "../graph/box.ts";
import type { Node } from "../graph/node.ts";
import { evaluateNodes, Trace, traceFunction } from "../graph/trace.ts";
import { firstOf } from "../graph/walk.ts";
import { evaluation } from "../nn/index.ts";
import { onesLike } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { pullback } from "../transform/vjp.ts";
import { type Histogram, histogram } from "./histogram.ts";
import type { CheckedSample } from "./sample.ts";

/** One call of a layer that has parameters, with the activations after it. */
export interface LayerNumbers {
  /** As in the names of its parameters: "0", "encoder.1"; "" for a model that is one layer. */
  readonly path: string;
  /** "dense". */
  readonly type: string;
  /** The activation after it: "relu"; undefined for none. */
  readonly activation: string | undefined;
  /** The number of its weights and biases. */
  readonly parameters: number;
  /** Euclidean norms of its parameters and of their gradients, and the root mean square of the latter. */
  readonly weightNorm: number;
  readonly gradientNorm: number;
  readonly gradientRms: number;
  /**
   * The root mean square of δ = ∂L/∂z over all examples and units: what comes back to the layer, example by example. Parts that
   * cancel in the gradient of the weights, as they do at a minimum, do not cancel in it.
   */
  readonly deltaRms: number;
  /**
   * The norm of what a step changes, and that divided by the norm of the parameters; undefined where no step is known, and the
   * second where the parameters are 0.
   */
  readonly updateNorm: number | undefined;
  readonly updateRatio: number | undefined;
  /** The last extent of what it makes. */
  readonly units: number;
  /** After relu: the number of units that are 0 for every example, and which they are, counted from 0. */
  readonly deadUnits: number | undefined;
  readonly deadIndices: readonly number[];
  /** After sigmoid or tanh: the share of saturated values, the number of units that are so for every example, and which. */
  readonly saturatedShare: number | undefined;
  readonly saturatedUnits: number | undefined;
  readonly saturatedIndices: readonly number[];
  /** Of what the layer and its activations make, all units and examples; and of the gradients of its parameters. */
  readonly activations: Histogram;
  readonly gradients: Histogram;
}

/** What goes through a layer and comes back to it, as rows of numbers. */
export interface LayerValues extends Pick<LayerNumbers, "path" | "type" | "activation" | "units"> {
  /** All its weights and biases, their gradients, and what a step changes of them. */
  readonly weights: ArrayLike<number>;
  readonly gradient: ArrayLike<number>;
  readonly update?: ArrayLike<number> | undefined;
  /** After the activation, example by example; and δ = ∂L/∂z, nothing where nothing comes back. */
  readonly activations: ArrayLike<number>;
  readonly deltas: ArrayLike<number>;
}

/** Values of parameters by name. */
export type Values = Readonly<Record<string, Tensor>>;

export interface Measuring {
  readonly bins: number;
  /** A value is saturated where the derivative is below this share of its maximum. */
  readonly slope: number;
}

/** Back-propagates the mean loss, in evaluation mode: what was there in every layer. @param updates by the last step */
export function passLayers(
  sample: CheckedSample,
  updates: Values | undefined,
): { loss: number; layers: LayerValues[] } {
  const boxes = Object.values(sample.parameters);
  const names = Object.keys(sample.parameters);
  const trace = new Trace();
  let layers: LayerTrace<Node>[] = [];
  const { graph, captured } = traceFunction(
    (...values) => {
      const seen = watchLayers(() => withBoxes(boxes, values, () => evaluation(sample.meanLoss)));
      layers = layersOf(seen.layers, (t) => trace.node(t));
      return [seen.value];
    },
    boxes.map((box) => box.value),
    trace,
  );
  const values = evaluateNodes(graph, [...boxes.map((box) => box.value), ...captured]);
  const cotangents = graph.outputs.map((node, i) => (i === 0 ? onesLike(firstOf(values, node)) : null));
  const reached = layers.filter(({ a }) => values.has(a));
  const wanted = [...graph.inputs.slice(0, boxes.length), ...reached.map(({ z }) => z)];
  const back = pullback(graph, values, cotangents, wanted);
  const [gradients, deltas] = [back.slice(0, boxes.length), back.slice(boxes.length)];
  return {
    loss: firstOf(values, graph.outputs[0] as Node).itemSync(),
    layers: reached.map((layer, i) => {
      const own = Object.values(layer.own).map((parameter) => boxes.indexOf(parameter));
      const numbers = (of: (index: number) => Tensor | null | undefined): number[] =>
        own.flatMap((index) => {
          const t = of(index);
          return t
            ? Array.from(t.dataSync())
            : new Array<number>((boxes[index] as { value: Tensor }).value.size).fill(0);
        });
      const activations = firstOf(values, layer.a);
      return {
        path: layer.path,
        type: layer.type,
        // What only rearranges leaves the values as they are.
        activation: layer.activations.findLast(({ type }) => type !== "flatten")?.type,
        units: layer.z.avals[0]?.shape.at(-1) ?? 1,
        weights: numbers((index) => boxes[index]?.value),
        gradient: numbers((index) => gradients[index]),
        update: updates && numbers((index) => updates[names[index] as string]),
        activations: activations.dataSync(),
        deltas: deltas[i]?.dataSync() ?? [],
      };
    }),
  };
}

/** What the numbers of a layer are like. */
export function measureLayer(values: LayerValues, how: Measuring): LayerNumbers {
  const { path, type, activation, units, weights, gradient, update, activations, deltas } = values;
  const [weightNorm, gradientNorm] = [norm(weights), norm(gradient)];
  const updateNorm = update && norm(update);
  return {
    path,
    type,
    activation,
    parameters: weights.length,
    weightNorm,
    gradientNorm,
    gradientRms: gradientNorm / Math.sqrt(weights.length),
    deltaRms: deltas.length === 0 ? 0 : norm(deltas) / Math.sqrt(deltas.length),
    updateNorm,
    updateRatio: updateNorm === undefined || weightNorm === 0 ? undefined : updateNorm / weightNorm,
    units,
    ...activity(values, how),
    activations: histogram(activations, { bins: how.bins }),
    gradients: histogram(gradient, { bins: how.bins }),
  };
}

function norm(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += (numbers[i] as number) ** 2;
  return Math.sqrt(sum);
}

/** 1 − (slope / greatest slope), for the activations that saturate: tanh′ = 1 − a², σ′ = a(1 − a) ≤ ¼. */
const FLATNESS: Readonly<Record<string, (a: number) => number>> = {
  tanh: (a) => a ** 2,
  sigmoid: (a) => (2 * a - 1) ** 2,
};

function activity({ activation, units, activations }: LayerValues, { slope }: Measuring) {
  const flatness = activation === undefined ? undefined : FLATNESS[activation];
  const isSaturated = (x: number): boolean => flatness !== undefined && flatness(x) > 1 - slope;
  const always = (is: (x: number) => boolean): number[] =>
    Array.from({ length: units }, (_, unit) => unit).filter((unit) => {
      for (let i = unit; i < activations.length; i += units) if (!is(activations[i] as number)) return false;
      return true;
    });
  let saturated = 0;
  for (let i = 0; i < activations.length; i++) saturated += Number(isSaturated(activations[i] as number));
  const deadIndices = activation === "relu" ? always((x) => x === 0) : [];
  const saturatedIndices = flatness === undefined ? [] : always(isSaturated);
  return {
    deadUnits: activation === "relu" ? deadIndices.length : undefined,
    deadIndices,
    saturatedShare: flatness && saturated / activations.length,
    saturatedUnits: flatness && saturatedIndices.length,
    saturatedIndices,
  };
}
