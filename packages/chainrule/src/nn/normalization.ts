/** Batch and layer normalization. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { where } from "../ops/select.ts";
import type { DType } from "../tensor/dtype.ts";
import { checkNumber, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { exampleWeights } from "./example-weights.ts";
import { ones, zeros } from "./initializers.ts";
import { isTraining } from "./mode.ts";
import { Module } from "./module.ts";
import { Param, State } from "./param.ts";
import { recomputation } from "./statistics.ts";

export interface LayerNormOptions {
  /** Added to the variance, so that a constant is not divided by 0; default 1e-5. */
  readonly epsilon?: number;
  /** float32 (default) or float64. */
  readonly dtype?: DType;
}

export interface BatchNormOptions extends LayerNormOptions {
  /** How far running statistics go towards those of a batch, in [0, 1]; default 0.1. (Some libraries give 1 minus this.) */
  readonly momentum?: number;
}

/** What the two normalizations have in common: γ and β, and the check of what comes in. */
abstract class Normalization extends Module {
  /** γ, [features]: begins with 1. Regularizers leave it and β alone, as they do biases. */
  readonly gamma: Param;
  /** β, [features]: begins with 0. */
  readonly beta: Param;
  readonly epsilon: number;
  readonly #name: string;

  constructor(name: string, features: number, { epsilon = 1e-5, dtype = "float32" }: LayerNormOptions) {
    super();
    this.#name = name;
    checkNumber(name, "the number of features", features, { least: 1, integer: true });
    this.epsilon = checkNumber(name, "epsilon", epsilon, { above: 0 });
    this.gamma = new Param([features], ones, { dtype, regularize: false });
    this.beta = new Param([features], zeros, { dtype, regularize: false });
  }

  /** γ·(x − mean)/√(variance + ε) + β. The mean is taken off first: a large one would leave few digits of the rest. */
  protected normalized(x: Tensor, mean: Tensor, variance: Tensor): Tensor {
    const scale = this.gamma.value.div(variance.add(this.epsilon).sqrt());
    return x.sub(mean).mul(scale).add(this.beta.value);
  }

  override config(): JsonObject {
    return { features: this.gamma.shape[0] as number, epsilon: this.epsilon, dtype: this.gamma.dtype };
  }

  protected check(x: unknown): asserts x is Tensor {
    const [name, { shape, dtype }] = [this.#name, this.gamma];
    if (!(x instanceof Tensor)) {
      throw new TypeError(located(`${name}: the input must be a tensor; it is ${describeValue(x)}.`));
    }
    if (x.shape.at(-1) !== shape[0]) {
      throw new ShapeError(
        located(
          `${name}: the input has shape ${formatShape(x.shape)}; its last axis must be the ${shape[0]} features.`,
        ),
      );
    }
    if (x.dtype !== dtype) {
      throw new DTypeError(
        located(`${name}: the input is ${x.dtype}, and the layer ${dtype}. Convert the input with .cast("${dtype}").`),
      );
    }
  }
}

/** Made by `batchNorm`. */
export class BatchNorm extends Normalization {
  static readonly type = "batchNorm";
  readonly momentum: number;
  /** The running mean, [features], for evaluation. */
  readonly mean: State;
  /** The running variance, [features], for evaluation. */
  readonly variance: State;

  constructor(features: number, options: BatchNormOptions = {}) {
    checkOptions("batchNorm", options, ["momentum", "epsilon", "dtype"]);
    super("batchNorm", features, options);
    this.momentum = checkNumber("batchNorm", "momentum", options.momentum ?? 0.1, { least: 0, most: 1 });
    const { dtype } = this.gamma;
    this.mean = new State([features], zeros, { dtype });
    this.variance = new State([features], ones, { dtype });
  }

  forward(x: Tensor): Tensor {
    this.check(x);
    if (!isTraining()) return this.normalized(x, this.mean.value, this.variance.value);
    const { mean, variance, count } = this.#statistics(x);
    this.#remember(mean, variance, count);
    return this.normalized(x, mean, variance);
  }

  override config(): JsonObject {
    return { ...super.config(), momentum: this.momentum };
  }

