/** What units and weights are called. */
import { isRegression, outputsOf, type State } from "../../state/index.ts";
import { FEATURE } from "../words.ts";

export function nameOfUnit(state: State, layer: number, unit: number): string {
  if (layer < state.layers.length) return `Unit ${unit + 1} of hidden layer ${layer + 1}`;
  if (isRegression(state)) return "Output";
  // Two classes share one output, that of class 1.
  return `Output for class ${outputsOf(state) === 1 ? 1 : unit}`;
}

/** What a layer's input is called; −1 is the bias. */
export function nameOfInput(state: State, layer: number, from: number): string {
  if (from < 0) return "bias";
  if (layer > 0) return `unit ${from + 1}`;
  const feature = state.features[from];
  return feature === undefined ? "" : FEATURE[feature];
}
