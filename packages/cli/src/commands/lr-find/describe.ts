/** What a curve of losses over learning rates says, in words. */
import type { LearningRateCurve } from "chainrule/diagnose";
import { count } from "../../render/format.ts";
import { renderTable, wrap } from "../../render/table.ts";
import { commandLine } from "../train/command.ts";
import { drawCurve, type Mark } from "./chart.ts";
import type { Found, LrFindFlags } from "./run.ts";

/** Rates that the curve suggests, to two digits; undefined where the loss never fell. */
export function ratesOf({ suggestions }: LearningRateCurve) {
  if (suggestions === undefined) return undefined;
  const { steepest, tenthOfMinimum, valley, cycle } = suggestions;
  return {
    steepest: short(steepest),
    tenthOfMinimum: short(tenthOfMinimum),
    valley: short(valley),
    cycle: { low: short(cycle.low), high: short(cycle.high) },
  };
}

const short = (rate: number): number => Number(rate.toPrecision(2));

export function describeSetup({ start, problem }: Found, columns: number): string {
  const { hidden, l2, optimizerName, batchSize } = start;
  const [rows, features] = problem.x.shape as [number, number];
  const units = hidden.length === 0 ? "no hidden units" : `${hidden.join(", ")} hidden units`;
  const text =
    `The network that train would begin with: ${count(features, "feature")}, ${units}, l2 ${l2}; ${optimizerName} on batches of ` +
    `${batchSize} of ${count(rows, "row")}, those held back for the test left out`;
  return wrap(text, columns).join("\n");
}

/** The chart, the suggestions, and how to use them. */
export function describeCurve({ curve, start }: Found, path: string, flags: LrFindFlags, columns: number): string {
  const rates = ratesOf(curve);
  const { learningRate } = start;
  const [first, last] = [curve.rates[0] as number, curve.rates.at(-1) as number];
  const isIn = (rate: number): boolean => rate >= first && rate <= last;
  const marks: readonly (Mark & { readonly what: string; readonly why: string })[] = [
    ...(rates === undefined
      ? []
      : [
          { letter: "s", rate: rates.steepest, what: "steepest", why: "where the loss falls fastest: safe" },
          {
            letter: "m",
            rate: rates.tenthOfMinimum,
            what: "tenth of the minimum",
            why: "a decade before the loss rises",
          },
          {
            letter: "v",
            rate: rates.valley,
            what: "valley",
            why: "in the middle of the longest fall: the usual choice",
          },
        ]),
    {
      letter: "t",
      rate: learningRate,
      what: "train",
      why: flags.learningRate === undefined ? "what train takes unless told otherwise" : "told by --learning-rate",
    },
  ];
  const chart =
    curve.rates.length < 2
      ? ""
      : `The smoothed loss by the learning rate\n${drawCurve(
          { rates: curve.rates, losses: curve.smoothed },
          marks.filter(({ rate }) => isIn(rate)),
          { width: Math.max(20, Math.min(70, columns - 12)), height: 12 },
        )}`;
  const table = renderTable(
    marks.map(({ letter, what, rate, why }) => [letter, what, rateText(rate), why]),
    { left: [0, 1, 3], indent: "  ", columns },
  );
  const diverged =
    curve.diverged === undefined ? [] : [`The loss grew too much at ${rateText(short(curve.diverged))}.`];
  const advice = wrap([...diverged, ...adviceOf(curve, rates, learningRate)].join(" "), columns).join("\n");
  const command = commandTo(path, flags, curve);
  const shown =
    flags.quiet === true ? [table] : [chart, table, advice, ...(command === undefined ? [] : [`  $ ${command}`])];
  return shown.filter((part) => part !== "").join("\n\n");
}

/** As --learning-rate takes it. */
const rateText = (rate: number): string => (rate >= 1e-4 ? `${rate}` : rate.toExponential());

function adviceOf({ diverged }: LearningRateCurve, rates: ReturnType<typeof ratesOf>, learningRate: number): string[] {
  if (rates === undefined) {
    const mend = diverged === undefined ? "take more steps by --steps" : "begin at a lower rate by --from";
    return [
      `The loss did not fall at any rate, so none is suggested: ${mend}, and look at the data with chainrule inspect.`,
    ];
  }
  const { low, high } = rates.cycle;
  const range = `The loss falls between ${rateText(low)} and ${rateText(high)}.`;
  const usual = `${rateText(learningRate)}, what train takes,`;
  if (learningRate > high) return [`${range} ${usual} is above that. Try the valley:`];
  if (learningRate < low) return [`${range} ${usual} is below that. Try the valley:`];
  return [`${range} ${usual} is within, so there is no need for another. To try the valley:`];
}

/** How to train at the rate of the valley, with the options that were given here; undefined where there is none. */
export function commandTo(path: string, flags: LrFindFlags, curve: LearningRateCurve): string | undefined {
  const rates = ratesOf(curve);
  if (rates === undefined) return undefined;
  const { steps, from, to, out, threads, wideSimd, ...rest } = flags;
  const { seed, test, ...told } = rest;
  return commandLine("train", path, {
    ...told,
    ...(seed === 0 ? {} : { seed }),
    ...(test === 0.2 ? {} : { test }),
    learningRate: rates.valley,
  });
}
