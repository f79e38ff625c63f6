/** Numbers of any size, as they are read. */

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
  if (size >= -2 && size < Math.max(digits, 3)) return sign + Number(Math.abs(value).toPrecision(digits)).toString();
  return `${sign}${mantissa === "1" ? "" : `${mantissa}·`}${power(size)}`;
}
