/** Numbers as they are read. */

/** Rounded to some significant digits: 0.25, −3, 1e−7. */
export const rounded = (value: number, digits: number): string =>
  String(Number(value.toPrecision(digits))).replaceAll("-", "−");

/** 97.5 %, 100 %, < 0.1 %. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return scientific(share);
  const hundredths = 100 * share;
  if (hundredths > 0 && hundredths < 0.1) return "< 0.1 %";
  if (hundredths > 99.9 && hundredths < 100) return "> 99.9 %";
  return `${hundredths.toFixed(hundredths === 100 ? 0 : 1)} %`;
}

/** 5.843, 1,797, −0.25, and with a power of ten where that is very small or large. @param digits that are significant */
export function figure(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (size !== 0 && !(size >= 1e-4 && size < 1e9)) return scientific(value, 3);
  return value.toLocaleString("en", { maximumSignificantDigits: digits }).replace("-", "−");
}

const SUPERSCRIPT = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/** 10⁻³ */
export const power = (exponent: number): string =>
  `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join("")}`;

/** 0.042, 1.3·10⁻⁷, −2.5·10⁹, 10⁻⁵. @param digits that are significant */
export function scientific(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa = "", exponent = "0"] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  const [sign, size] = [value < 0 ? "−" : "", Number(exponent)];
  if (size >= -2 && size < Math.max(digits, 3)) return rounded(value, digits);
  return `${sign}${mantissa === "1" ? "" : `${mantissa}·`}${power(size)}`;
}
