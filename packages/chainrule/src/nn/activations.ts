/** Activation functions: plain functions from tensor to tensor, element by element (softmax: along the last axis). */
import { where } from "../ops/select.ts";
import { checkNumber } from "../tensor/options.ts";
import { type LayerFunction, layerFunction } from "./layer-function.ts";

/** An activation function. */
export type Activation = LayerFunction;

/** max(0, x); derivative 0 at 0. */
export const relu: Activation = /* @__PURE__ */ layerFunction("relu", {}, (x) => x.relu());

/** 1 / (1 + e⁻ˣ). */
export const sigmoid: Activation = /* @__PURE__ */ layerFunction("sigmoid", {}, (x) => x.sigmoid());

/** The hyperbolic tangent. */
export const tanh: Activation = /* @__PURE__ */ layerFunction("tanh", {}, (x) => x.tanh());

/** log(1 + eˣ), without overflow. */
export const softplus: Activation = /* @__PURE__ */ layerFunction("softplus", {}, (x) => x.softplus());

/** eˣ / Σ eˣ along the last axis. Not before softmaxCrossEntropy, which takes logits. */
export const softmax: Activation = /* @__PURE__ */ layerFunction("softmax", {}, (x) => x.softmax());

/**
 * x·Φ(x) with the normal distribution function Φ, exact (not the tanh approximation). D. Hendrycks and K. Gimpel,
 * "Gaussian error linear units (GELUs)", 2016.
 */
export const gelu: Activation = /* @__PURE__ */ layerFunction("gelu", {}, (x) =>
  x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)),
);

/**
 * Makes the activation x for x > 0, slope·x else. A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier nonlinearities
 * improve neural network acoustic models", 2013.
 *
 * @param slope of the negative side, default 0.01
 */
export function leakyRelu(slope = 0.01): Activation {
  checkSetting("leakyRelu", "slope", slope);
  return layerFunction("leakyRelu", { slope }, (x) => where(x.greater(0), x, x.mul(slope)));
}

/**
 * Makes the activation x for x > 0, alpha·(eˣ − 1) else. D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and
 * accurate deep network learning by exponential linear units (ELUs)", 2016.
 *
 * @param alpha default 1
 */
export function elu(alpha = 1): Activation {
  checkSetting("elu", "alpha", alpha);
  // An exponential that overflows stands on the side that is not chosen, and so never reaches a value or a derivative.
  return layerFunction("elu", { alpha }, (x) => where(x.greater(0), x, x.expm1().mul(alpha)));
}

/** leakyRelu and elu have a setting, so they are called to get the activation; passing them uncalled is a likely slip. */
function checkSetting(name: string, setting: string, value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(
      `${name}: takes a number, its ${setting}, and gives an activation. Write ${name}() or ${name}(0.2), not ${name}.`,
    );
  }
  checkNumber(name, setting, value, { least: 0 });
}
