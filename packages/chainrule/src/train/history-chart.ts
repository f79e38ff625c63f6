/** The curves of a training as text. */
import { CHART_OPTIONS, type ChartOptions, textChart } from "../tensor/chart.ts";
import { checkOptions } from "../tensor/options.ts";
import type { EpochLog } from "./callbacks.ts";

export interface HistoryChartOptions extends ChartOptions {
  /** Which entries of the logs to show; default the losses, "loss" and "validationLoss" if it is there. */
  readonly show?: readonly string[];
}

/**
 * The history of `fit` as a chart of characters, epoch by epoch. Both losses fall: it learns. The training loss falls and
 * the validation loss rises: it overfits, and `earlyStopping` would have ended it. Both stay high: the model is too stiff,
 * or the learning rate wrong.
 *
 * @throws TypeError, RangeError for options that do not exist, a history without epochs, or an entry that is not there
 * @example
 * ```ts
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { sgd } from "chainrule/optim";
 * import { fit, historyChart } from "chainrule/train";
 * const train = { x: [[0], [1], [2], [3]], y: [[1], [3], [5], [7]] };
 * const { history } = await fit(dense(1, 1), {
 *   train, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.1 }), epochs: 20, progress: false,
 * });
 * const chart = historyChart(history, { height: 6, scale: "log" }); // console.log(chart)
 * ```
 */
export function historyChart(history: readonly EpochLog[], options: HistoryChartOptions = {}): string {
  checkOptions("historyChart", options, ["show", ...CHART_OPTIONS]);
  const { show, ...chart } = options;
  const [first] = history;
  if (first === undefined) throw new RangeError("historyChart: the history has no epochs yet.");
  const there = Object.keys(first).filter((name) => name !== "epoch");
  const names = show ?? there.filter((name) => ["loss", "validationLoss"].includes(name));
  for (const name of names) {
    if (there.includes(name)) continue;
    throw new RangeError(`historyChart: there is no "${name}" in the history; there are ${there.join(", ")}.`);
  }
  return textChart(
    "historyChart",
    { name: "epoch", values: history.map(({ epoch }) => epoch) },
    names.map((name) => [wordsOf(name), history.map((log) => log[name] as number)]),
    chart,
  );
}

/** "validationLoss" as "validation loss". */
const wordsOf = (name: string): string =>
  name.replace(/^validation([A-Z])/, (_, letter: string) => `validation ${letter.toLowerCase()}`);
