/** A study as text. */
import { textTable } from "../tensor/table.ts";
import type { Trial } from "./study.ts";

const shown = (value: unknown): string => {
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(5)));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** One line for each trial under a line of names, numbers to the right; then the winner and its test score. */
export function table<C extends object, K>(ranked: readonly Trial<C, K>[], testScore: number | undefined): string {
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
  const [names, ...lines] = textTable(head, rows, []).split("\n");
  return [
    names,
    "─".repeat(Math.max(...lines.map((line) => line.length))),
    ...lines.map((line, i) => [line, ranked[i]?.failure].filter((part) => part !== undefined).join("  ")),
    ...verdict(ranked, testScore),
  ].join("\n");
}

function verdict<C, K>([best]: readonly Trial<C, K>[], testScore: number | undefined): string[] {
  if (best === undefined || best.failure !== undefined) return ["No trial succeeded."];
  const won = `Trial ${best.number} won with ${shown(best.score)} on validation data`;
  return [testScore === undefined ? `${won}.` : `${won}; it scores ${shown(testScore)} on test data.`];
}
