/** The points as a CSV file. */
import { isRegression, type Point } from "../../state/index.ts";
import type { Shown } from "../../store/index.ts";

/** Columns x, y, class (or value) and split, "training" or "test". Numbers are written so that they come back to the last bit. */
export function pointsCSV({ state, training, test }: Shown): string {
  const lines = (points: readonly Point[], split: string): string[] =>
    points.map((point) => `${point.join(",")},${split}`);
  const header = `x,y,${isRegression(state) ? "value" : "class"},split`;
  return `${[header, ...lines(training, "training"), ...lines(test, "test")].join("\n")}\n`;
}
