/** Where the units stand: columns of features, hidden layers and outputs, from left to right. */
import { FEATURES, type FeatureName, type State, widthsOf } from "../../state/index.ts";

/** In CSS pixels. */
export const UNIT = 42;
const ROW = 52;
const TOP = 52;
/** The names of the features stand left of them. */
const LEFT = 46;
const RIGHT = 6;
/** The least from one column to the next: a unit, and room for lines to be told apart. */
const COLUMN = 74;

export interface Place {
  readonly left: number;
  readonly top: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The features that are shown. */
  readonly features: Readonly<Partial<Record<FeatureName, Place>>>;
  /** The units of the hidden layers, then the outputs. */
  readonly layers: readonly (readonly Place[])[];
}

/**
 * @param width that there is; more may be needed
 * @param features that are shown
 */
export function layoutOf(state: State, width: number, features: readonly FeatureName[] = FEATURES): Layout {
  const widths = widthsOf(state).slice(1);
  const whole = Math.max(width, LEFT + RIGHT + UNIT + COLUMN * widths.length);
  const gap = (whole - LEFT - RIGHT - UNIT) / widths.length;
  const column = (count: number, i: number): Place[] =>
    Array.from({ length: count }, (_, row) => ({ left: LEFT + i * gap, top: TOP + row * ROW }));
  return {
    width: whole,
    height: TOP + Math.max(features.length, ...widths) * ROW,
    features: Object.fromEntries(column(features.length, 0).map((place, i) => [features[i], place])),
    layers: widths.map((count, i) => column(count, i + 1)),
  };
}
