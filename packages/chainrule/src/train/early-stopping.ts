/** Early stopping: ends training when a quantity no longer gets better, and goes back to the best weights. */
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import type { Callback, FitContext } from "./callbacks.ts";
import { boxesOf, putValues, type Snapshot, valuesOf } from "./snapshot.ts";

export interface EarlyStoppingOptions {
  /** Which entry of the epoch's log to watch; default "validationLoss". */
  readonly monitor?: string;
  /** Epochs without improvement after which training ends; default 5. */
  readonly patience?: number;
  /** What counts as an improvement; default 0: any. */
  readonly minDelta?: number;
  /** Whether less is better or more; default: more for accuracies, less for all else. */
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
  const usual = /accuracy/i.test(monitor) ? "max" : "min";
  const sign = checkChoice("earlyStopping", "mode", options.mode ?? usual, ["min", "max"]) === "min" ? 1 : -1;
  // The epoch 0 stands for none; its quantity is worse than any number.
  let best = Number.POSITIVE_INFINITY;
  let bestEpoch = 0;
  let weights: Snapshot = {};
  const stopIfDue = (epoch: number, context: FitContext): void => {
    if (epoch - bestEpoch < patience) return;
    context.stop(`${monitor} did not improve for ${patience} epoch${patience === 1 ? "" : "s"}`);
  };
  return {
    get bestEpoch() {
      return bestEpoch === 0 ? undefined : bestEpoch;
    },
    onTrainBegin(context) {
      checkMonitor(monitor, context.logged);
      // After a resumption loadState has been here, and training may have been at its end.
      if (context.history.length > 0) return stopIfDue(context.history.length, context);
      best = Number.POSITIVE_INFINITY;
      bestEpoch = 0;
      weights = {};
    },
    onEpochEnd(log, context) {
      const value = sign * (log[monitor] as number);
      if (!(value < best - (bestEpoch === 0 ? 0 : minDelta))) return stopIfDue(log.epoch, context);
      best = value;
      bestEpoch = log.epoch;
      weights = valuesOf(boxesOf(context.model));
    },
    onTrainEnd({ model }) {
      if (bestEpoch > 0) putValues(boxesOf(model), weights);
    },
    saveState: () => ({ tensors: weights, record: { best, bestEpoch } }),
    loadState({ tensors, record }) {
      best = record.best as number;
      bestEpoch = record.bestEpoch as number;
      weights = tensors;
    },
  };
}

/** @throws RangeError that lists what there is to monitor */
function checkMonitor(monitor: string, logged: readonly string[]): void {
  if (logged.includes(monitor)) return;
  throw new RangeError(
    `earlyStopping: there is no "${monitor}" to monitor; there are ${logged.join(", ")}. ` +
      "Give fit validation data for a validation loss, or name one of these.",
  );
}
