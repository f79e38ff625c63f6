/** Penalties on the size of the weights, to be added to a loss. */
import { constant } from "../ops/constant.ts";
import { checkNumber, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkSelection, type ParameterInfo, requireSelected, type Selection, selects } from "./selection.ts";

/** What a regularizer looks at; a `Param` is one. */
export interface Regularized {
  readonly value: Tensor;
  /** Whether penalties apply to it: true for weights, false for biases. */
  readonly regularize: boolean;
}

/** A penalty on parameters, a scalar. */
export interface Regularizer {
  (parameters: Readonly<Record<string, Regularized>>): Tensor;
  /** The settings, for records. */
  readonly config?: JsonObject;
  /** What it does to a parameter after a step of this length, instead of having a derivative. */
  readonly proximal?: (parameter: Tensor, rate: Tensor, info: ParameterInfo) => Tensor;
  /** Numbers of which it is half the sum of squares, for the methods of least squares. */
  readonly residuals?: (parameters: Readonly<Record<string, Regularized>>) => Tensor[];
}

export interface PenaltyOptions {
  /** What is penalized: "weights" (default; biases are left alone), "all", or a pattern of names, which must fit some. */
  readonly parameters?: Selection;
}

export interface L1Options extends PenaltyOptions {
  /**
   * Whether, in place of the derivative, each step is followed by w ← sign(w)·max(|w| − α·λ, 0), where α is the length of
   * the step. Weights of little use then become exactly 0 and stay there, where the derivative λ·sign(w) would let them
   * swing about 0. Default false.
   */
  readonly proximal?: boolean;
}

/**
 * λ/2 · Σ w², so that the gradient of a weight is λ·w: weight decay. The factor ½ is that of C. M. Bishop, "Pattern
 * recognition and machine learning", 2006, eq. 3.27; Keras and others leave it out, whose λ is half of this one.
 * Biases are left alone unless told.
 *
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { l2 } from "chainrule/optim";
 * l2(0.5)({ w: { value: tensor([3, 4]), regularize: true } }).itemSync(); // → 6.25
 * ```
 */
export function l2(lambda: number, options: PenaltyOptions = {}): Regularizer {
  checkOptions("l2", options, ["parameters"]);
  checkNumber("l2", "the factor", lambda, { least: 0 });
  const selected = selection("l2", options);
  return Object.assign(
    penalty("l2", selected, (w) =>
      w
        .square()
        .sum()
        .mul(lambda / 2),
    ),
    {
      config: { name: "l2", lambda, ...recorded(selected) },
      residuals: (parameters: Readonly<Record<string, Regularized>>) =>
        chosen("l2", selected, parameters).map(({ value }) => value.mul(Math.sqrt(lambda))),
    },
  );
}

/**
 * λ · Σ |w|, which draws weights to 0 that are of little use (its derivative at 0 is 0). Biases are left alone unless told.
 *
 * With `proximal: true` such weights become exactly 0. The step's length is that of the optimizer for each weight, so the
 * result has the minimum of the loss with the penalty for all of them: for `sgd` it is the iteration of A. Beck and
 * M. Teboulle, "A fast iterative shrinkage-thresholding algorithm", 2009, eq. 2.6; for `adagrad` that of J. Duchi, E. Hazan
 * and Y. Singer, 2011, section 5.
 *
 * @example
 * ```ts
 * import { l1 } from "chainrule/optim";
 * const regularizer = l1(1e-3, { proximal: true });
 * ```
 */
export function l1(lambda: number, options: L1Options = {}): Regularizer {
  checkOptions("l1", options, ["proximal", "parameters"]);
  checkNumber("l1", "the factor", lambda, { least: 0 });
  const selected = selection("l1", options);
  const proximal = checkProximal("l1", options);
  const config = { name: "l1", lambda, ...(proximal ? { proximal } : {}), ...recorded(selected) };
  return absolute(config, lambda, 0, proximal, selected);
}

