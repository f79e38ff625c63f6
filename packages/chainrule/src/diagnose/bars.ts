/** Counts as bars of text. */

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of at most `width` characters, to an eighth of one; what is not 0 shows. */
export function bar(value: number, most: number, width: number): string {
  if (!(value > 0)) return "";
  const eighths = Math.max(1, Math.round((8 * width * value) / most));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] as string);
}

/** One line for each label, with a bar; the labels stand to the right. */
export function barChart(labels: readonly string[], values: readonly number[], width = 40): string {
  const longest = Math.max(...labels.map((label) => label.length));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return labels.map((label, i) => `${label.padStart(longest)} │${bar(values[i] as number, most, width)}`).join("\n");
}

const SHADES = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** One character for each number, as high as it is between the least and the greatest; blank where it is not finite. */
export function sparkline(values: ArrayLike<number>): string {
  const all = Array.from(values);
  const finite = all.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const height = (x: number): number => (most > least ? 1 + Math.round((7 * (x - least)) / (most - least)) : 1);
  return all.map((x) => SHADES[Number.isFinite(x) ? height(x) : 0]).join("");
}