  /** Mean and variance of each feature over the examples that count, in two passes, and of how many numbers they are. */
  #statistics(x: Tensor): { readonly mean: Tensor; readonly variance: Tensor; readonly count: Tensor | number } {
    const [axes, rows] = [x.shape.slice(0, -1).map((_, axis) => axis), sizeOf(x.shape.slice(0, -1))];
    if (rows < 2 || x.rank < 2) {
      throw new ShapeError(
        located(
          `batchNorm: in training mode a feature's variance needs 2 examples or more; the input has shape ${formatShape(x.shape)}. ` +
            "Give a batch of several examples, or use layerNorm, which needs no others.",
        ),
      );
    }
    const weights = exampleWeights();
    if (weights === undefined || weights.shape[0] !== x.shape[0]) {
      return { mean: x.mean(axes), variance: x.variance(axes), count: rows };
    }
    const counts = weights.greater(0);
    const column = counts.reshape([-1, ...axes.slice(1).map(() => 1), 1]);
    const count = counts
      .cast(x.dtype)
      .sum()
      .mul(rows / (x.shape[0] as number));
    const mean = (t: Tensor): Tensor => where(column, t, 0).sum(axes).div(count.maximum(1));
    const center = mean(x);
    return { mean: center, variance: mean(x.sub(center).square()), count };
  }

  /** Moves the running statistics towards those of a batch; one number, or none, tells nothing of a variance. */
  #remember(mean: Tensor, variance: Tensor, count: Tensor | number): void {
    const { momentum } = this;
    const [share, correction] =
      typeof count === "number"
        ? [momentum, count / (count - 1)]
        : [count.greater(1).cast(mean.dtype).mul(momentum), count.div(count.sub(1).maximum(1))];
    const anew = recomputation();
    const move = (state: State, to: Tensor): void => {
      const from = state.value;
      const towards = (part: Tensor | number): Tensor => from.add(to.stopGradient().sub(from).mul(part));
      anew?.moved.add(state);
      // The first batch replaces what was there, whatever it was.
      state.value = anew ? where(anew.share.equal(1), to, towards(anew.share.cast(from.dtype))) : towards(share);
    };
    move(this.mean, mean);
    // Bessel's correction: the examples are a sample of those that will come.
    move(this.variance, variance.mul(correction));
  }
}

/** Made by `layerNorm`. */
export class LayerNorm extends Normalization {
  static readonly type = "layerNorm";

  constructor(features: number, options: LayerNormOptions = {}) {
    checkOptions("layerNorm", options, ["epsilon", "dtype"]);
    super("layerNorm", features, options);
  }

  forward(x: Tensor): Tensor {
    this.check(x);
    return this.normalized(x, x.mean(-1, { keepDims: true }), x.variance(-1, { keepDims: true }));
  }
}

/**
 * Batch normalization: y = γ·(x − μ)/√(σ² + ε) + β for each feature (the last axis), from [batch, .., features] to the same.
 * S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
 * 2015.
 *
 * In training mode μ and σ² = Σ(x − μ)²/n are those of the batch, through which gradients flow too, and the running
 * statistics move: mean ← mean + momentum·(μ − mean), variance ← variance + momentum·(σ²·n/(n − 1) − variance). In
 * evaluation mode μ and σ² are the running statistics, which are states of the layer: they are saved with the model,
 * resumed, and put back by `earlyStopping`. Rows that fill up the last batch of `fit` do not count (`withExampleWeights`).
 *
 * @param features the size of the last axis
 * @throws RangeError, TypeError for settings that cannot be; when called, ShapeError for another number of features or, in
 *   training mode, fewer than 2 numbers for each, DTypeError for another dtype
 * @example
 * ```ts
 * import { batchNorm, dense, params, relu, sequential, states } from "chainrule/nn";
 * // Before a normalization a bias would be taken off again.
 * const model = sequential(dense(4, 8, { bias: false }), batchNorm(8), relu, dense(8, 1));
 * Object.keys(params(model)); // → [ '0.weight', '1.gamma', '1.beta', '3.weight', '3.bias' ]
 * Object.keys(states(model)); // → [ '1.mean', '1.variance' ]
 * ```
 */
export const batchNorm = (features: number, options?: BatchNormOptions): BatchNorm => new BatchNorm(features, options);

/**
 * Layer normalization: y = γ·(x − μ)/√(σ² + ε) + β with μ and σ² = Σ(x − μ)²/n over the features (the last axis) of each
 * example alone, so that training and evaluation, and batches of all sizes, are the same. J. L. Ba, J. R. Kiros and G. E.
 * Hinton, "Layer normalization", 2016.
 *
 * @param features the size of the last axis
 * @throws RangeError, TypeError for settings that cannot be; when called, ShapeError for another number of features,
 *   DTypeError for another dtype
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { layerNorm } from "chainrule/nn";
 * const y = layerNorm(4)(tensor([[1, 2, 3, 4]]));
 * y.mean().itemSync(); // → 0
 * y.variance().itemSync().toFixed(3); // → 1.000
 * ```
 */
export const layerNorm = (features: number, options?: LayerNormOptions): LayerNorm => new LayerNorm(features, options);
