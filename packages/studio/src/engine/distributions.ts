/** How the numbers of each layer are spread, and what is wrong with them, as the page is told. */

/** Bins of each histogram. */
export const BINS = 32;
/** Sizes are counted by their powers of ten; a histogram of them spans this many. */
export const DECADES = 8;

export interface Distribution {
  /** How many values are in each bin of the range. */
  readonly counts: Float32Array;
  /** Of sizes: the share of values that are 0, or too small for the range. */
  readonly below: number;
  readonly mean: number;
  /** The standard deviation. */
  readonly deviation: number;
  /** The largest in size. */
  readonly largest: number;
  /** The root mean square. */
  readonly rms: number;
}

/** The least and the greatest value on the axis of a histogram; of sizes, their decimal logarithms. */
export type Range = readonly [least: number, most: number];

/**
 * - vanishing, exploding: the gradient has shrunk or grown on its way back
 * - dead, saturated: units that answer 0, or nearly the same, to all examples
 * - symmetric: units that are alike, and stay so
 */
export type Trouble = "vanishing" | "exploding" | "dead" | "saturated" | "symmetric";

export interface LayerDistributions {
  /** Of the units' values after the activation function; of the last layer, the raw outputs. */
  readonly answers: Distribution;
  /** Of the sizes of δ = ∂L/∂z, example by example. */
  readonly deltas: Distribution;
  /** Of the sizes of the gradients of its weights and biases. */
  readonly gradients: Distribution;
  /** Of the answers: the hidden layers have one in common. */
  readonly range: Range;
  /** What is wrong with the layer, with numbers. */
  readonly verdicts: readonly { readonly kind: Trouble; readonly message: string }[];
  /** What is wrong with each unit; undefined if nothing is. */
  readonly units: readonly (Trouble | undefined)[];
}

export interface NetworkDistributions {
  /** Hidden layers, then the outputs. */
  readonly layers: readonly LayerDistributions[];
  /** Of sizes, the same for all layers. */
  readonly deltas: Range;
  readonly gradients: Range;
  /** What is to be said of all layers together. */
  readonly remarks: readonly string[];
}
