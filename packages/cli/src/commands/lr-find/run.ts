/** What `chainrule lr-find` does. */
import { findLearningRate, type LearningRateCurve } from "chainrule/diagnose";
import { type EngineOptions, startEngine } from "../../engine.ts";
import { Failure } from "../../failure.ts";
import { formatRow, openOutput } from "../../files/index.ts";
import { createOutput, type OutputOptions } from "../../output.ts";
import {
  type DataFlags,
  encodeRows,
  loadOptionsOf,
  loadTable,
  type SplitFlags,
  splitTable,
} from "../../prepare/index.ts";
import { type Problem, type RecipeFlags, requireUsed, type Start, settingsOf, startOf } from "../../recipe/index.ts";
import { commandTo, describeCurve, describeSetup, ratesOf } from "./describe.ts";

export interface LrFindFlags extends DataFlags, SplitFlags, RecipeFlags, EngineOptions, OutputOptions {
  readonly target: string;
  readonly steps: number;
  readonly from: number;
  readonly to: number;
  readonly out?: string;
  readonly force?: boolean;
}

/** What was found, on what. */
export interface Found {
  readonly start: Start;
  readonly problem: Problem;
  readonly curve: LearningRateCurve;
}

export async function run(path: string, flags: LrFindFlags): Promise<void> {
  requireConsistent(flags);
  const output = createOutput(flags);
  startEngine(flags);
  const file = flags.out === undefined ? undefined : await openOutput(flags.out, { force: flags.force === true });
  try {
    const found = await find(path, flags);
    const { curve, start } = found;
    output.note(`${describeSetup(found, output.columns)}\n`);
    output.result(describeCurve(found, path, flags, output.columns));
    output.json({
      network: { hidden: start.hidden, l2: start.l2, optimizer: start.optimizerName, batchSize: start.batchSize },
      train: start.learningRate,
      suggestions: ratesOf(curve) ?? null,
      command: commandTo(path, flags, curve) ?? null,
      diverged: curve.diverged ?? null,
      curve: pointsOf(curve),
    });
    await file?.write(csvOf(curve));
    await file?.commit();
    if (flags.out !== undefined) output.note(`Curve: ${flags.out}`);
  } catch (error) {
    await file?.abort();
    throw error;
  }
}

function requireConsistent({ from, to, out }: LrFindFlags): void {
  if (from >= to) throw new Failure(`--from ${from} must be below --to ${to}.`);
  if (out === "-")
    throw new Failure("--out: standard output is for the chart. Name a file, or take --json, which has the curve.");
}

async function find(path: string, flags: LrFindFlags): Promise<Found> {
  const { seed, split: strategy, by, target, steps, from, to } = flags;
  const loaded = await loadTable(path, target, loadOptionsOf(flags));
  requireUsed(flags, loaded.task.task);
  const splitting = { seed, test: flags.test, ...(strategy && { strategy }), ...(by === undefined ? {} : { by }) };
  const { train } = splitTable(loaded, splitting);
  const { problem } = encodeRows(loaded, train, strategy === "group" ? by : undefined);
  const start = startOf(problem, settingsOf(flags));
  const { network, loss, regularizer, optimizer, batchSize } = start;
  const data = { x: problem.x, y: problem.y };
  const curve = findLearningRate(network, {
    train: data,
    loss,
    regularizer,
    optimizer,
    batchSize,
    steps,
    from,
    to,
    seed,
  });
  if (curve.rates.length === 0)
    throw new Failure(
      `The loss is not a finite number at the lowest rate, ${from}. Take a lower one by --from, and look at the data with chainrule inspect.`,
    );
  return { start, problem, curve };
}

const pointsOf = ({ rates, losses, smoothed }: LearningRateCurve) =>
  Array.from(rates, (rate, i) => ({ rate, loss: losses[i], smoothed: smoothed[i] }));

const csvOf = (curve: LearningRateCurve): string =>
  [
    ["rate", "loss", "smoothed"],
    ...pointsOf(curve).map(({ rate, loss, smoothed }) => [rate, loss as number, smoothed as number]),
  ]
    .map((row) => formatRow(row))
    .join("");
