/** Losses with their options set beforehand. */
import { checkOptions, describeValue } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Loss, type LossOptions, named } from "./loss.ts";

const settings = new WeakMap<Loss, object>();

/**
 * The loss with options of one's own as its defaults, under the same name: for `fit`, which calls a loss without any.
 *
 * @example
 * ```ts
 * import { huber, softmaxCrossEntropy, withOptions } from "chainrule/loss";
 * const robust = withOptions(huber, { delta: 0.5 });
 * const soft = withOptions(softmaxCrossEntropy, { labelSmoothing: 0.1 });
 * soft.name; // → softmaxCrossEntropy
 * ```
 */
export function withOptions<O extends LossOptions>(
  loss: (prediction: Tensor, target: Tensor, options?: O) => Tensor,
  options: O,
): Loss {
  if (typeof loss !== "function") {
    throw new TypeError(`withOptions: the loss must be a function such as huber; it is ${describeValue(loss)}.`);
  }
  // Which options there are, the loss says itself when it is called.
  checkOptions("withOptions", options, Object.keys(options ?? {}));
  const all = { ...(settings.get(loss as Loss) as O | undefined), ...options };
  const bound: Loss = named(loss.name, (prediction, target, more = {}) =>
    loss(prediction, target, { ...all, ...more }),
  );
  settings.set(bound, all);
  return bound;
}

/** The options set by `withOptions`. */
export const optionsOf = (loss: Loss): Readonly<Record<string, unknown>> =>
  (settings.get(loss) ?? {}) as Readonly<Record<string, unknown>>;
