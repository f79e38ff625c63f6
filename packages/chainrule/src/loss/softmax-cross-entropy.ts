/** The cross-entropy of predictions of one class among several. */
import { DTypeError, located, ShapeError } from "../graph/errors.ts";
import { iota } from "../ops/iota.ts";
import { where } from "../ops/select.ts";
import { isFloat } from "../tensor/dtype.ts";
import { checkChoice, checkOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { isConcrete, type Tensor } from "../tensor/tensor.ts";
import { checkClassNumbers } from "./check-targets.ts";
import { type CrossEntropyOptions, FROM, named, perExample, reduceLosses, requireFloat, shareOf } from "./loss.ts";

const NAME = "softmaxCrossEntropy";

/**
 * −log softmax(z)_y for logits z [batch, classes] and int32 class numbers y [batch], or −Σ y·log softmax(z) for targets
 * y [batch, classes] that are one-hot or probabilities; the mean over the examples. Its derivative by the logits is
 * softmax(z) − y over the count. Dimensions between batch and classes, such as time, are averaged.
 *
 * From logits it is accurate for logits of any size, as are its first and second derivatives. With
 * `from: "probabilities"` it takes softmax(z) itself, whose logarithm has lost small probabilities: prefer logits.
 *
 * A class number that is out of range is an error if the targets are known, and makes the loss NaN if they are traced;
 * `fit` and `evaluate` look at the targets beforehand.
 *
 * @throws ShapeError, DTypeError unless the targets are of one of the two kinds
 */
export const softmaxCrossEntropy = /* @__PURE__ */ named(
  NAME,
  (prediction: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
    checkOptions(NAME, options, ["weights", "reduction", "from"]);
    const from = checkChoice(NAME, "from", options.from ?? "logits", FROM);
    requireFloat(NAME, prediction);
    const kind = kindOfTarget(prediction, target);
    const logs = from === "logits" ? prediction.logSoftmax() : prediction.log();
    const losses =
      kind === "class numbers" ? ofClasses(logs, target) : shareOf(target.cast(logs.dtype), logs).sum(-1).neg();
    return reduceLosses(NAME, perExample(losses), options);
  },
);

function ofClasses(logs: Tensor, target: Tensor): Tensor {
  const classes = logs.shape.at(-1) as number;
  if (isConcrete(target)) checkClassNumbers(target, classes);
  // A choice among all classes fuses with the softmax and its gradient, which picking by position would not.
  const chosen = where(target.expandDims(-1).equal(iota([classes])), logs, 0).sum(-1);
  // No class at all would train silently on nothing.
  const valid = target.greaterEqual(0).and(target.less(classes));
  return where(valid, chosen.neg(), Number.NaN);
}

function kindOfTarget(prediction: Tensor, target: Tensor): "class numbers" | "probabilities" {
  const { shape } = prediction;
  const names = shape.map((_, i) => (i === shape.length - 1 ? "classes" : i === 0 ? "batch" : `dim${i}`));
  if (shape.length === 0)
    throw new ShapeError(located(`${NAME}: the prediction is a scalar; [batch, classes] is needed.`));
  const batch = shape.slice(0, -1);
  if (sameShape(target.shape, shape)) return "probabilities";
  if (!sameShape(target.shape, batch)) {
    const column = sameShape(target.shape, [...batch, 1])
      ? ` Drop the last dimension with .reshape([${batch.join(", ")}]).`
      : "";
    throw new ShapeError(
      located(
        `${NAME}: for predictions ${formatShape(shape, names)} the targets must be class numbers, int32${formatShape(batch, names)}, ` +
          `or one-hot, ${formatShape(shape, names)}; they are ${target.dtype}${formatShape(target.shape)}.${column}`,
      ),
    );
  }
  if (target.dtype === "int32") return "class numbers";
  const what = isFloat(target.dtype) ? "numbers with fractions" : "truth values";
  throw new DTypeError(
    located(
      `${NAME}: class numbers must be int32, and these are ${target.dtype}${formatShape(target.shape)}, which are ${what}. ` +
        'Convert them with .cast("int32"), or give one-hot targets.',
    ),
  );
}
