/** Results as text. */
import { textTable } from "../tensor/table.ts";
import type { Tested, Trial } from "./study.ts";

/** Numbers with five digits. */
export const shown = (value: unknown): string => {
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(5)));
  if (typeof value === "function") return value.name === "" ? "a function" : value.name;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** The lines of a table, with a rule under its head. */
export function ruledTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [],
): string[] {
  const [names = "", ...lines] = textTable(head, rows, left).split("\n");
  return [names, "─".repeat(Math.max(...[names, ...lines].map((line) => line.length))), ...lines];
}

/** The first sentence of a message, on one line. */
const firstSentence = (text: string): string => {
  const [line = ""] = text.trim().split(/\r?\n/);
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
};

/** One line for each trial under a line of names, numbers to the right; then the winner and its test score. */
export function table<C extends object, K>(ranked: readonly Trial<C, K>[], tested: Tested): string {
  const settings = Object.keys(ranked[0]?.configuration ?? {});
  const metrics = [...new Set(ranked.flatMap((trial) => Object.keys(trial.metrics)))];
  const head = ["trial", ...settings, "score", ...metrics, "seconds"];
  const rows = ranked.map((trial) => {
    const configuration = trial.configuration as Record<string, unknown>;
    return [
      trial.number,
      ...settings.map((name) => configuration[name]),
      trial.failure === undefined ? trial.score : "failed",
      ...metrics.map((name) => trial.metrics[name] ?? ""),
      trial.seconds.toFixed(2),
    ].map(shown);
  });
  const [names, rule, ...lines] = ruledTable(head, rows);
  const reasons = ranked.map(({ failure }) => (failure === undefined ? "" : `  ${firstSentence(failure)}`));
  return [names, rule, ...lines.map((line, i) => line + reasons[i]), ...verdict(ranked, tested)].join("\n");
}

function verdict<C, K>([best]: readonly Trial<C, K>[], { testScore, testFailure }: Tested): string[] {
  if (best === undefined) return ["No trial was made."];
  if (best.failure !== undefined) return ["No trial succeeded."];
  const won = `Trial ${best.number} won with ${shown(best.score)} on validation data`;
  if (testFailure !== undefined) return [`${won}; its test failed: ${firstSentence(testFailure)}`];
  return [testScore === undefined ? `${won}.` : `${won}; it scores ${shown(testScore)} on test data.`];
}
