/** What the experiments of the guided ideas ask and are told. */
import type { State } from "../state/index.ts";

/** A perceptron: it fires, with 1, where the sum of its weighted inputs is above its threshold. */
export interface Unit {
  readonly weights: readonly number[];
  readonly threshold: number;
}

export interface BooleanNetwork {
  /** Layer by layer; a single unit if that is enough. */
  readonly layers: readonly (readonly Unit[])[];
  /** For each row of the table, what each unit says, layer by layer. */
  readonly values: readonly (readonly (readonly number[])[])[];
  /**
   * Why one unit is not enough: two rows with 1 and two with 0, as their numbers, whose inputs have the same sums. Undefined
   * if one is.
   */
  readonly obstacle: { readonly ones: readonly number[]; readonly zeros: readonly number[] } | undefined;
}

/** Places at which functions on [0, 1] are compared and drawn. */
export const CURVE_POINTS = 257;

export interface Towers {
  /** The sum of all towers. */
  readonly curve: Float32Array;
  /** Each tower by itself, also those beside the interval whose tails reach into it. */
  readonly towers: readonly Float32Array[];
  /** The largest difference from the function, and where. */
  readonly error: number;
  readonly at: number;
  /** Hidden units. */
  readonly units: number;
  /** The factor s of σ(s(x − edge)). */
  readonly steepness: number;
}

/**
 * Loss surfaces over two weights u and v. "bowl" is ½(u² + v²), "ravine" ½(u² + 25v²), "saddle" ½u² − ½v² + ¼v⁴, whose two
 * minima are at v = ±1.
 */
export const HILLS = ["bowl", "ravine", "saddle"] as const;
export type Hill = (typeof HILLS)[number];

export const heightOf: Readonly<Record<Hill, (u: number, v: number) => number>> = {
  bowl: (u, v) => (u * u + v * v) / 2,
  ravine: (u, v) => (u * u + 25 * v * v) / 2,
  saddle: (u, v) => (u * u - v * v) / 2 + v ** 4 / 4,
};

/** The settings of an optimizer; "bareNewton" is the step −H⁻¹·∇L, without what keeps it safe. */
export type Walk = Pick<State, "rate" | "momentum" | "schedule" | "decaySteps"> & {
  readonly optimizer: Exclude<State["optimizer"], "newton" | "lbfgs"> | "bareNewton";
};

export interface DescentAsked {
  readonly hill: Hill;
  readonly start: readonly [u: number, v: number];
  readonly steps: number;
  readonly walks: readonly Walk[];
}

export interface Descent {
  /** For each walk the places, u and v in turn, the start first. */
  readonly paths: readonly Float32Array[];
  /** The losses there. */
  readonly losses: readonly Float32Array[];
}

export interface SpreadAsked {
  /** Hidden units. */
  readonly units: number;
  /** The number of the draw: another one, other examples. */
  readonly draw: number;
  readonly examples: number;
  /** The standard deviation of what is added to the values. */
  readonly noise: number;
}

/** Places on [0, 1] at which the networks of `spread` are seen. */
export const SPREAD_POINTS = 65;

/** What the examples of `spread` come from: C. M. Bishop, "Pattern recognition and machine learning", 2006, section 3.2. */
export const truthAt = (x: number): number => Math.sin(2 * Math.PI * x);
