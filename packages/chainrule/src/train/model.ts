/** What training and evaluation ask of a model. */
import { located, ShapeError } from "../graph/errors.ts";
import { Module } from "../nn/index.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A model from one tensor to one tensor. */
export type Model = Module<[Tensor], Tensor>;

/** @throws TypeError for what is no module */
export function requireModel(where: string, model: unknown): void {
  if (model instanceof Module) return;
  throw new TypeError(
    `${where}: the first argument must be a model, such as sequential(…) or a class that extends Module; it is ${describeValue(model)}.`,
  );
}

/** The model's result for a batch. @throws TypeError, ShapeError unless it has a row for each example */
export function outputOf(model: Model, x: Tensor): Tensor {
  const y: unknown = model(x);
  if (!(y instanceof Tensor)) {
    throw new TypeError(located(`The model must give a tensor; it gave ${describeValue(y)}.`));
  }
  if (y.shape[0] === x.shape[0]) return y;
  throw new ShapeError(
    located(
      `For a batch of shape ${formatShape(x.shape)} the model gave ${formatShape(y.shape)}; both must have one row ` +
        "for each example. x must be [rows, …], and the model must keep its first axis.",
    ),
  );
}
