/** The equations of a model, with symbols alone or with the numbers of one example. */

import { requireTensor } from "../../graph/input.ts";
import type { Mode } from "../../graph/mode.ts";
import { params } from "../../nn/index.ts";
import type { DType } from "../../tensor/dtype.ts";
import { checkChoice, checkNumber, checkOptions, describeValue } from "../../tensor/options.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LossFunction, Model } from "../subject.ts";
import { lastActivation, usualLoss } from "./losses.ts";
import { equationsOf } from "./network.ts";
import { outlineOf, outlineWithNumbers } from "./outline.ts";
import { asLatex, asText } from "./terms.ts";

export interface EquationOptions {
  /** An example, or a few, [batch, …], whose numbers are filled in; with y. */
  readonly x?: Tensor;
  /** Its targets, as the loss takes them. */
  readonly y?: Tensor;
  /** Default: left open; with x and y, cross-entropy for class numbers and after softmax or sigmoid, else squared error. */
  readonly loss?: LossFunction;
  /** The shape of one example. Default: that of x, or the rows of the first weight matrix. */
  readonly inputShape?: Shape;
  readonly format?: "text" | "latex";
  /** Whether layers such as dropout behave as in training, or as in use. Default training. */
  readonly mode?: Mode;
}

/** Stands for the batch while a model is traced: a prime that no layer has for a size. */
const BATCH = 7919;

/** See `explain`. */
export function explainModel(model: Model, options: EquationOptions = {}): string {
  checkOptions("explain", options, ["x", "y", "loss", "inputShape", "format", "mode"]);
  const format = checkChoice("explain", "format", options.format ?? "text", ["text", "latex"]);
  const mode = checkChoice<Mode>("explain", "mode", options.mode ?? "training", ["training", "evaluation"]);
  const { x, y, loss } = options;
  if (loss !== undefined && typeof loss !== "function") {
    throw new TypeError(`explain: the loss must be a function such as meanSquaredError; it is ${describeValue(loss)}.`);
  }
  if ((x === undefined) !== (y === undefined)) {
    throw new TypeError("explain: x and y are given together, or neither: the numbers of an example need its target.");
  }
  const set = format === "latex" ? asLatex : asText;
  if (x === undefined || y === undefined) {
    const shape = [BATCH, ...inputShapeOf(model, options.inputShape)];
    const extent = (size: number): string =>
      size % BATCH === 0 ? `${size === BATCH ? "" : size / BATCH}n` : `${size}`;
    return set(equationsOf(outlineOf(model, shape, dtypeOf(model), mode), loss, extent, mode === "training"));
  }
  requireTensor("explain", "x", x);
  requireTensor("explain", "y", y);
  const chosen = loss ?? usualLoss(lastActivation(outlineOf(model, x.shape, x.dtype, mode).layers), y);
  return set(equationsOf(outlineWithNumbers(model, chosen, x, y, mode), chosen, String, mode === "training"));
}

const dtypeOf = (model: Model): DType => Object.values(params(model))[0]?.dtype ?? "float32";

/** @throws TypeError if it is neither given nor to be guessed */
function inputShapeOf(model: Model, given: Shape | undefined): Shape {
  if (given !== undefined) {
    if (!Array.isArray(given)) {
      throw new TypeError(`explain: inputShape must be an array such as [784]; it is ${describeValue(given)}.`);
    }
    for (const extent of given)
      checkNumber("explain", "each extent of inputShape", extent, { least: 0, integer: true });
    return given;
  }
  const [first] = Object.values(params(model));
  if (first !== undefined && first.shape.length === 2) return [first.shape[0] as number];
  throw new TypeError(
    "explain: the shape of an example does not follow from the model; give inputShape, such as [784].",
  );
}
