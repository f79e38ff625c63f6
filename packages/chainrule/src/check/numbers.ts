/** Numbers as they are shown to people: few digits, and of long tensors the beginning. */
import type { NestedArray, Tensor } from "../tensor/index.ts";

/** Up to six significant digits, without trailing zeros; exponents where the number is very large or small. */
export function formatNumber(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
  const rounded = Number(x.toPrecision(6));
  const [size, sign] = [Math.abs(rounded), rounded < 0 ? "−" : ""];
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return `${sign}${size.toExponential().replace("-", "−")}`;
  return `${sign}${size}`;
}

/** Elements along one axis that are shown. */
const MOST = 8;

/** A tensor as nested brackets, the first eight elements of each axis. */
export const formatTensor = (t: Tensor): string => brackets(t.arraySync());

function brackets(value: NestedArray): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return `${value}`;
  return `[${value.slice(0, MOST).map(brackets).join(", ")}${value.length > MOST ? ", …" : ""}]`;
}
