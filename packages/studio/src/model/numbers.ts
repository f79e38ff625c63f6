/** Numbers as the page writes them. */
import { scientific } from "../ui/index.ts";

/** To four significant digits. */
export function figure(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "no number" : x < 0 ? "−∞" : "∞";
  const size = Math.abs(x);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e9)
      ? scientific(x, 3)
      : x.toLocaleString("en", { maximumSignificantDigits: digits });
  return text.replace(/^-/, "−");
}

export function percent(share: number): string {
  if (!Number.isFinite(share)) return "no number";
  const hundredths = 100 * share;
  return `${hundredths > 0 && hundredths < 0.1 ? "< 0.1" : hundredths.toFixed(hundredths > 99.95 ? 0 : 1)} %`;
}
