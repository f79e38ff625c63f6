/**
 * The stages on the way through a network: 0 is the input, then each hidden layer has its sums (2l + 1) and what the activation
 * makes of them (2l + 2), and the last is the output. A column is the features (0), a hidden layer, or the outputs.
 */
import { widthsOf } from "./derived.ts";
import type { State } from "./settings.ts";

/** The unit across and the unit up. */
export type Axes = readonly [across: number, up: number];

export const lastStage = ({ layers }: Pick<State, "layers">): number => 2 * layers.length + 1;

/** The column whose units a stage shows. */
export const columnOf = (stage: number): number => Math.ceil(stage / 2);

/** The axes of a column: those chosen, as far as it has such units. */
export function axesAt(state: State, column: number): Axes {
  const last = (widthsOf(state)[column] ?? 1) - 1;
  const [across, up] = state.axes[column] ?? [0, 1];
  return [Math.min(across, last), Math.min(up, last)];
}

/** The axes of all columns. */
export const axesOf = (state: State): Axes[] => widthsOf(state).map((_, column) => axesAt(state, column));

/** All axes, those of one column changed. */
export const withAxes = (state: State, column: number, axes: Axes): Axes[] => axesOf(state).with(column, axes);
