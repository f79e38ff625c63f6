/** Early stopping: ends training when a quantity no longer gets better, and goes back to the best weights. */
import { checkChoice, checkNumber, checkOptions } from "../tensor/options.ts";
import type { Callback, EpochLog, FitContext, RunState } from "./callbacks.ts";
import { putSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";

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
 * @throws TypeError, RangeError for options that do not exist or are out of range; while training, if the log has no such entry
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback & { readonly bestEpoch: number } {
  checkOptions("earlyStopping", options, ["monitor", "patience", "minDelta", "mode"]);
  const { monitor = "validationLoss" } = options;
  const patience = checkNumber("earlyStopping", "patience", options.patience ?? 5, { least: 1, integer: true });
  const minDelta = checkNumber("earlyStopping", "minDelta", options.minDelta ?? 0, { least: 0 });
  const mode = checkChoice("earlyStopping", "mode", options.mode ?? (/accuracy/i.test(monitor) ? "max" : "min"), [
    "min",
    "max",
  ]);
  const sign = mode === "min" ? 1 : -1;
  let best = Number.POSITIVE_INFINITY;
  let bestEpoch = 0;
  let weights: Snapshot = {};
  return {
    get bestEpoch() {
      return bestEpoch;
    },
    onTrainBegin(context) {
      if (context.history.length > 0) return; // resumed: loadState has been here
      best = Number.POSITIVE_INFINITY;
      bestEpoch = 0;
      weights = {};
    },
    onEpochEnd(log, context) {
      const value = sign * monitored(log, monitor);
      if (value < best - (bestEpoch === 0 ? 0 : minDelta)) {
        best = value;
        bestEpoch = log.epoch;
        weights = takeSnapshot(context.model);
      } else if (log.epoch - bestEpoch >= patience) {
        context.stop(`${monitor} did not improve for ${patience} epochs`);
      }
    },
    onTrainEnd(context: FitContext) {
      if (bestEpoch > 0) putSnapshot(context.model, weights);
    },
    saveState: (): RunState => ({
      tensors: weights,
      record: { best: Number.isFinite(best) ? best : null, bestEpoch },
    }),
    loadState(state) {
      best = (state.record.best as number | null) ?? Number.POSITIVE_INFINITY;
      bestEpoch = state.record.bestEpoch as number;
      weights = state.tensors;
    },
  };
}

function monitored(log: EpochLog, monitor: string): number {
  const value = log[monitor];
  if (value !== undefined) return value;
  const there = Object.keys(log).filter((key) => key !== "epoch");
  throw new RangeError(
    `earlyStopping: there is no "${monitor}" to monitor; there are ${there.join(", ")}. ` +
      "Give fit validation data for a validation loss, or name one of these.",
  );
}
