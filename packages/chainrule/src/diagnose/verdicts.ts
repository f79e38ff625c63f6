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
   * Gradients vanish where their root mean square is less than this times that of the layer where it is largest; default
   * 1e-3. In healthy networks layers differ by a factor of ten or so; at a thousandth a layer stands still while others learn.
   */
  readonly vanishing?: number;
  /** They explode where their root mean square is more than this times that of the last layer; default 1e3. */
  readonly exploding?: number;
  /**
   * A healthy step changes weights by about a thousandth. More than this, default 0.1, is called exploding, as the weights are
   * thrown about.
   */
  readonly largestUpdate?: number;
  /** Less than this, default 2⁻²⁴, is called vanishing, as float32 rounds it away. */
  readonly smallestUpdate?: number;
  /** A layer is called dead if this share of its ReLU units, default 0.2, is 0 for every example. */
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
  dead: 0.2,
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
  const largest = layers.reduce((most, { gradientRms }) => Math.max(most, gradientRms), 0);
  const ofLast = layers.at(-1)?.gradientRms ?? 0;
  return layers.flatMap((layer, i) => {
    const say = (kind: VerdictKind, message: string): Verdict => ({
      kind,
      path: layer.path,
      message,
      advice: ADVICE[kind],
    });
    return [
      ...gradientVerdict(layer, largest, ofLast, limits).map(([kind, message]) => say(kind, message)),
      ...updateVerdict(layer, limits).map(([kind, message]) => say(kind, message)),
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

function gradientVerdict(
  { gradientRms: own }: LayerNumbers,
  largest: number,
  ofLast: number,
  limits: Required<Thresholds>,
): Judgement[] {
  if (!Number.isFinite(own)) return [["exploding", "The gradient is not finite."]];
  if (own === 0) return [["vanishing", "The gradient is 0."]];
  if (own > limits.exploding * ofLast) {
    return [["exploding", `The gradient is ${short(own / ofLast)} times that of the last layer.`]];
  }
  if (own < limits.vanishing * largest) {
    return [["vanishing", `The gradient is ${short(own / largest)} of the largest of any layer.`]];
  }
  return [];
}

function updateVerdict({ updateRatio }: LayerNumbers, limits: Required<Thresholds>): Judgement[] {
  if (updateRatio === undefined || updateRatio === 0) return [];
  if (!(updateRatio <= limits.largestUpdate)) {
    return [["exploding", `A step changes the weights by ${percent(updateRatio)}.`]];
  }
  if (updateRatio < limits.smallestUpdate) {
    return [["vanishing", `A step changes the weights by ${short(updateRatio)} of them, which float32 rounds away.`]];
  }
  return [];
}
