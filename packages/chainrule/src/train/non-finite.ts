/** What went wrong when a number became NaN or infinite: which layer, and the likely cause. */

import { withBoxes } from "../graph/box.ts";
import { ChainruleError } from "../graph/errors.ts";
import type { Node } from "../graph/node.ts";
import { evaluateNodes, traceFunction } from "../graph/trace.ts";
import { type AnyModule, params, training } from "../nn/index.ts";
import { isFloat, type TypedArray } from "../tensor/dtype.ts";
import { isConcrete, type Tensor } from "../tensor/tensor.ts";
import { valueAndGrad } from "../transform/index.ts";

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

/** Whether a tensor holds a NaN or an infinity. */
export function isBad(t: Tensor): boolean {
  if (!isFloat(t.dtype) || !isConcrete(t)) return false;
  const numbers = t.payload as TypedArray;
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return true;
  return false;
}

/**
 * Runs the loss of a batch and its gradients again, operation by operation, and says where the first number that is not
 * finite came from. The model must hold the parameters with which the step began.
 *
 * @param loss calls the model
 */
export function explainNonFinite(model: AnyModule, loss: () => Tensor): string {
  const own = params(model);
  const boxes = Object.values(own);
  const { graph, captured } = traceFunction(() => {
    const objective = (values: Tensor[]): Tensor => withBoxes(boxes, values, () => training(loss));
    const { value, gradient } = valueAndGrad(objective)(boxes.map((box) => box.value));
    return [value, ...gradient];
  }, []);
  const values = evaluateNodes(graph, captured);
  const isBadNode = (node: Node): boolean => (values.get(node) as readonly Tensor[]).some(isBad);
  const [value, ...gradients] = graph.outputs as [Node, ...Node[]];
  if (isBadNode(value)) return `the first value that is not finite is ${originOf(value, isBadNode)}`;
  for (const [i, name] of Object.keys(own).entries()) {
    const gradient = gradients[i] as Node;
    if (!isBadNode(gradient)) continue;
    return `the gradient of "${name}" is not finite: it comes from ${originOf(gradient, isBadNode)}`;
  }
  return `the loss and its gradients alone are finite, so the update or the penalty overflowed. ${LARGE}`;
}

const LARGE = "Numbers grew too large: lower the learning rate, or scale the inputs to about −1 … 1.";

const CAUSES: Readonly<Record<string, string>> = {
  log: "A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
  div: "A division by 0: add a small constant to the denominator.",
  sqrt: "A square root of a negative number.",
  pow: "A power of a negative number with a fractional exponent, or an overflow.",
  exp: "An exponential overflowed: use a loss on logits, softplus or logSumExp, which do not.",
};

/** From a result that is bad back to the operation that made it of finite numbers. */
function originOf(result: Node, isBadNode: (node: Node) => boolean): string {
  let node = result;
  for (let next: Node | undefined = node; next !== undefined; next = node.inputs.find(isBadNode)) node = next;
  if (node.inputs.length === 0) return "an input or a constant of the model or the loss.";
  const place = node.scope === "" ? "in the loss" : `in layer ${node.scope}`;
  return `the result of "${node.op.name}" ${place}, computed from finite numbers. ${CAUSES[node.op.name] ?? LARGE}`;
}
