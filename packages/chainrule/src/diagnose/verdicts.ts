/** From numbers of a layer to a plain word, by stated thresholds. */
import { formatNumber } from "../check/numbers.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import type { LayerNumbers } from "./layers.ts";

export type VerdictKind = "vanishing" | "exploding" | "dead" | "saturated";

export interface Verdict {
  readonly kind: VerdictKind;
  /** The layer. */
  readonly path: string;
  /** What was found, with numbers. */
  readonly message: string;
  readonly advice: string;
}

export interface Thresholds {
  /**
   * Gradients vanish where they shrink on the way back: where the root mean squares of a layer's gradient and of δ = ∂L/∂z are both
   * less than this times those of the later layer where they are largest; default 1e-3. In healthy networks layers differ by a factor of
   * ten or so; at a thousandth a layer stands still while others learn. Gradients that are small in all layers together, as at a
   * minimum, have not vanished.
   */
  readonly vanishing?: number;
  /** They explode where δ grows on the way back: where it is more than this times that of the last layer; default 1e3. */
  readonly exploding?: number;
  /**
   * A healthy step changes weights by about a thousandth. More than this, default 0.1, is called exploding, as the weights are
   * thrown about.
   */
  readonly largestUpdate?: number;
  /** Less than this, default 2⁻²⁴, float32 rounds away; it is called vanishing where other layers do move. */
  readonly smallestUpdate?: number;
  /**
   * A layer is called dead if this share of its ReLU units is 0 for every example; default 0.4. A. Karpathy, notes of Stanford's
   * CS231n: "as much as 40 % of your network can be dead if the learning rate is set too high". Healthy deep ones lose some too.
   */
  readonly dead?: number;
  /** A hidden layer is called saturated if this share of its sigmoid or tanh values is; default 0.5. */
  readonly saturated?: number;
  /** A value is saturated where the derivative is less than this share of its maximum; default 0.05: |tanh| above 0.975. */
  readonly slope?: number;
}

const DEFAULTS: Required<Thresholds> = {
  vanishing: 1e-3,
  exploding: 1e3,
  largestUpdate: 0.1,
  smallestUpdate: 2 ** -24,
  dead: 0.4,
  saturated: 0.5,
  slope: 0.05,
};

/** @throws TypeError, RangeError for thresholds that do not exist or are not positive */
export function checkThresholds(where: string, thresholds: Thresholds = {}): Required<Thresholds> {
  checkOptions(`${where}: thresholds`, thresholds, Object.keys(DEFAULTS));
  const all = { ...DEFAULTS, ...thresholds };
  for (const [name, value] of Object.entries(all)) checkNumber(`${where}: thresholds`, name, value, { above: 0 });
  return all;
}

const percent = (share: number): string => `${formatNumber(Number((100 * share).toPrecision(2)))} %`;
const short = (x: number): string => formatNumber(Number(x.toPrecision(2)));

const ADVICE: Readonly<Record<VerdictKind, string>> = {
  vanishing: "Use relu in place of sigmoid and tanh, Glorot or He initial values, fewer layers or normalization.",
  exploding:
    "Lower the learning rate, clip gradients, or start from smaller weights; scale the inputs to about −1 … 1.",
  dead: "Lower the learning rate, use leakyRelu, or heNormal initial values; scale the inputs to about −1 … 1.",
  saturated: "Start from smaller weights (Glorot), scale the inputs to about −1 … 1, or lower the learning rate.",
};

