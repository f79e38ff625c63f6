/** Activations by name: how they and their derivatives are written. */
import type { ActivationSpec } from "../flow/layers.ts";

interface Written {
  readonly text: string;
  readonly latex: string;
}

/** How an activation f is written, and its derivative at z, which is written @. */
export interface ActivationFormula {
  readonly f: Written;
  /** undefined: it is not element by element, and δ is not a product. */
  readonly slope: Written | undefined;
}

const named = (name: string): Written => ({ text: name, latex: `\\operatorname{${name}}` });
const step = (factor: number | undefined, rest: Written): Written =>
  factor === 0
    ? { text: "[@ > 0]", latex: "[@ > 0]" }
    : { text: `([@ > 0] + ${rest.text}·[@ ≤ 0])`, latex: `([@ > 0] + ${rest.latex}\\,[@ \\le 0])` };

/** Derivatives of the activations of `chainrule/nn`, at the pre-activation z. */
const FORMULAS: Record<string, (config: Record<string, unknown>) => ActivationFormula> = {
  sigmoid: () => ({
    f: { text: "σ", latex: "\\sigma" },
    slope: { text: "σ(@) ⊙ (1 − σ(@))", latex: "\\sigma(@) \\odot (1 - \\sigma(@))" },
  }),
  tanh: () => ({
    f: { text: "tanh", latex: "\\tanh" },
    slope: { text: "(1 − tanh²(@))", latex: "(1 - \\tanh^2(@))" },
  }),
  relu: () => ({ f: named("relu"), slope: step(0, named("")) }),
  leakyRelu: ({ slope }) => ({
    f: named("leakyRelu"),
    slope: step(undefined, { text: `${slope}`, latex: `${slope}` }),
  }),
  elu: ({ alpha }) => ({
    f: named("elu"),
    slope: step(undefined, { text: `${alpha}·exp(@)`, latex: `${alpha}\\,e^{@}` }),
  }),
  softplus: () => ({ f: named("softplus"), slope: { text: "σ(@)", latex: "\\sigma(@)" } }),
  gelu: () => ({
    f: named("gelu"),
    slope: { text: "(Φ(@) + @ ⊙ φ(@))", latex: "(\\Phi(@) + @ \\odot \\varphi(@))" },
  }),
  softmax: () => ({ f: named("softmax"), slope: undefined }),
  flatten: () => ({ f: named("flatten"), slope: undefined }),
  dropout: ({ rate }) => ({
    f: named("dropout"),
    slope: { text: `mask/${1 - Number(rate)}`, latex: `\\mathrm{mask} / ${1 - Number(rate)}` },
  }),
};

/** The derivative of an activation with z written out. */
export const slopeAt = (slope: Written, z: Written): Written => ({
  text: slope.text.replaceAll("@", z.text),
  latex: slope.latex.replaceAll("@", z.latex),
});

/** The formula of an activation; one that is not known is written by its name and f′. */
export function formulaOf({ type, config }: ActivationSpec): ActivationFormula {
  const known = Object.hasOwn(FORMULAS, type) ? FORMULAS[type] : undefined;
  if (known !== undefined) return known(config);
  const f = named(type);
  return { f, slope: { text: `${f.text}′(@)`, latex: `${f.latex}'(@)` } };
}
