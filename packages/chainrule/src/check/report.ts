/** What a gradient check found. */

import { textTable } from "../tensor/table.ts";
import type { Comparison } from "./differences.ts";

export interface GradcheckEntry extends Comparison {
  /** The parameter's name. */
  readonly name: string;
  /** The element, counted in row-major order, and as a position in the parameter's shape. */
  readonly index: number;
  readonly position: readonly number[];
}

/** The comparison of every checked element, worst first. */
export class GradcheckReport {
  readonly entries: readonly GradcheckEntry[];
  readonly tolerance: number;

  constructor(entries: readonly GradcheckEntry[], tolerance: number) {
    const badness = ({ relativeError }: GradcheckEntry): number =>
      Number.isNaN(relativeError) ? Number.POSITIVE_INFINITY : relativeError;
    this.entries = entries.toSorted((a, b) => badness(b) - badness(a));
    this.tolerance = tolerance;
  }

  /** Whether no element is wrong. */
  get passed(): boolean {
    return this.entries.every(({ verdict }) => verdict !== "wrong");
  }

  /** The largest relative error of the elements checked; 0 if there are none. */
  get maxRelativeError(): number {
    return this.entries[0]?.relativeError ?? 0;
  }

  /** The worst `rows` elements as a table. */
  table(rows = 10): string {
    const body = this.entries
      .slice(0, rows)
      .map((e) => [
        e.position.length === 0 ? e.name : `${e.name}[${e.position.join(", ")}]`,
        e.analytic.toExponential(6),
        e.numeric.toExponential(6),
        e.relativeError.toExponential(1),
        e.verdict,
      ]);
    const head = ["element", "analytic", "numeric", "rel. error", "verdict"];
    return textTable(head, body, [0]);
  }

  /** One line with the verdict, then the table. */
  toString(): string {
    const wrong = this.entries.filter(({ verdict }) => verdict === "wrong");
    const kinks = this.entries.filter(({ verdict }) => verdict === "kink").length;
    const head = this.passed
      ? `Gradient check passed: ${this.entries.length} element${this.entries.length === 1 ? "" : "s"}, largest relative error ${this.maxRelativeError.toExponential(1)}${kinks > 0 ? `, ${kinks} at kinks` : ""}.`
      : `Gradient check FAILED for ${[...new Set(wrong.map(({ name }) => name))].join(", ")}: ` +
        `${wrong.length} of ${this.entries.length} elements differ by more than ${this.tolerance}.`;
    return `${head}\n${this.table()}`;
  }
}