export interface ElasticNetOptions extends L1Options {
  /** λ₁, the factor of Σ|w|. */
  readonly l1: number;
  /** λ₂, the factor of ½·Σw². */
  readonly l2: number;
}

/**
 * λ₁·Σ|w| + λ₂/2·Σw²: H. Zou and T. Hastie, "Regularization and variable selection via the elastic net", 2005. The
 * `alpha` and `l1_ratio` of scikit-learn are λ₁ = alpha·l1_ratio, λ₂ = alpha·(1 − l1_ratio), beside half the mean squared
 * error. `proximal: true` is for the first part, as in `l1`.
 *
 * @example
 * ```ts
 * import { elasticNet } from "chainrule/optim";
 * const regularizer = elasticNet({ l1: 1e-3, l2: 1e-2, proximal: true });
 * ```
 */
export function elasticNet(options: ElasticNetOptions): Regularizer {
  checkOptions("elasticNet", options, ["l1", "l2", "proximal", "parameters"]);
  const first = checkNumber("elasticNet", "l1", options?.l1, { least: 0 });
  const second = checkNumber("elasticNet", "l2", options.l2, { least: 0 });
  const selected = selection("elasticNet", options);
  const proximal = checkProximal("elasticNet", options);
  const config = {
    name: "elasticNet",
    l1: first,
    l2: second,
    ...(proximal ? { proximal } : {}),
    ...recorded(selected),
  };
  return absolute(config, first, second, proximal, selected);
}

/** λ₁·Σ|w| + λ₂/2·Σw². */
function absolute(
  config: JsonObject,
  first: number,
  second: number,
  proximal: boolean,
  selected: Selection,
): Regularizer {
  const regularizer = penalty(config.name as string, selected, (w) => {
    // Where a proximal step follows, the penalty counts in the loss and not in its gradient.
    const sizes = (proximal ? w.stopGradient() : w).abs().sum().mul(first);
    return second === 0
      ? sizes
      : sizes.add(
          w
            .square()
            .sum()
            .mul(second / 2),
        );
  });
  if (!proximal) return Object.assign(regularizer, { config });
  return Object.assign(regularizer, {
    config,
    proximal: (w: Tensor, rate: Tensor, info: ParameterInfo) =>
      selects(selected, info) ? w.sign().mul(w.abs().sub(rate.mul(first)).maximum(0)) : w,
  });
}

const selection = (where: string, { parameters = "weights" }: PenaltyOptions): Selection =>
  checkSelection(where, parameters);

/** A selection as it is recorded: only where it is not the usual one. */
const recorded = (selected: Selection): JsonObject => (selected === "weights" ? {} : { parameters: String(selected) });

function checkProximal(where: string, { proximal = false }: L1Options): boolean {
  if (typeof proximal === "boolean") return proximal;
  throw new TypeError(`${where}: proximal must be true or false; it is ${describeValue(proximal)}.`);
}

/** @throws RangeError if a pattern fits none */
function chosen(where: string, selected: Selection, parameters: Readonly<Record<string, Regularized>>): Regularized[] {
  const all = Object.entries(parameters).map(([name, parameter]) => ({
    parameter,
    info: { name, regularize: parameter.regularize },
  }));
  requireSelected(
    where,
    selected,
    all.map(({ info }) => info),
  );
  return all.flatMap(({ parameter, info }) => (selects(selected, info) ? [parameter] : []));
}

/** The sum of what each selected parameter gives. */
const penalty =
  (where: string, selected: Selection, each: (w: Tensor) => Tensor) =>
  (parameters: Readonly<Record<string, Regularized>>): Tensor => {
    const [first, ...rest] = chosen(where, selected, parameters).map(({ value }) => each(value));
    return first === undefined ? constant(0) : rest.reduce((total, sum) => total.add(sum.cast(total.dtype)), first);
  };
