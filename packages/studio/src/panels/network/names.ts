/** What units and weights are called. */
import {
  classNamed,
  type FeatureName,
  isRegression,
  outputsOf,
  type State,
  weightCount,
  weightIndex,
  widthsOf,
} from "../../state/index.ts";
import { featureNamed } from "../words.ts";

export function nameOfUnit(state: State, layer: number, unit: number): string {
  if (layer < state.layers.length) return `Unit ${unit + 1} of hidden layer ${layer + 1}`;
  if (isRegression(state)) return "Output";
  // Two classes share one output, that of class 1.
  return `Output for ${classNamed(state, outputsOf(state) === 1 ? 1 : unit)}`;
}

/** What a layer's input is called; −1 is the bias. */
export function nameOfInput(state: State, layer: number, from: number): string {
  if (from < 0) return "bias";
  if (layer > 0) return `unit ${from + 1}`;
  const feature = state.features[from];
  return feature === undefined ? "" : featureNamed(state, feature);
}

/** What all weights are called, in the order of the list of all. */
export function namesOfWeights(state: State): string[] {
  const names = Array<string>(weightCount(state));
  const widths = widthsOf(state);
  for (const [layer, inputs] of widths.slice(0, -1).entries()) {
    for (let to = 0; to < (widths[layer + 1] as number); to++) {
      for (let from = -1; from < inputs; from++) {
        const name = nameOfInput(state, layer, from);
        names[weightIndex(widths, layer, from, to)] = `${name} → ${nameOfUnit(state, layer, to).toLowerCase()}`;
      }
    }
  }
  return names;
}

const TEX: Readonly<Record<FeatureName, string>> = {
  x: "x",
  y: "y",
  xx: "x^2",
  yy: "y^2",
  xy: "xy",
  sinx: "\\sin x",
  siny: "\\sin y",
  // A name from a file is not for TeX.
  c1: "c_1",
  c2: "c_2",
  c3: "c_3",
  c4: "c_4",
  c5: "c_5",
  c6: "c_6",
};

const FUNCTION: Readonly<Record<State["activation"], string>> = {
  tanh: "\\tanh",
  relu: "\\operatorname{ReLU}",
  sigmoid: "\\sigma",
  linear: "",
  leakyRelu: "\\operatorname{LReLU}",
  elu: "\\operatorname{ELU}",
  gelu: "\\operatorname{GELU}",
  silu: "\\operatorname{SiLU}",
};

/** What the units of a layer compute, in TeX; inputs in the middle are left out where there are many. */
export function formulaOf(state: State, layer: number): string {
  const inputs = widthsOf(state)[layer] as number;
  const term = (i: number): string =>
    `w_${i + 1}\\,${layer === 0 ? TEX[state.features[i] as FeatureName] : `a_${i + 1}`}`;
  const terms = inputs <= 3 ? Array.from({ length: inputs }, (_, i) => term(i)) : [term(0), "\\dots", term(inputs - 1)];
  const sum = `${terms.join(" + ")} + b`;
  const activation = layer < state.layers.length ? FUNCTION[state.activation] : "";
  return activation === "" ? `z = ${sum}` : `a = ${activation}(${sum})`;
}
