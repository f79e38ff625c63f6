/** Numbers as people read them. */

/** 12345 → "12,345"; with a noun, "1 epoch", "2 epochs" */
export function count(n: number, noun?: string): string {
  const number = n.toLocaleString("en-US");
  return noun === undefined ? number : `${number} ${noun}${n === 1 ? "" : "s"}`;
}

/** 0.98765 → "98.77 %" */
export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;
