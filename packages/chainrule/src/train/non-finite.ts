/** What went wrong when a loss became NaN or infinite: which layer, and the likely cause. */
import { evaluateNodes, traceFunction } from "../graph/trace.ts";
import { type AnyModule, params, training } from "../nn/index.ts";
import { isFloat, type TypedArray } from "../tensor/dtype.ts";
import { isConcrete, type Tensor } from "../tensor/tensor.ts";

/** Training that ended in NaN or ∞. The model has the parameters from before the step that failed. */
export class NonFiniteLossError extends Error {
  override name = "NonFiniteLossError";
  readonly epoch: number;
  readonly batch: number;

  constructor(message: string, epoch: number, batch: number) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
  }
}

const isBad = (t: Tensor): boolean => {
  if (!isFloat(t.dtype) || !isConcrete(t)) return false;
  return (t.payload as TypedArray).some((x) => !Number.isFinite(x));
};

/**
 * Runs the loss of a batch again, operation by operation, and says where the first number that is not finite came from.
 * The model must hold the parameters with which the loss was computed.
 */
export function explainNonFinite(model: AnyModule, loss: () => Tensor): string {
  const spoilt = Object.entries(params(model)).find(([, parameter]) => isBad(parameter.value));
  if (spoilt !== undefined) {
    return (
      `the parameter "${spoilt[0]}" is no longer finite: the update of the step before overflowed. ` +
      "Lower the learning rate, or scale the inputs to about −1 … 1."
    );
  }
  return firstBadNode(loss);
}

function firstBadNode(loss: () => Tensor): string {
  const { graph, captured } = traceFunction(() => [training(loss)], []);
  const values = evaluateNodes(graph, captured);
  for (const node of graph.nodes) {
    const outputs = values.get(node) as readonly Tensor[];
    if (node.inputs.length === 0 || !outputs.some(isBad)) continue;
    const where = node.scope === "" ? "in the loss" : `in layer ${node.scope}`;
    return (
      `the first value that is not finite is the result of "${node.op.name}" ${where}, computed from finite inputs. ` +
      `${CAUSES[node.op.name] ?? "Numbers grew too large: lower the learning rate, or scale the inputs to about −1 … 1."}`
    );
  }
  return "the forward pass alone is finite: the penalty of the regularizer overflowed. Lower the learning rate.";
}

const CAUSES: Readonly<Record<string, string>> = {
  log: "A logarithm of 0 or less: use a loss on logits rather than on probabilities.",
  div: "A division by 0: add a small constant to the denominator.",
  sqrt: "A square root of a negative number.",
  pow: "A power of a negative number with a fractional exponent, or an overflow.",
  exp: "An exponential overflowed: use a loss on logits, softplus or logSumExp, which do not.",
};
