/** One training step as one program: forward, backward, regularizer and update. */
import { type CompiledProgram, compile } from "../compile/index.ts";
import { type Box, withBoxes } from "../graph/box.ts";
import { located, TraceError } from "../graph/errors.ts";
import { type AnyModule, initialize, params, training } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { isFloat } from "../tensor/dtype.ts";
import { checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { TensorTree } from "../tensor/tree.ts";
import { valueAndGrad } from "../transform/index.ts";
import { requireModel } from "./model.ts";
import { Updater } from "./updater.ts";

export interface TrainStepOptions {
  /** A penalty that is added to the loss, such as l2(1e-4). */
  readonly regularizer?: Regularizer;
}

export interface StepResult {
  /** The loss with the penalty, before the update; a scalar. */
  readonly loss: Tensor;
}

/** A compiled training step. */
export interface TrainStep<B> {
  (batch: B): StepResult;
  /** What the optimizer keeps, by names such as "0.weight.mean", and "step", the number of steps done. */
  readonly state: Readonly<Record<string, Box>>;
  /** The program of the step for batches like this one, compiled if need be, for `explain`; it does no step. */
  program(batch: B): CompiledProgram;
}

/**
 * Makes a function that does one step of training on a batch. The whole step is one program, in which parameters and the
 * optimizer's state stay and are updated in place. The model is in training mode.
 *
 * @param loss the loss of a batch, a float scalar; it calls the model
 * @throws TypeError for an unknown option, or a model without parameters; while tracing, the errors of the model and the loss
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { sgd } from "chainrule/optim";
 * import { trainStep } from "chainrule/train";
 * const model = dense(1, 1);
 * const step = trainStep(model, sgd({ learningRate: 0.1 }), ({ x, y }) => meanSquaredError(model(x), y));
 * const batch = { x: tensor([[1], [2]]), y: tensor([[2], [4]]) };
 * for (let i = 0; i < 200; i++) step(batch);
 * step(batch).loss.itemSync() < 1e-3; // → true
 * ```
 */
export function trainStep<B = { x: Tensor; y: Tensor }>(
  model: AnyModule,
  optimizer: Optimizer,
  loss: (batch: TensorTree<B>) => Tensor,
  options: TrainStepOptions = {},
): TrainStep<B> {
  const { step, state } = makeStep<B>("trainStep", model, optimizer, loss, options);
  const compiled = compile(step);
  return Object.assign((batch: B) => compiled(batch) as StepResult, { state, program: compiled.program });
}

/**
 * One step of training as a function to be traced, and what the optimizer keeps.
 *
 * @param where the function that users called, for errors
 */
export function makeStep<B>(
  where: string,
  model: AnyModule,
  optimizer: Optimizer,
  loss: (batch: TensorTree<B>) => Tensor,
  options: TrainStepOptions,
): { readonly step: (batch: B) => StepResult; readonly state: Readonly<Record<string, Box>> } {
  requireModel(where, model);
  checkOptions(where, options, ["regularizer"]);
  const { regularizer } = options;
  // With a seed, so that values of a part that was called before give way to those of the whole model.
  initialize(model, { seed: 0, missingOnly: true });
  const parameters = params(model);
  const updater = new Updater(where, optimizer, parameters, regularizer);
  const step = (batch: B): StepResult => {
    const objective = (values: Tensor[]): Tensor =>
      withBoxes(updater.boxes, values, () => {
        const data = requireScalar(
          where,
          training(() => loss(batch as TensorTree<B>)),
        );
        return regularizer === undefined ? data : data.add(regularizer(parameters).cast(data.dtype));
      });
    const { value, gradient } = valueAndGrad(objective)(updater.points());
    updater.apply(gradient);
    return { loss: value };
  };
  return { step, state: updater.state };
}

/** @throws TraceError unless the loss is one float */
function requireScalar(where: string, loss: unknown): Tensor {
  if (loss instanceof Tensor && loss.rank === 0 && isFloat(loss.dtype)) return loss;
  const found = loss instanceof Tensor ? `${loss.dtype}${formatShape(loss.shape)}` : describeValue(loss);
  throw new TraceError(located(`${where}: the loss of a batch must be one float; it is ${found}. Take its mean().`));
}
