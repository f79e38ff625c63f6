/** What `checkData` finds in targets: their order, and classes that are rare. */
import type { Finding } from "./check.ts";
import { error, LEAST_ROWS, plural, share, warning } from "./finding.ts";
import { correlation, countsOf, ranks } from "./statistics.ts";
import type { Target } from "./table.ts";

/** Standard deviations below what a random order gives. One in 3.5 million random orders is beyond. */
const TOO_ORDERED = 5;

export function sortedTargets({ name, numbers, classes }: Target): Finding[] {
  const known = numbers.filter(Number.isFinite);
  if (known.length < LEAST_ROWS || countsOf(known).size < 2) return [];
  const order = known.map((_, i) => i);
  const sorted = classes === undefined ? Math.abs(correlation(order, ranks(known))) > 0.9 : tooFewRuns(known);
  if (!sorted) return [];
  const message = `The rows are in the order of the target "${name}".`;
  const advice =
    'Batches and parts by position would each see one kind; shuffle (fit does), and split by "random" or "stratified".';
  return [warning("sorted", [name], message, advice)];
}

/** The runs test for several kinds (D. E. Barton and F. N. David, "Multiple runs", 1957). */
function tooFewRuns(labels: Float64Array): boolean {
  const n = labels.length;
  const counts = [...countsOf(labels).values()];
  const [s2, s3] = [2, 3].map((power) => counts.reduce((sum, c) => sum + c ** power, 0)) as [number, number];
  const runs = labels.reduce((sum, label, i) => sum + Number(i === 0 || label !== labels[i - 1]), 0);
  const expected = (n * (n + 1) - s2) / n;
  const variance = (s2 * (s2 + n * (n + 1)) - 2 * n * s3 - n ** 3) / (n * n * (n - 1));
  return runs < expected - TOO_ORDERED * Math.sqrt(Math.max(0, variance)) || (runs === counts.length && n >= 4 * runs);
}

/** A class ten times rarer than another is mostly ignored by a loss that counts examples. */
const RARE = 1 / 10;

export function imbalance({ name, numbers, classes }: Target): Finding[] {
  const counts = [...countsOf(numbers.filter(Number.isFinite))].sort(([, a], [, b]) => a - b);
  const [[rarest, few] = [0, 0], [, many] = [0, 0]] = [counts[0], counts.at(-1)];
  const nameOf = (value: number): string => classes?.[value] ?? String(value);
  if (counts.length === 1 && many === numbers.length) {
    const message = `The target "${name}" has one value only, ${nameOf(rarest)}.`;
    return [error("constant", [name], message, "There is nothing to learn; look whether rows were lost.")];
  }
  if (classes !== undefined && many === 1 && numbers.length >= LEAST_ROWS) {
    const message = `The target "${name}" has another class in each row, such as "${nameOf(rarest)}".`;
    return [
      error("imbalance", [name], message, "A class is learnt from its examples; if these are numbers, write them so."),
    ];
  }
  if (classes === undefined || counts.length < 2 || few >= RARE * many) return [];
  const message =
    `Class "${nameOf(rarest)}" of "${name}" has ${plural(few, "example")}, the largest has ${many}: ` +
    `always saying that one is right on ${share(many, numbers.length)}.`;
  const advice = "Use classWeights, stratified splits, and f1 or auc in place of accuracy.";
  return [warning("imbalance", [name], message, advice)];
}
