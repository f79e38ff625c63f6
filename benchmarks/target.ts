/** What each row must reach, and whether it did. */
import type { Line } from "./lines.ts";

/** A figure of Chainrule's that has a limit. Sizes are in the row's unit: nanoseconds, bytes. */
export interface Target {
  /** As the table prints it, such as "1 thread: ≤ 1.1 × NumPy". */
  readonly text: string;
  /** The line whose figure counts, without " wide", such as "chainrule x2". */
  readonly of: string;
  readonly limit: Limit;
  /** Matrix products decide: without wide SIMD twice the limit is allowed. */
  readonly productBound?: boolean;
  /** Wide SIMD makes no difference to it. */
  readonly once?: boolean;
}

export type Limit =
  | { readonly kind: "absolute"; readonly value: number }
  /** Times the figure of another line; where that is Chainrule's own, such as its gradient, of the same variant. */
  | { readonly kind: "times"; readonly factor: number; readonly line: string };

export type Outcome = "reached" | "missed" | "not available" | "no reference";

export interface Judgement {
  readonly outcome: Outcome;
  /** The figure over the limit: at most 1 where it is reached. */
  readonly share?: number;
  /** What the limit was multiplied by before. */
  readonly allowance?: number;
}

export interface Verdict {
  readonly text: string;
  readonly plain: Judgement;
  /** Undefined where wide SIMD makes no difference. */
  readonly wide?: Judgement;
}

/** Judges a target by the lines of its row. */
export function judge(target: Target, lines: readonly Line[]): Verdict {
  const { text, of, limit, productBound = false, once = false } = target;
  const find = (name: string): Line | undefined =>
    lines.find((line) => line.line === name && line.summary !== undefined);
  const one = (wide: boolean): Judgement => {
    const own = find(variant(of, wide));
    if (own?.summary === undefined) return { outcome: "not available" };
    const allowance = productBound && !wide ? 2 : 1;
    const used =
      limit.kind === "absolute"
        ? own.summary.median / limit.value
        : (own.ratios[variant(limit.line, wide)] ?? Number.NaN) / limit.factor;
    if (Number.isNaN(used)) return { outcome: "no reference" };
    const share = used / allowance;
    return { outcome: share <= 1 ? "reached" : "missed", share, allowance };
  };
  return { text, plain: one(false), wide: once ? undefined : one(true) };
}

/** "chainrule x2" → "chainrule wide x2"; lines of others have one variant only. */
export function variant(line: string, wide: boolean): string {
  return wide ? line.replace(/^chainrule\b/, "chainrule wide") : line;
}
