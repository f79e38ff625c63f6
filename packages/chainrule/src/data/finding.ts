/** How findings are made and worded. */
import type { Finding, FindingKind } from "./check.ts";

/** Fewer rows say nothing about order, identifiers and leaks. */
export const LEAST_ROWS = 10;

/** What a finding is about, what was found, and how to mend it. */
type Make = (kind: FindingKind, columns: readonly string[], message: string, advice: string) => Finding;

const making =
  (severity: Finding["severity"]): Make =>
  (kind, columns, message, advice) => ({ kind, severity, columns, message, advice });

export const error = making("error");
export const warning = making("warning");

export const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
export const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