/** What is wrong with the layers, in their order. */
export function judge(layers: readonly LayerNumbers[], limits: Required<Thresholds>): Verdict[] {
  const mostMoved = mostOf(layers, "updateRatio");
  return layers.flatMap((layer, i) => {
    const say = (kind: VerdictKind, message: string): Verdict => ({
      kind,
      path: layer.path,
      message,
      advice: ADVICE[kind],
    });
    return [
      ...gradientVerdict(layer, layers.slice(i + 1), limits).map(([kind, message]) => say(kind, message)),
      ...updateVerdict(layer, mostMoved, limits).map(([kind, message]) => say(kind, message)),
      ...(layer.deadUnits !== undefined && layer.deadUnits >= limits.dead * layer.units
        ? [say("dead", `${layer.deadUnits} of ${layer.units} ReLU units are 0 for every example.`)]
        : []),
      // Outputs of a classifier that is sure are saturated, and should be.
      ...(layer.saturatedShare !== undefined && layer.saturatedShare >= limits.saturated && i < layers.length - 1
        ? [say("saturated", `${percent(layer.saturatedShare)} of the ${layer.activation} values are saturated.`)]
        : []),
    ];
  });
}

type Judgement = readonly [VerdictKind, string];

const mostOf = (layers: readonly LayerNumbers[], name: "gradientRms" | "deltaRms" | "updateRatio"): number =>
  layers.reduce((most, layer) => Math.max(most, layer[name] ?? 0), 0);

/** Gradients vanish and explode on their way back, so a layer is compared with those after it. */
function gradientVerdict(
  { gradientRms, deltaRms }: LayerNumbers,
  later: readonly LayerNumbers[],
  limits: Required<Thresholds>,
): Judgement[] {
  if (!Number.isFinite(gradientRms + deltaRms)) return [["exploding", "The gradient is not finite."]];
  const [gradient, delta, last] = [mostOf(later, "gradientRms"), mostOf(later, "deltaRms"), later.at(-1)?.deltaRms];
  // Where nothing comes back to any layer the whole network stands still: `remarks` says so.
  if (deltaRms === 0) return delta > 0 ? [["vanishing", "The gradient is 0."]] : [];
  // Not by the gradients of the weights: in a network of relu where activations grow forwards as δ does backwards, these are alike.
  if (last !== undefined && deltaRms > limits.exploding * last) {
    return [["exploding", `The gradient ∂L/∂z is ${short(deltaRms / last)} times that of the last layer.`]];
  }
  if (gradientRms < limits.vanishing * gradient && deltaRms < limits.vanishing * delta) {
    return [["vanishing", `The gradient is ${short(gradientRms / gradient)} of the largest of any later layer.`]];
  }
  return [];
}

function updateVerdict({ updateRatio }: LayerNumbers, most: number, limits: Required<Thresholds>): Judgement[] {
  if (updateRatio === undefined || updateRatio === 0) return [];
  if (!Number.isFinite(updateRatio)) return [["exploding", "A step makes weights that are not finite."]];
  if (updateRatio > limits.largestUpdate) {
    return [["exploding", `A step changes the weights by ${percent(updateRatio)}.`]];
  }
  if (updateRatio < limits.smallestUpdate && updateRatio < limits.vanishing * most) {
    return [["vanishing", `A step changes the weights by ${short(updateRatio)} of them, which float32 rounds away.`]];
  }
  return [];
}

/** What is to be said of all layers together, and is no fault of any of them. */
export function remarks(loss: number, layers: readonly LayerNumbers[], limits: Required<Thresholds>): string[] {
  if (layers.every(({ gradientRms, deltaRms }) => gradientRms === 0 && deltaRms === 0)) {
    return [
      `The gradients of all layers are 0, where the loss is ${formatNumber(loss)}: training has converged, or stands on a plateau such as that of saturated outputs.`,
    ];
  }
  const ratios = layers.flatMap(({ updateRatio }) => (updateRatio === undefined ? [] : [updateRatio]));
  const most = Math.max(...ratios);
  if (ratios.length === 0 || !(most < limits.smallestUpdate)) return [];
  const change =
    most === 0
      ? "A step changes no weight"
      : `A step changes the weights of no layer by more than ${short(most)} of them, which float32 rounds away`;
  return [`${change}: training has converged, or the learning rate is too small.`];
}
