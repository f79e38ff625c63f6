/** Activation functions: plain functions from tensor to tensor, element by element (softmax: along the last axis). */
import { where } from "../ops/select.ts";
import { checkNumber } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LayerFunction, layerFunction } from "./layer-function.ts";

/** An activation function. */
export type Activation = LayerFunction;

/** x itself: the output of a regression, and of logits. */
export const linear: Activation = /* @__PURE__ */ layerFunction("linear", {}, (x) => x);

/** 1 where x > 0, else 0; NaN stays NaN. */
export const fires = (x: Tensor): Tensor => x.sign().relu();

/**
 * 1 for x > 0, else 0: the unit of a perceptron. Its derivative is 0 everywhere, so gradients train nothing before it; see
 * `trainPerceptron`.
 */
export const step: Activation = /* @__PURE__ */ layerFunction("step", {}, fires);

/** max(0, x); derivative 0 at 0. */
export const relu: Activation = /* @__PURE__ */ layerFunction("relu", {}, (x) => x.relu());

/** 1 / (1 + e⁻ˣ). */
export const sigmoid: Activation = /* @__PURE__ */ layerFunction("sigmoid", {}, (x) => x.sigmoid());

/** The hyperbolic tangent. */
export const tanh: Activation = /* @__PURE__ */ layerFunction("tanh", {}, (x) => x.tanh());

/** log(1 + eˣ), without overflow. */
export const softplus: Activation = /* @__PURE__ */ layerFunction("softplus", {}, (x) => x.softplus());

/** log σ(x) = −log(1 + e⁻ˣ), without overflow. */
export const logSigmoid: Activation = /* @__PURE__ */ layerFunction("logSigmoid", {}, (x) => x.neg().softplus().neg());

/** x / (1 + |x|). */
export const softsign: Activation = /* @__PURE__ */ layerFunction("softsign", {}, (x) => x.div(x.abs().add(1)));

/** eˣ / Σ eˣ along the last axis. Not before softmaxCrossEntropy, which takes logits. */
export const softmax: Activation = /* @__PURE__ */ layerFunction("softmax", {}, (x) => x.softmax());

/** log(softmax(x)) along the last axis: for negativeLogLikelihood. */
export const logSoftmax: Activation = /* @__PURE__ */ layerFunction("logSoftmax", {}, (x) => x.logSoftmax());

/**
 * x·σ(x), also called swish. S. Elfwing, E. Uchibe and K. Doya, "Sigmoid-weighted linear units for neural network
 * function approximation in reinforcement learning", 2018.
 */
export const silu: Activation = /* @__PURE__ */ layerFunction("silu", {}, (x) => x.mul(x.sigmoid()));

/** The other name of `silu`. P. Ramachandran, B. Zoph and Q. V. Le, "Searching for activation functions", 2017. */
export const swish: Activation = silu;

/** x·tanh(log(1 + eˣ)). D. Misra, "Mish: a self regularized non-monotonic activation function", 2020. */
export const mish: Activation = /* @__PURE__ */ layerFunction("mish", {}, (x) => x.mul(x.softplus().tanh()));

/** low for x ≤ from, high for x ≥ to, and f(x) between: where it is flat, and at the kinks, the derivative is 0, as of relu. */
const between =
  (from: number, to: number, low: number, high: number, f: (x: Tensor) => Tensor = (x) => x) =>
  (x: Tensor): Tensor =>
    where(x.lessEqual(from), low, where(x.greaterEqual(to), high, f(x)));

/** x limited to [0, 6]; derivative 0 at 0 and 6. A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010. */
export const relu6: Activation = /* @__PURE__ */ layerFunction("relu6", {}, /* @__PURE__ */ between(0, 6, 0, 6));

/** x limited to [−1, 1]; derivative 0 at −1 and 1. */
export const hardTanh: Activation = /* @__PURE__ */ layerFunction(
  "hardTanh",
  {},
  /* @__PURE__ */ between(-1, 1, -1, 1),
);

const gate = /* @__PURE__ */ between(-3, 3, 0, 1, (x) => x.div(6).add(0.5));

/** x/6 + ½ limited to [0, 1]; derivative 0 at −3 and 3. */
export const hardSigmoid: Activation = /* @__PURE__ */ layerFunction("hardSigmoid", {}, gate);

/** x·hardSigmoid(x). A. Howard et al., "Searching for MobileNetV3", 2019. */
export const hardSwish: Activation = /* @__PURE__ */ layerFunction("hardSwish", {}, (x) => x.mul(gate(x)));

/** The constants of selu: the fixed point of mean 0 and variance 1 (Klambauer et al., eq. 14). */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/**
 * 1.0507·(x for x > 0, 1.6733·(eˣ − 1) else), which keeps mean 0 and variance 1 through layers with weights of variance 1 / in.
 * G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "Self-normalizing neural networks", 2017.
 */
export const selu: Activation = /* @__PURE__ */ layerFunction("selu", {}, (x) =>
  where(x.greater(0), x, x.expm1().mul(SELU_ALPHA)).mul(SELU_SCALE),
);

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

/** The names of all activations: softmax and logSoftmax, and those that go element by element. */
const NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...["linear", "step", "relu", "relu6", "leakyRelu", "elu", "selu", "gelu", "silu", "mish", "sigmoid", "logSigmoid"],
  ...["tanh", "softplus", "softsign", "hardSigmoid", "hardSwish", "hardTanh", "softmax", "logSoftmax"],
]);

/** Whether it is the type of an activation of this file. All of them commute with a permutation of the last axis. */
export const isActivation = (type: string | undefined): boolean => type !== undefined && NAMES.has(type);
