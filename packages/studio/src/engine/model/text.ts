/** Numbers and names as people read them. */
import { figure } from "../../state/index.ts";

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

export const count = (n: number, what: string): string => `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;

export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, "byte");
  return bytes < 1e6 ? `${figure(bytes / 1e3, 3)} kB` : `${figure(bytes / 1e6, 3)} MB`;
}
