/** The lines of a row's table: what each contender measured, and how it compares with the others. */
import { pairedRatio, type Summary, summarize } from "./statistics.ts";

export interface Measurement {
  readonly line: string;
  /** The figure of each round; round i of all lines was measured at about the same time. */
  readonly rounds: readonly number[];
  /** Why there is no figure, or why it does not count. */
  readonly void?: string;
  readonly note?: string;
  /** The numbers that were compared with those of other lines, after the last step that was compared. */
  readonly checked?: { readonly steps: number; readonly of: number; readonly values: readonly number[] };
}

export interface Line extends Measurement {
  /** Undefined where the line is void. */
  readonly summary?: Summary;
  /** This line's figure over that of others: medians of the rounds' ratios, by the name of the other line. */
  readonly ratios: Readonly<Record<string, number>>;
}

export function linesOf(measurements: readonly Measurement[]): Line[] {
  const sound = measurements.filter((m) => m.void === undefined && m.rounds.length > 0);
  return measurements.map((own) => {
    if (!sound.includes(own)) return { ...own, void: own.void ?? "no figure", ratios: {} };
    const others = sound.filter((other) => other !== own);
    return {
      ...own,
      summary: summarize(own.rounds),
      ratios: Object.fromEntries(others.map((other) => [other.line, pairedRatio(own.rounds, other.rounds)])),
    };
  });
}
