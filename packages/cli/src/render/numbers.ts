/** Measures and metrics as people read them, in reports and on terminals. */
import { percent } from "./format.ts";

/** A figure of a metric, to `digits` significant ones: 0.9474, 3.142, 12,300, 1.3e-7. */
export function figure(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "not a number" : `${x < 0 ? "−" : ""}∞`;
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return power(x.toExponential(Math.min(digits, 3) - 1));
  const decimals = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(x.toLocaleString("en-US", { maximumFractionDigits: Math.min(decimals, 10) }));
}

/** 1.3e-7 as 1.3 × 10⁻⁷ */
export function power(exponential: string): string {
  const [digits, exponent] = exponential.replace(/\.0+e/, "e").split("e") as [string, string];
  const raised = Array.from(`${Number(exponent)}`, (c) => (c === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] as string)));
  return minus(`${digits} × 10${raised.join("")}`);
}

/** With the sign that is as wide as a plus. */
const minus = (text: string): string => text.replace(/^-/, "−");

/** 94.7 %, never broken between two lines. */
export const share = (x: number, digits = 1): string => percent(x, digits).replace(" ", "\u00a0");

/** A metric between 0 and 1, with its zeros, so that several can be compared at a glance: 0.9500 */
export const score = (x: number, digits = 4): string => minus(x.toFixed(digits));

/** 14.2 kB */
export function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`;
  return n < 1e6 ? `${figure(n / 1e3, 3)} kB` : `${figure(n / 1e6, 3)} MB`;
}

/** 0.08 s, 14.2 s, 12 min, 3 h 5 min */
export function duration(seconds: number): string {
  if (seconds < 90) return `${figure(seconds, seconds < 10 ? 2 : 3)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
