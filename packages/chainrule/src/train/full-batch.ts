/** `fitFullBatch`: training by a method that sees all examples in every step. */
import type { Dataset, DatasetLike } from "../data/index.ts";
import { withBoxes } from "../graph/box.ts";
import { halfSquaredError, type Loss, meanSquaredError, squaredError } from "../loss/index.ts";
import { evaluation, initialize, type Param, params } from "../nn/index.ts";
import { type IterationLog, type Method, minimize, type Regularizer } from "../optim/index.ts";
import { checkNumber, checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkedDataset, requireLoss } from "./evaluate.ts";
import { type Model, outputOf, requireModel } from "./model.ts";
import { exampleLosses } from "./weighted-loss.ts";

export interface FullBatchOptions {
  readonly train: DatasetLike;
  /** As in `fit`; for `gaussNewton` and `levenbergMarquardt` one of the squared errors. */
  readonly loss: Loss;
  /** lbfgs(), newton(), truncatedNewton(), gaussNewton() or levenbergMarquardt(). */
  readonly method: Method;
  /** A penalty with a derivative; for the methods of least squares, `l2`. */
  readonly regularizer?: Regularizer;
  /** The most iterations; default 100. */
  readonly iterations?: number;
  /** As in `minimize`. */
  readonly gradientTolerance?: number;
  /** "float64": everything is computed in double precision, and the parameters are rounded in the end. */
  readonly dtype?: "float64";
  /** Any integer, default 0. Decides initial weights of parameters without a value. */
  readonly seed?: number;
  /** Called after each iteration, with the loss, penalty included, as `value`; if it returns true, that was the last. */
  readonly onIteration?: (log: IterationLog) => unknown;
}

const OPTIONS: readonly (keyof FullBatchOptions)[] = [
  "train",
  "loss",
  "method",
  "regularizer",
  "iterations",
  "gradientTolerance",
  "dtype",
  "seed",
  "onIteration",
];

export interface FullBatchResult {
  /** The loss, penalty included, at the end. */
  readonly loss: number;
  /** That after each iteration. */
  readonly history: readonly IterationLog[];
  readonly iterations: number;
  /** How often loss or derivatives of all examples were computed. */
  readonly evaluations: number;
  readonly gradientNorm: number;
  /** Whether the parameters meet the method's test of a minimum. */
  readonly converged: boolean;
  /** Why it ended, in words. */
  readonly reason: string;
}

/**
 * Trains a model in place on all examples at once, by `minimize`. The model is in evaluation mode: dropout drops nothing,
 * and running statistics stay as they are, for these methods need a loss that is the same function in every step.
 *
 * Batches, shuffling, schedules and checkpoints have no meaning here, which is why it is not an optimizer of `fit`.
 *
 * @throws TypeError, RangeError, DataError before anything is trained, for options and data that cannot be right
 * @example
 * ```ts
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { levenbergMarquardt } from "chainrule/optim";
 * import { fitFullBatch } from "chainrule/train";
 * const train = { x: [[0], [1], [2], [3]], y: [[1], [3], [5], [7]] };
 * const method = levenbergMarquardt();
 * const { loss } = await fitFullBatch(dense(1, 1), { train, loss: meanSquaredError, method });
 * loss < 1e-8; // → true
 * ```
 */
export async function fitFullBatch(model: Model, options: FullBatchOptions): Promise<FullBatchResult> {
  const where = "fitFullBatch";
  requireModel(where, model);
  checkOptions(where, options, OPTIONS);
  for (const name of ["train", "loss", "method"] as const) {
    if (options?.[name] === undefined) throw new TypeError(`${where}: the option "${name}" is missing.`);
  }
  const { loss, method, regularizer, onIteration, dtype, iterations = 100, gradientTolerance } = options;
  requireLoss(where, loss);
  const seed = checkNumber(where, "seed", options.seed ?? 0, { integer: true });
  const data = checkedDataset(where, "train", options.train);
  const own = params(model);
  if (Object.keys(own).length === 0) {
    throw new TypeError(`${where}: the model has no parameters, so there is nothing to train.`);
  }
  checkPenalty(regularizer);
  const objective = method.of === "residuals" ? residualsOf(loss, regularizer) : lossOf(loss, regularizer);
  initialize(model, { seed, missingOnly: true });
  const boxes = Object.values(own);
  const history: IterationLog[] = [];
  const found = await minimize(
    (values: Tensor[]) => withBoxes(boxes, values, () => evaluation(() => objective(model, data, own))),
    boxes.map((box) => box.value),
    {
      method,
      iterations,
      ...(gradientTolerance === undefined ? {} : { gradientTolerance }),
      ...(dtype === undefined ? {} : { dtype }),
      onIteration(log) {
        history.push(log);
        return onIteration?.(log);
      },
    },
  );
  boxes.forEach((box, i) => {
    box.value = (found.parameters[i] as Tensor).cast(box.dtype);
  });
  const { value, parameters: _, ...rest } = found;
  return { loss: value, history, ...rest };
}

type Objective = (model: Model, data: Dataset, own: Readonly<Record<string, Param>>) => Tensor | Tensor[];

const lossOf =
  (loss: Loss, regularizer: Regularizer | undefined): Objective =>
  (model, { x, y }, own) => {
    const mean = exampleLosses(loss, outputOf(model, x), y).mean();
    return regularizer === undefined ? mean : mean.add(regularizer(own).cast(mean.dtype));
  };

/** Of each squared error: what half the square of p − t is to be multiplied by. */
const SQUARES = new Map<Loss, (prediction: Tensor) => number>([
  [meanSquaredError, ({ size }) => 2 / size],
  [squaredError, ({ shape }) => 2 / (shape[0] as number)],
  [halfSquaredError, ({ shape }) => 1 / (shape[0] as number)],
]);

/** Residuals of which half the sum of squares is the loss, with the penalty. @throws TypeError if it is no such sum */
function residualsOf(loss: Loss, regularizer: Regularizer | undefined): Objective {
  const factor = SQUARES.get(loss);
  if (factor === undefined) {
    throw new TypeError(
      `fitFullBatch: this method is for squared errors, so the loss must be ${[...SQUARES.keys()].map((f) => f.name).join(" or ")}; ` +
        `it is ${describeValue(loss)}. Use lbfgs() or newton() for others.`,
    );
  }
  const { residuals } = regularizer ?? {};
  if (regularizer !== undefined && residuals === undefined) {
    throw new TypeError("fitFullBatch: this method is for sums of squares, and of the penalties only l2 is one.");
  }
  return (model, { x, y }, own) => {
    const prediction = outputOf(model, x);
    // Checks shapes and dtypes as the loss does.
    loss(prediction, y);
    const errors = prediction.sub(y.cast(prediction.dtype)).mul(Math.sqrt(factor(prediction)));
    return [errors, ...(residuals?.(own) ?? [])];
  };
}

/** @throws TypeError for what is no function, or has proximal steps, which these methods do not take */
function checkPenalty(regularizer: unknown): void {
  if (regularizer === undefined) return;
  if (typeof regularizer !== "function") {
    throw new TypeError(`fitFullBatch: regularizer must be one such as l2(1e-4); it is ${describeValue(regularizer)}.`);
  }
  if ((regularizer as Regularizer).proximal === undefined) return;
  throw new TypeError("fitFullBatch: proximal steps belong to the optimizers of fit. Leave out { proximal: true }.");
}
