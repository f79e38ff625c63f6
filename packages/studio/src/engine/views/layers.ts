/** What goes through each layer and comes back, over all training points: how it is spread, and what is wrong. */
import { compile, type Tensor, valueAndGrad, zeros } from "chainrule";
import { histogram, judgeLayers, type LayerReport, type LayerValues } from "chainrule/diagnose";
import type { Part } from "../../data/index.ts";
import { type State, widthsOf } from "../../state/index.ts";
import {
  BINS,
  DECADES,
  type Distribution,
  type LayerDistributions,
  type Range,
  type Trouble,
} from "../distributions.ts";
import { forward, weightsOf } from "../pass.ts";
import type { Trainer } from "../trainer.ts";
import type { View } from "./view.ts";

export const layers: View<"layers"> = (trainer) => {
  const { state } = trainer;
  const pass = passOf(trainer);
  return () => {
    const { loss, layers } = pass();
    const report = judgeLayers(layers, { loss, bins: 1 });
    const twins = symmetricLayers(trainer);
    const ranges = answerRanges(state, layers);
    const [deltas, gradients] = [sizeRange(layers, "deltas"), sizeRange(layers, "gradient")];
    return {
      deltas,
      gradients,
      remarks: report.remarks,
      layers: layers.map(
        (layer, i): LayerDistributions => ({
          answers: distributionOf(layer.activations, ranges[i] as Range, (x) => x),
          deltas: distributionOf(layer.deltas, deltas, logSize),
          gradients: distributionOf(layer.gradient, gradients, logSize),
          range: ranges[i] as Range,
          ...troubles(report, i, twins[i] === true),
        }),
      ),
    };
  };
};

/** Forwards and backwards once, compiled: so it is cheap enough to be done with each frame. */
function passOf({ network, loss, examples, state }: Trainer): () => { loss: number; layers: LayerValues[] } {
  const { x, y, points } = examples.training as Part;
  const widths = widthsOf(state).slice(1);
  const run = compile((part: { x: Tensor; y: Tensor }) => {
    // What is added to z is 0; the derivative by it is δ = ∂L/∂z.
    const layers = weightsOf(network).map((layer, i) => ({
      ...layer,
      shift: zeros([points.length, widths[i] as number]),
    }));
    const f = (inputs: typeof layers) => {
      const values = forward(network, part.x, inputs);
      return [loss(values.at(-1) as Tensor, part.y), values] as const;
    };
    return valueAndGrad(f, { aux: true })(layers);
  });
  return () => {
    const { value, aux, gradient } = run({ x, y });
    return {
      loss: value.itemSync(),
      layers: widths.map((units, i) => {
        const layer = network.layers[i] as (typeof network.layers)[number];
        const found = gradient[i] as (typeof gradient)[number];
        return {
          path: String(i),
          type: "dense",
          activation: i < widths.length - 1 ? state.activation : undefined,
          units,
          weights: joined(layer.weight.value, layer.bias?.value),
          gradient: joined(found.weight, found.bias),
          activations: (aux[i] as Tensor).dataSync(),
          deltas: found.shift.dataSync(),
        };
      }),
    };
  };
}

function joined(...parts: readonly (Tensor | undefined)[]): Float32Array {
  const all = parts.flatMap((part) => (part === undefined ? [] : [part.dataSync() as Float32Array]));
  const joint = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    joint.set(part, at);
    at += part.length;
  }
  return joint;
}

const logSize = (x: number): number => Math.log10(Math.abs(x));

/** @param of where on the axis a value is counted; −∞ and what lies below the range is counted apart */
function distributionOf(values: ArrayLike<number>, range: Range, of: (x: number) => number): Distribution {
  const places = new Float32Array(values.length);
  let [sum, squares, largest, below] = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    sum += x;
    squares += x * x;
    largest = Math.max(largest, Math.abs(x));
    places[i] = of(x);
    if ((places[i] as number) < range[0]) below++;
  }
  const [mean, square] = [sum / values.length, squares / values.length];
  return {
    counts: Float32Array.from(histogram(places, { bins: BINS, range }).counts),
    below: below / values.length,
    mean,
    deviation: Math.sqrt(Math.max(0, square - mean * mean)),
    largest,
    rms: Math.sqrt(square),
  };
}

