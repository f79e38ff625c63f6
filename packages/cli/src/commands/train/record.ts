/** What the model file keeps of its training. No time of day and no duration: the same run gives the same file. */
import { readFileSync } from "node:fs";
import { searchNumbers } from "../search/trials.ts";
import { choicesOf } from "./choices.ts";
import { foldNumbers } from "./folds.ts";
import type { TrainingRun } from "./training.ts";

/** JSON, as the `record` of `saveModel` takes it. */
export function recordOf(run: TrainingRun) {
  const { flags, loaded, rows, trained, settings, test, folds } = run;
  return plain({
    made_by: `chainrule ${run.command}`,
    versions: versions(),
    data: {
      file: loaded.name,
      sha256: loaded.fingerprint,
      rows: loaded.all.length,
      rows_with_target: loaded.table.length,
      columns: loaded.columns.map(({ name, kind, use }) => ({ name, kind, use })),
    },
    rows: { train: rows.train.length, test: rows.test.length },
    target: flags.target,
    settings,
    options: optionsOf(flags),
    choices: choicesOf(run),
    candidates: trained.candidates,
    history: trained.history,
    epochs: trained.epochs,
    refitted: trained.refitted,
    best_epoch: trained.bestEpoch,
    stopped: trained.stopped,
    validation: { loss: trained.validationLoss, score: trained.validationScore },
    baseline: run.baseline.value,
    test: test?.assessed.assessment,
    folds: folds && foldNumbers(folds),
    search: run.search && searchNumbers(run.search),
  });
}

/** Of what ran. */
export function versions(): Record<string, string> {
  const version = (path: string): string =>
    (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string }).version;
  return { "@chainrule/cli": version("../../../package.json"), node: process.versions.node };
}

/** Those that change the result, and not where it is written or how it is told. */
function optionsOf(flags: TrainingRun["flags"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !WITHOUT_EFFECT.has(name)));
}

const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...["out", "report", "csv", "force", "json", "quiet", "threads", "wideSimd", "checkpoint", "resume"],
]);

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** The same as JSON has it: what is undefined is left out, and what is not finite is null. */
const plain = (value: object): { readonly [key: string]: Plain } =>
  JSON.parse(JSON.stringify(value)) as { readonly [key: string]: Plain };
