/** Numbers and names as people read them. */

/** A name out of a file: on one line, without marks that steer what stands beside it, and cut if it is long. */
export function label(text: string, longest = 40): string {
  const line = text
    .slice(0, 4 * longest)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/g, " ");
  return line.length <= longest && text.length <= 4 * longest
    ? line
    : `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** To some significant digits: 5.8433, 1,797, −0.25. */
export const figure = (x: number, digits = 5): string =>
  x.toLocaleString("en-US", { maximumSignificantDigits: digits }).replace(/^-/, "−");

export const count = (n: number, what: string): string => `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;

export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  return bytes < 1e6 ? `${figure(bytes / 1e3, 3)} kB` : `${figure(bytes / 1e6, 3)} MB`;
}

export const percent = (share: number): string => `${(100 * share).toFixed(share === 1 ? 0 : 1)} %`;
