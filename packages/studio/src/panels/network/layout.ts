/** Where the units stand: columns of features, hidden layers and outputs, from left to right. */
import { type FeatureName, featuresOf, type State, tableOf, widthsOf } from "../../state/index.ts";

/** In CSS pixels. */
export const UNIT = 42;
const ROW = 52;
const TOP = 52;
/** The names of the features stand left of them; those of columns are longer. */
const LEFT = 46;
const LEFT_OF_COLUMNS = 104;
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
export function layoutOf(state: State, width: number, features: readonly FeatureName[] = featuresOf(state)): Layout {
  const widths = widthsOf(state).slice(1);
  const first = tableOf(state) === undefined ? LEFT : LEFT_OF_COLUMNS;
  const whole = Math.max(width, first + RIGHT + UNIT + COLUMN * widths.length);
  const gap = (whole - first - RIGHT - UNIT) / widths.length;
  const column = (count: number, i: number): Place[] =>
    Array.from({ length: count }, (_, row) => ({ left: first + i * gap, top: TOP + row * ROW }));
  return {
    width: whole,
    height: TOP + Math.max(features.length, ...widths) * ROW,
    features: Object.fromEntries(column(features.length, 0).map((place, i) => [features[i], place])),
    layers: widths.map((count, i) => column(count, i + 1)),
  };
}
