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
  /** After relu: the number of units that are 0 for every example. */
  readonly deadUnits: number | undefined;
  /** After sigmoid or tanh: the share of saturated values, and the number of units that are so for every example. */
  readonly saturatedShare: number | undefined;
  readonly saturatedUnits: number | undefined;
  /** Of what the layer and its activations make, all units and examples; and of the gradients of its parameters. */
  readonly activations: Histogram;
  readonly gradients: Histogram;
}

/** Values of parameters by name. */
export type Values = Readonly<Record<string, Tensor>>;

export interface Measuring {
  readonly bins: number;
  /** A value is saturated where the derivative is below this share of its maximum. */
  readonly slope: number;
  /** What the last step has changed. */
  readonly updates?: Values | undefined;
}

/** Back-propagates the mean loss, in evaluation mode, and looks at every layer. */
export function measureLayers(sample: CheckedSample, how: Measuring): { loss: number; layers: LayerNumbers[] } {
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
      const weights = numbers((index) => boxes[index]?.value);
      const gradient = numbers((index) => gradients[index]);
      const { updates } = how;
      const updateNorm = updates && norm(numbers((index) => updates[names[index] as string]));
      const weightNorm = norm(weights);
      const gradientNorm = norm(gradient);
      return {
        path: layer.path,
        type: layer.type,
        parameters: weights.length,
        weightNorm,
        gradientNorm,
        gradientRms: gradientNorm / Math.sqrt(weights.length),
        deltaRms: rootMeanSquare(deltas[i]),
        updateNorm,
        updateRatio: updateNorm === undefined || weightNorm === 0 ? undefined : updateNorm / weightNorm,
        ...activity(layer, firstOf(values, layer.a), how),
        gradients: histogram(gradient, { bins: how.bins }),
      };
    }),
  };
}

const norm = (numbers: readonly number[]): number => Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));

const rootMeanSquare = (t: Tensor | null | undefined): number =>
  t ? norm(Array.from(t.dataSync())) / Math.sqrt(t.size) : 0;

/** 1 − (slope / greatest slope), for the activations that saturate: tanh′ = 1 − a², σ′ = a(1 − a) ≤ ¼. */
const FLATNESS: Readonly<Record<string, (a: number) => number>> = {
  tanh: (a) => a ** 2,
  sigmoid: (a) => (2 * a - 1) ** 2,
};

function activity(layer: LayerTrace<Node>, a: Tensor, { slope, bins }: Measuring) {
  // What only rearranges leaves the values as they are.
  const activation = layer.activations.findLast(({ type }) => type !== "flatten")?.type;
  const numbers = a.dataSync();
  const units = layer.z.avals[0]?.shape.at(-1) ?? 1;
  const flatness = activation === undefined ? undefined : FLATNESS[activation];
  const isSaturated = (x: number): boolean => flatness !== undefined && flatness(x) > 1 - slope;
  const always = (is: (x: number) => boolean): number =>
    Array.from({ length: units }, (_, unit) => unit).filter((unit) => {
      for (let i = unit; i < numbers.length; i += units) if (!is(numbers[i] as number)) return false;
      return true;
    }).length;
  let saturated = 0;
  for (const x of numbers) saturated += Number(isSaturated(x));
  return {
    activation,
    units,
    deadUnits: activation === "relu" ? always((x) => x === 0) : undefined,
    saturatedShare: flatness && saturated / numbers.length,
    saturatedUnits: flatness && always(isSaturated),
    activations: histogram(numbers, { bins }),
  };
}
