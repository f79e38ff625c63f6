/** What most diagnostics look at: a model with a loss on some examples. */
import type { Values } from "../data/dataset.ts";
import type { Loss } from "../loss/index.ts";
import { initialize, type Param, params } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkedDataset, checkLossOn, requireLoss } from "../train/evaluate.ts";
import { type Model, outputOf, requireModel } from "../train/model.ts";
import { exampleLosses } from "../train/weighted-loss.ts";

/** Examples and the loss of a model on them. */
export interface Sample {
  /** One of `chainrule/loss`, or a function of predictions and targets; its mean over the examples is taken, as in `fit`. */
  readonly loss: Loss;
  /** One example a row. */
  readonly x: Values;
  readonly y: Values;
}

export interface CheckedSample {
  readonly model: Model;
  readonly loss: Loss;
  readonly x: Tensor;
  readonly y: Tensor;
  /** By name, each with a value. */
  readonly parameters: Readonly<Record<string, Param>>;
  /** The mean loss of the examples; calls the model. */
  readonly meanLoss: () => Tensor;
}

/** @throws TypeError unless loss, x and y are there, and the first is a function */
export function requireSample(where: string, { loss, x, y }: Partial<Sample> = {}): void {
  for (const [name, value] of Object.entries({ loss, x, y })) {
    if (value === undefined) throw new TypeError(`${where}: the option "${name}" is missing.`);
  }
  requireLoss(where, loss as Loss);
}

/** @throws TypeError unless an optimizer and a regularizer, where they are given, are such */
export function checkStep(
  where: string,
  { optimizer, regularizer }: { readonly optimizer?: Optimizer; readonly regularizer?: Regularizer },
): void {
  if (optimizer !== undefined && typeof (optimizer as Partial<Optimizer> | null)?.update !== "function") {
    throw new TypeError(`${where}: optimizer must be one such as adam(1e-3); it is ${describeValue(optimizer)}.`);
  }
  if (regularizer !== undefined && typeof regularizer !== "function") {
    throw new TypeError(`${where}: regularizer must be one such as l2(1e-4); it is ${describeValue(regularizer)}.`);
  }
}

/** @throws TypeError, RangeError, DataError for what cannot be right, and the errors of the model and the loss */
export function checkSample(where: string, model: Model, sample: Sample): CheckedSample {
  requireModel(where, model);
  requireSample(where, sample);
  const { loss, x, y } = sample;
  const data = checkedDataset(where, "the data", { x, y });
  initialize(model, { missingOnly: true });
  const parameters = params(model);
  if (Object.keys(parameters).length === 0) throw new TypeError(`${where}: the model has no parameters.`);
  checkLossOn(where, model, loss, data);
  const meanLoss = (): Tensor => exampleLosses(loss, outputOf(model, data.x), data.y).mean();
  return { model, loss, x: data.x, y: data.y, parameters, meanLoss };
}
