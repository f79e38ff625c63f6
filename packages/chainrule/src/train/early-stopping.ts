/** Early stopping: ends training when a quantity no longer gets better, and goes back to the best weights. */
import { isScore } from "../metrics/named.ts";
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import type { Callback, FitContext } from "./callbacks.ts";
import { boxesOf, putValues, type Snapshot, valuesOf } from "./snapshot.ts";

export interface EarlyStoppingOptions {
  /** Which entry of the epoch's log to watch; default "validationLoss". */
  readonly monitor?: string;
  /** The look-ahead: epochs without improvement after which training ends; default 5. */
  readonly patience?: number;
  /**
   * By how much the quantity must improve for the patience to begin anew; default 0: by anything. It says when to stop, not
   * which weights are best: these are always those of the best epoch.
   */
  readonly minDelta?: number;
  /**
   * Whether less is better or more. Default: more for accuracy, precision, recall, f1, auc and r2, and for metrics of one's
   * own with "accuracy" in their names; less for all else.
   */
  readonly mode?: "min" | "max";
}

/**
 * Stops when the monitored quantity has not improved for `patience` epochs. In the end the model has the weights of its
 * best epoch, also when training ended for another reason.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range; in `fit`, before anything is trained,
 *   if there will be no such quantity
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkOptions("earlyStopping", options, ["monitor", "patience", "minDelta", "mode"]);
  const { monitor = "validationLoss" } = options;
  const patience = checkNumber("earlyStopping", "patience", options.patience ?? 5, { least: 1, integer: true });
  const minDelta = checkNumber("earlyStopping", "minDelta", options.minDelta ?? 0, { least: 0 });
  const usual = isScore(withoutPrefix(monitor)) || /accuracy/i.test(monitor) ? "max" : "min";
  const sign = checkChoice("earlyStopping", "mode", options.mode ?? usual, ["min", "max"]) === "min" ? 1 : -1;
  // The epoch 0 stands for none; its quantity is worse than any number. The patience is counted from `since`, where the
  // quantity was `reference`.
  const none = { best: Number.POSITIVE_INFINITY, bestEpoch: 0, reference: Number.POSITIVE_INFINITY, since: 0 };
  let { best, bestEpoch, reference, since } = none;
  let weights: Snapshot = {};
  const stopIfDue = (epoch: number, context: FitContext): void => {
    if (epoch - since < patience) return;
    const by = minDelta === 0 ? "" : ` by more than ${minDelta}`;
    context.stop(`${monitor} did not improve${by} for ${patience} epoch${patience === 1 ? "" : "s"}`);
  };
  return {
    get bestEpoch() {
      return bestEpoch === 0 ? undefined : bestEpoch;
    },
    onTrainBegin(context) {
      checkMonitor(monitor, context.logged);
      // After a resumption loadState has been here, and training may have been at its end.
      if (context.history.length > 0) return stopIfDue(context.history.length, context);
      ({ best, bestEpoch, reference, since } = none);
      weights = {};
    },
    onEpochEnd(log, context) {
      const value = sign * (log[monitor] as number);
      if (value < best) {
        best = value;
        bestEpoch = log.epoch;
        weights = valuesOf(boxesOf(context.model));
      }
      if (value < reference - (since === 0 ? 0 : minDelta)) {
        reference = value;
        since = log.epoch;
      }
      stopIfDue(log.epoch, context);
    },
    onTrainEnd({ model }) {
      if (bestEpoch > 0) putValues(boxesOf(model), weights);
    },
    saveState: () => ({ tensors: weights, record: { best, bestEpoch, reference, since } }),
    loadState({ tensors, record }) {
      ({ best, bestEpoch, reference, since } = record as unknown as typeof none);
      weights = tensors;
    },
  };
}

/** validationAuc → auc */
const withoutPrefix = (name: string): string =>
  name.replace(/^validation(.)/, (_, first: string) => first.toLowerCase());

/** @throws RangeError that lists what there is to monitor */
function checkMonitor(monitor: string, logged: readonly string[]): void {
  if (logged.includes(monitor)) return;
  throw new RangeError(
    `earlyStopping: there is no "${monitor}" to monitor; there are ${logged.join(", ")}. ` +
      "Give fit validation data for a validation loss, or name one of these.",
  );
}
