/** What went wrong when a number became NaN or infinite: which layer, and the likely cause. */
import { describeOrigin, likelyCause, type Origin, TOO_LARGE, TracedRun } from "../check/non-finite.ts";
import { withBoxes } from "../graph/box.ts";
import { ChainruleError } from "../graph/errors.ts";
import type { Node } from "../graph/node.ts";
import { type AnyModule, params, training } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Training that ended in NaN or ∞. The model has the parameters from before the step that failed. */
export class NonFiniteLossError extends ChainruleError {
  override name = "NonFiniteLossError";
  /** 1 for the first. */
  readonly epoch: number;
  /** 0 for the first of the epoch. */
  readonly batch: number;

  constructor(message: string, epoch: number, batch: number) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
  }
}

/**
 * Runs the loss of a batch and its gradients again, operation by operation, and says where the first number that is not
 * finite came from. The model must hold the parameters with which the step began.
 *
 * @param loss calls the model
 */
export function explainNonFinite(model: AnyModule, loss: () => Tensor): string {
  const found = lossOrigin(model, loss);
  if (found === undefined) {
    return `the loss and its gradients alone are finite, so the update or the penalty overflowed. ${TOO_LARGE}`;
  }
  const { origin, parameter } = found;
  const what =
    parameter === undefined
      ? "the first value that is not finite is"
      : `the gradient of "${parameter}" is not finite: it comes from`;
  const place = describeOrigin(origin);
  return origin.kind === "input"
    ? `${what} ${place}.`
    : `${what} ${place}, computed from finite numbers. ${likelyCause(origin)}`;
}

/** Where a loss, or its gradient by a parameter, stops being finite. */
export interface LossOrigin {
  readonly origin: Origin;
  /** The first parameter whose gradient is not finite; undefined where the loss itself is not. */
  readonly parameter: string | undefined;
  /** The parameter that `origin` is, if it is one. */
  readonly source: string | undefined;
}

/** Runs a loss and its gradients by a model's parameters; undefined if all is finite. Nothing is written. */
export function lossOrigin(model: AnyModule, loss: () => Tensor): LossOrigin | undefined {
  const own = params(model);
  const boxes = Object.values(own);
  const names = Object.keys(own);
  const run = new TracedRun(
    (...values) => [withBoxes(boxes, values, () => training(loss))],
    boxes.map((box) => box.value),
  );
  const [value] = run.graph.outputs as [Node];
  if (run.isBad(value)) {
    const origin = run.forwards(value);
    return { origin, parameter: undefined, source: names[run.graph.inputs.indexOf(origin.node)] };
  }
  const back = run.backwards(run.graph.inputs.slice(0, boxes.length));
  return back && { origin: back.origin, parameter: names[back.index], source: undefined };
}
