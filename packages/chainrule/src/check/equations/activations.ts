/** Activations by name: how they and their derivatives are written. */
import type { ActivationSpec } from "../flow/layers.ts";
import { formatNumber } from "../numbers.ts";
import { latexName, latexNumber } from "./terms.ts";

export interface Written {
  readonly text: string;
  readonly latex: string;
}

/** How an activation f is written, and its derivative at z, which is written @. */
export interface ActivationFormula {
  readonly f: Written;
  /** "1" for the identity. undefined: it is not element by element, and δ is not a product. */
  readonly slope: Written | undefined;
  /** Whether the derivative is written out; otherwise it is f′, if f works element by element at all. */
  readonly known: boolean;
}

const named = (name: string): Written => ({ text: name, latex: `\\operatorname{${latexName(name)}}` });
const ONE: Written = { text: "1", latex: "1" };
/** Where z lies strictly between two numbers. */
const within = (low: number, high: number): Written => ({
  text: `[${low < 0 ? `−${-low}` : low} < @ < ${high}]`,
  latex: `[${low} < @ < ${high}]`,
});
const step = (factor: number | undefined, rest: Written): Written =>
  factor === 0
    ? { text: "[@ > 0]", latex: "[@ > 0]" }
    : { text: `([@ > 0] + ${rest.text}·[@ ≤ 0])`, latex: `([@ > 0] + ${rest.latex}\\,[@ \\le 0])` };

/** Derivatives of the activations of `chainrule/nn`, at the pre-activation z. */
const FORMULAS: Record<string, (config: Record<string, unknown>) => Omit<ActivationFormula, "known">> = {
  linear: () => ({ f: named("linear"), slope: ONE }),
  step: () => ({ f: named("step"), slope: { text: "0", latex: "0" } }),
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
  logSigmoid: () => ({ f: named("logSigmoid"), slope: { text: "σ(−@)", latex: "\\sigma(-@)" } }),
  softsign: () => ({ f: named("softsign"), slope: { text: "1/(1 + |@|)²", latex: "\\frac{1}{(1 + |@|)^2}" } }),
  silu: () => ({
    f: named("silu"),
    slope: {
      text: "(σ(@) + @ ⊙ σ(@) ⊙ (1 − σ(@)))",
      latex: "(\\sigma(@) + @ \\odot \\sigma(@) \\odot (1 - \\sigma(@)))",
    },
  }),
  relu6: () => ({ f: named("relu6"), slope: within(0, 6) }),
  hardTanh: () => ({ f: named("hardTanh"), slope: within(-1, 1) }),
  hardSigmoid: () => ({
    f: named("hardSigmoid"),
    slope: { text: `1/6·${within(-3, 3).text}`, latex: `\\tfrac16 ${within(-3, 3).latex}` },
  }),
  hardSwish: () => ({
    f: named("hardSwish"),
    slope: {
      text: "(hardSigmoid(@) + @/6 ⊙ [−3 < @ < 3])",
      latex: "(\\operatorname{hardSigmoid}(@) + \\tfrac16 @ \\odot [-3 < @ < 3])",
    },
  }),
  selu: () => ({
    f: named("selu"),
    slope: {
      text: "1.0507·([@ > 0] + 1.67326·exp(@)·[@ ≤ 0])",
      latex: "1.0507\\,([@ > 0] + 1.67326\\,e^{@}\\,[@ \\le 0])",
    },
  }),
  mish: () => ({
    f: named("mish"),
    slope: {
      text: "(tanh(softplus(@)) + @ ⊙ (1 − tanh²(softplus(@))) ⊙ σ(@))",
      latex:
        "(\\tanh(\\operatorname{softplus}(@)) + @ \\odot (1 - \\tanh^2(\\operatorname{softplus}(@))) \\odot \\sigma(@))",
    },
  }),
  gaussianNoise: () => ({ f: named("gaussianNoise"), slope: ONE }),
  softmax: () => ({ f: named("softmax"), slope: undefined }),
  logSoftmax: () => ({ f: named("logSoftmax"), slope: undefined }),
  flatten: () => ({ f: named("flatten"), slope: undefined }),
  dropout: ({ rate }) => ({
    f: named("dropout"),
    slope: {
      text: `mask/${formatNumber(1 - Number(rate))}`,
      latex: `\\mathrm{mask} / ${latexNumber(1 - Number(rate))}`,
    },
  }),
};

const at = (written: Written, z: Written): Written => ({
  text: written.text.replaceAll("@", z.text),
  latex: written.latex.replaceAll("@", z.latex),
});

/** The formula of an activation; one that is not known is written by its name and f′. */
export function formulaOf({ type, config }: ActivationSpec): ActivationFormula {
  const known = Object.hasOwn(FORMULAS, type) ? FORMULAS[type] : undefined;
  if (known !== undefined) return { ...known(config), known: true };
  const f = named(type);
  return { f, slope: { text: `${f.text}′(@)`, latex: `${f.latex}'(@)` }, known: false };
}

/** f₂(f₁(z)) */
export const applied = (activations: readonly ActivationSpec[], z: Written): Written =>
  activations.map(formulaOf).reduce(
    (inner, { f }) => ({
      text: `${f.text}(${inner.text})`,
      latex: `${f.latex}(${inner.latex})`,
    }),
    { text: z.text, latex: z.latex },
  );

/**
 * The derivative of activations one after another at z, by the chain rule f₂′(f₁(z)) ⊙ f₁′(z); "1" if all are.
 *
 * @param elementwise whether the whole works element by element, where the formulas do not tell
 * @returns undefined if it does not
 */
export function slopeOf(activations: readonly ActivationSpec[], z: Written, elementwise: boolean): Written | undefined {
  const formulas = activations.map(formulaOf);
  if (formulas.some(({ slope, known }) => slope === undefined || !(known || elementwise))) return undefined;
  const slopes = formulas.map(({ slope }, i) => at(slope as Written, applied(activations.slice(0, i), z)));
  const factors = slopes.filter(({ text }) => text !== "1").toReversed();
  if (factors.length === 0) return ONE;
  return {
    text: factors.map(({ text }) => text).join(" ⊙ "),
    latex: factors.map(({ latex }) => latex).join(" \\odot "),
  };
}