/** From the power of ten above the largest of all layers down; those of a training that diverged may be no numbers. */
function sizeRange(layers: readonly LayerValues[], name: "deltas" | "gradient"): Range {
  let most = 0;
  for (const { [name]: values } of layers) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i] as number);
      if (size > most && size < Number.POSITIVE_INFINITY) most = size;
    }
  }
  const top = most === 0 ? 0 : Math.ceil(Math.log10(most)) + 0;
  return [top - DECADES, top];
}

const LIMITS: Readonly<Partial<Record<State["activation"], Range>>> = { tanh: [-1, 1], sigmoid: [0, 1] };

/** The hidden layers have a range in common, so that they can be compared; the outputs have their own. */
function answerRanges({ activation }: State, layers: readonly LayerValues[]): Range[] {
  const hidden = LIMITS[activation] ?? roundRange(layers.slice(0, -1));
  return layers.map((_, i) => (i < layers.length - 1 ? hidden : roundRange(layers.slice(-1))));
}

/** That of all values, to round numbers, so that it stays while the values change a little. */
function roundRange(layers: readonly LayerValues[]): Range {
  let [least, most] = [0, 0];
  for (const { activations } of layers) {
    for (let i = 0; i < activations.length; i++) {
      const x = activations[i] as number;
      if (!Number.isFinite(x)) continue;
      least = Math.min(least, x);
      most = Math.max(most, x);
    }
  }
  return least === 0 && most === 0 ? [-1, 1] : [0 - roundUp(-least), roundUp(most)];
}

/** 0.3 becomes 0.5, 1.2 becomes 2, 70 becomes 100. */
function roundUp(size: number): number {
  if (size <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(size));
  const step = [1, 2, 5].find((each) => each * power >= size) ?? 10;
  return step * power;
}

/**
 * Whether the units of each hidden layer are alike: what they are given and what takes their answers have equal weights. Then their
 * gradients are equal, too, and no step of gradient descent makes them differ.
 */
function symmetricLayers({ network }: Trainer): boolean[] {
  const matrices = network.layers.map(({ weight, bias }) => ({
    into: weight.value.dataSync(),
    bias: bias?.value.dataSync() ?? [],
    units: weight.shape[1] as number,
  }));
  const alike = (numbers: ArrayLike<number>, units: number, stride: number, step: number): boolean => {
    for (let i = 0; i < numbers.length; i++) {
      const unit = Math.floor(i / stride) % units;
      if (unit > 0 && numbers[i] !== numbers[i - step]) return false;
    }
    return true;
  };
  return matrices.slice(0, -1).map(({ into, bias, units }, i) => {
    const next = matrices[i + 1] as (typeof matrices)[number];
    // Rows are inputs: units lie side by side in the matrix into the layer, and row below row in the one out of it.
    return (
      units > 1 &&
      alike(into, units, 1, 1) &&
      alike(bias, units, 1, 1) &&
      alike(next.into, units, next.units, next.units)
    );
  });
}

function troubles(report: LayerReport, i: number, twins: boolean): Pick<LayerDistributions, "verdicts" | "units"> {
  const numbers = report.layers[i] as LayerReport["layers"][number];
  const found = report.verdicts.filter(({ path }) => path === String(i));
  const units = Array.from({ length: numbers.units }, (_, unit): Trouble | undefined => {
    if (numbers.deadIndices.includes(unit)) return "dead";
    if (numbers.saturatedIndices.includes(unit)) return "saturated";
    return twins ? "symmetric" : undefined;
  });
  const symmetric = {
    kind: "symmetric" as const,
    message: `All ${numbers.units} units have the same weights, and get the same gradient.`,
  };
  return {
    verdicts: [...found.map(({ kind, message }) => ({ kind, message })), ...(twins ? [symmetric] : [])],
    units,
  };
}
