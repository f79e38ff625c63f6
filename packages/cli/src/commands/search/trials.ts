/** The trials of a search, as text, as data, and as a file. */
import { formatRow } from "../../files/index.ts";
import { optionOf, type SearchedName, type SearchRow, type SearchSpace } from "../../recipe/index.ts";
import { count } from "../../render/format.ts";
import { figure, score as scoreText } from "../../render/numbers.ts";
import { renderTable, wrap } from "../../render/table.ts";
import type { ReportData } from "../../report/index.ts";
import type { Search } from "../train/training.ts";

/** More trials than these are in the file and in JSON alone. */
const SHOWN = 20;

const namesOf = (space: SearchSpace): SearchedName[] => Object.keys(space) as SearchedName[];

/** As it is written on a command line. */
const headOf = (name: SearchedName): string => optionOf(name).slice(2);

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(",") || "none" : String(value));

/** To three significant digits. */
const brief = (value: unknown): string =>
  typeof value === "number" ? String(Number(value.toPrecision(3))) : textOf(value);

/** The lowest validation loss first, the first of equal ones; failed trials last. */
export function ranked(rows: readonly SearchRow[]): SearchRow[] {
  const failed = rows.filter(({ failure }) => failure !== undefined);
  const done = rows.filter(({ failure }) => failure === undefined);
  return [...done.sort((a, b) => a.validationLoss - b.validationLoss), ...failed];
}

/** "learning-rate 0.00412, hidden 64,32" */
export const describeSettings = (space: SearchSpace, { settings }: SearchRow): string =>
  namesOf(space)
    .map((name) => `${headOf(name)} ${brief(settings[name])}`)
    .join("; ");

/** @param columns the width of the terminal */
export function describeTrials({ rows, space, count: planned }: Search, score: string, columns: number): string {
  const all = ranked(rows);
  const shown = all.slice(0, SHOWN);
  const names = namesOf(space);
  const cells = shown.map(({ trial, settings, validationLoss, validationScore, failure }) => [
    String(trial),
    ...names.map((name) => brief(settings[name])),
    ...(failure === undefined ? [figure(validationLoss), scoreText(validationScore)] : ["failed", "–"]),
  ]);
  const lines = [
    rows.length === planned
      ? "Trials, the lowest loss on validation data first"
      : `Trials, the lowest loss on validation data first; interrupted after ${count(rows.length)} of ${count(planned)}`,
    renderTable([["trial", ...names.map(headOf), "loss", score], ...cells]),
  ];
  if (all.length > shown.length)
    lines.push(`and ${count(all.length - shown.length)} more: --csv writes all, --json prints them`);
  const failed = rows.filter(({ failure }) => failure !== undefined);
  if (failed[0] !== undefined)
    lines.push(
      ...wrap(`${count(failed.length, "trial")} failed; trial ${failed[0].trial}: ${failed[0].failure}`, columns),
    );
  return lines.join("\n");
}

/** All trials in the order in which they were made, settings as they can be written on a command line. No times: the same search gives the same file. */
export function trialsFile({ rows, space }: Search): string {
  const names = namesOf(space);
  const head = ["trial", ...names.map(headOf), "seed", "validation_loss", "validation_score", "epochs", "failure"];
  return [
    head,
    ...rows.map(({ trial, settings, seed, validationLoss, validationScore, epochs, failure }) => [
      trial,
      ...names.map((name) => textOf(settings[name])),
      seed,
      ...(failure === undefined ? [validationLoss, validationScore, epochs, null] : [null, null, null, failure]),
    ]),
  ]
    .map((cells) => formatRow(cells))
    .join("");
}

/** As plain data. */
export const trialNumbers = ({ trial, settings, seed, validationLoss, validationScore, epochs, failure }: SearchRow) =>
  failure === undefined
    ? { trial, settings, seed, validationLoss, validationScore, epochs }
    : { trial, settings, seed, validationLoss: null, validationScore: null, epochs: null, failure };

/** What the model file keeps. */
export const searchNumbers = ({ method, space, count: planned, best, rows }: Search) => ({
  method,
  space: Object.fromEntries(
    namesOf(space).map((name) => [headOf(name), (space[name] as NonNullable<SearchSpace[SearchedName]>).text]),
  ),
  planned,
  best: best.trial,
  trials: rows.map(trialNumbers),
});

/** What the report tells, the best first. */
export const trialsIn = ({ rows, space, best }: Search): NonNullable<ReportData["candidates"]> => ({
  metric: "validation loss",
  settings: ["trial", ...namesOf(space).map(headOf)],
  tried: ranked(rows).map((row) => ({
    values: [row.trial, ...namesOf(space).map((name) => brief(row.settings[name]))],
    score: row.failure === undefined ? row.validationLoss : null,
    epochs: row.epochs,
    chosen: row === best,
  })),
});
