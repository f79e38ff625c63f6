/** What `checkData` looks for. Each function gives its findings; limits are stated with the reason for them. */
import type { Finding } from "./check.ts";
import type { Column, Table } from "./table.ts";

/** Fewer rows say nothing about order, identifiers and leaks. */
const LEAST_ROWS = 10;

const quoted = (columns: readonly { readonly name: string }[]): string =>
  columns.map(({ name }) => `"${name}"`).join(", ");
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Of the finite values. */
function statistics({ numbers }: Column): Statistics {
  const finite = numbers.filter(Number.isFinite);
  const mean = finite.reduce((sum, v) => sum + v, 0) / finite.length;
  const squares = finite.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of finite) [least, most] = [Math.min(least, v), Math.max(most, v)];
  return { count: finite.length, mean, deviation: Math.sqrt(squares / finite.length), least, most };
}

const varies = (column: Column): boolean => {
  const { least, most } = statistics(column);
  return most > least;
};

export function nonNumbers({ columns, target }: Table): Finding[] {
  const rows = target.numbers.length;
  const found = columns.flatMap((column): Finding[] => {
    const { name, missing, words, numbers } = column;
    const infinite = Array.from(numbers.keys()).filter(
      (row) => Math.abs(numbers[row] as number) === Number.POSITIVE_INFINITY,
    );
    const about = (kind: Finding["kind"], message: string, advice: string): Finding => ({
      kind,
      severity: "error",
      columns: [name],
      message,
      advice,
    });
    return [
      ...(missing.length === 0
        ? []
        : [
            about(
              "missing",
              `"${name}" has no value in ${plural(missing.length, "row")} (${share(missing.length, rows)}; first: row ${missing[0]}).`,
              "Fill in the mean or the median of the training part, or drop these rows.",
            ),
          ]),
      ...(words.length === 0
        ? []
        : [
            about(
              "text",
              `"${name}" holds ${JSON.stringify(words[0]?.text)} in row ${words[0]?.row}, and words in ${plural(words.length, "row")}, among numbers.`,
              "Correct them, mark them as missing, or encode the column as categories.",
            ),
          ]),
      ...(infinite.length === 0
        ? []
        : [
            about(
              "infinite",
              `"${name}" is infinite in ${plural(infinite.length, "row")} (first: row ${infinite[0]}).`,
              "Look where it comes from, a division by zero or a logarithm of zero; correct or drop it.",
            ),
          ]),
    ];
  });
  const lost = target.numbers.findIndex((v) => !Number.isFinite(v));
  if (lost < 0) return found;
  const message = `The target "${target.name}" is ${target.numbers[lost]} in row ${lost}.`;
  return [
    ...found,
    {
      kind: "missing",
      severity: "error",
      columns: [target.name],
      message,
      advice: "Rows without a target cannot be learnt from; drop them.",
    },
  ];
}

export const constants = ({ columns }: Table): Finding[] =>
  columns
    .filter((column) => statistics(column).count > 0 && !varies(column))
    .map((column) => ({
      kind: "constant",
      severity: "warning",
      columns: [column.name],
      message: `"${column.name}" has one value only, ${statistics(column).least}.`,
      advice: "It tells nothing; drop it.",
    }));

/** The correlation coefficient of K. Pearson over the rows in which both are finite. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [n, sa, sb] = [0, 0, 0];
  const both = (i: number): boolean => Number.isFinite(a[i]) && Number.isFinite(b[i]);
  for (let i = 0; i < a.length; i++) if (both(i)) [n, sa, sb] = [n + 1, sa + (a[i] as number), sb + (b[i] as number)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!both(i)) continue;
    const [x, y] = [(a[i] as number) - sa / n, (b[i] as number) - sb / n];
    [ab, aa, bb] = [ab + x * y, aa + x * x, bb + y * y];
  }
  return ab / Math.sqrt(aa * bb);
}

/** Float32 values of a column and of a multiple of it agree to about 10⁻⁷; chance does not come near. */
const COPIED = 1 - 1e-9;
/** Comparing all pairs of more columns takes too long. */
const MOST_COMPARED = 400;

export function duplicates({ columns, target }: Table): Finding[] {
  if (target.numbers.length < 3) return [];
  const candidates = columns.filter(varies).slice(0, MOST_COMPARED);
  const equal = (a: Column, b: Column): boolean => a.numbers.every((v, i) => Object.is(v, b.numbers[i]));
  const copies = (a: Column, b: Column): boolean =>
    a.isText || b.isText ? a.isText && b.isText && equal(a, b) : Math.abs(correlation(a.numbers, b.numbers)) > COPIED;
  return candidates.flatMap((column, j) => {
    const original = candidates.slice(0, j).find((other) => copies(column, other));
    if (original === undefined) return [];
    const same = equal(column, original);
    return [
      {
        kind: "duplicate",
        severity: "warning",
        columns: [original.name, column.name],
        message: `"${column.name}" ${same ? "is the same as" : "is a linear function of"} "${original.name}".`,
        advice: "It adds nothing; drop one of them.",
      },
    ];
  });
}

/** Integers, each once, that only rise: a row number. */
export function identifiers({ columns, target }: Table): Finding[] {
  if (target.numbers.length < LEAST_ROWS) return [];
  const counts = ({ numbers, isText }: Column): boolean =>
    !isText && numbers.every((v, i) => Number.isInteger(v) && (i === 0 || v > (numbers[i - 1] as number)));
  return columns.filter(counts).map(({ name }) => ({
    kind: "identifier",
    severity: "warning",
    columns: [name],
    message: `"${name}" counts the rows.`,
    advice: "A model may learn the order of the file from it; drop it, unless it is a time.",
  }));
}

/** One learning rate suits columns whose deviations are alike; a factor of ten is no trouble, a hundred is. */
const SCALE_RATIO = 100;

export function scales({ columns }: Table): Finding[] {
  const known = columns
    .filter((column) => !column.isText && varies(column))
    .map((column) => ({ name: column.name, ...statistics(column) }));
  if (known.length === 0) return [];
  const byDeviation = known.toSorted((a, b) => a.deviation - b.deviation);
  const [smallest, largest] = [byDeviation[0], byDeviation.at(-1)] as [(typeof known)[number], (typeof known)[number]];
  const far = known.filter(({ mean, deviation }) => Math.abs(mean) > SCALE_RATIO * deviation);
  if (largest.deviation <= SCALE_RATIO * smallest.deviation && far.length === 0 && largest.deviation <= SCALE_RATIO)
    return [];
  const spread = `Standard deviations go from ${smallest.deviation.toPrecision(2)} ("${smallest.name}") to ${largest.deviation.toPrecision(2)} ("${largest.name}")`;
  const center =
    far.length === 0
      ? ""
      : `, and ${quoted(far)} ${far.length === 1 ? "lies" : "lie"} far from 0 for what ${far.length === 1 ? "it varies" : "they vary"}`;
  return [
    {
      kind: "scale",
      severity: "warning",
      columns: known.map(({ name }) => name),
      message: `${spread}${center}.`,
      advice: "Use standardize, fitted on the training part.",
    },
  ];
}

/** Standard deviations below what a random order gives. One in 3.5 million random orders is beyond. */
const TOO_ORDERED = 5;

export function sortedTargets({ target: { name, numbers, classes } }: Table): Finding[] {
  const n = numbers.length;
  if (n < LEAST_ROWS || new Set(numbers).size < 2 || !numbers.every(Number.isFinite)) return [];
  const sorted =
    classes === undefined
      ? Math.abs(
          correlation(
            numbers.map((_, i) => i),
            ranks(numbers),
          ),
        ) > 0.9
      : tooFewRuns(numbers);
  if (!sorted) return [];
  return [
    {
      kind: "sorted",
      severity: "warning",
      columns: [name],
      message: `The rows are in the order of the target "${name}".`,
      advice:
        'Batches and parts by position would each see one kind; shuffle (fit does), and split by "random" or "stratified".',
    },
  ];
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

function countsOf(labels: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Positions in ascending order, the mean of them for equal values. */
function ranks(numbers: Float64Array): Float64Array {
  const order = Array.from(numbers.keys()).sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
  const result = new Float64Array(numbers.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && numbers[order[to] as number] === numbers[order[from] as number]) to++;
    for (let i = from; i < to; i++) result[order[i] as number] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

/** A class ten times rarer than another is mostly ignored by a loss that counts examples. */
const RARE = 1 / 10;

export function imbalance({ target: { name, numbers, classes } }: Table): Finding[] {
  if (new Set(numbers).size === 1) {
    const only = classes === undefined ? numbers[0] : classes[numbers[0] as number];
    const message = `The target "${name}" has one value only, ${only}.`;
    const advice = "There is nothing to learn; look whether rows were lost.";
    return [{ kind: "constant", severity: "error", columns: [name], message, advice }];
  }
  if (classes === undefined) return [];
  const counts = [...countsOf(numbers)].sort(([, a], [, b]) => a - b);
  const [[rarest, few] = [0, 0], [, many] = [0, 0]] = [counts[0], counts.at(-1)];
  if (counts.length < 2 || few >= RARE * many) return [];
  return [
    {
      kind: "imbalance",
      severity: "warning",
      columns: [name],
      message: `Class "${classes[rarest] ?? rarest}" of "${name}" has ${plural(few, "example")}, the largest has ${many}: always saying that one is right on ${share(many, numbers.length)}.`,
      advice: "Use classWeights, stratified splits, and f1 or auc in place of accuracy.",
    },
  ];
}

/** A column that alone gives the target away: no real measurement is that good. */
const KNOWS = 0.9995;

export function leaks({ columns, target }: Table): Finding[] {
  const n = target.numbers.length;
  if (n < LEAST_ROWS || new Set(target.numbers).size < 2) return [];
  const knows = target.classes === undefined ? knowsValue : knowsClass;
  return columns
    .filter((column) => varies(column) && knows(column, target.numbers))
    .map(({ name }) => ({
      kind: "leak",
      severity: "warning",
      columns: [name],
      message: `"${name}" alone gives the target "${target.name}" away.`,
      advice: "Ask whether it is known at the time of prediction; if it is made from the target, drop it.",
    }));
}

const knowsValue = ({ numbers, isText }: Column, target: Float64Array): boolean =>
  !isText &&
  (Math.abs(correlation(numbers, target)) > KNOWS || Math.abs(correlation(ranks(numbers), ranks(target))) > KNOWS);

/** Each value, or each stretch of values, belongs to one class. Chance is ruled out by a few examples for each stretch. */
function knowsClass({ numbers, isText }: Column, labels: Float64Array): boolean {
  const classes = new Set(labels).size;
  const byValue = new Map<number, Set<number>>();
  for (const [i, v] of numbers.entries()) byValue.set(v, (byValue.get(v) ?? new Set()).add(labels[i] as number));
  const pure = [...byValue.values()].every((set) => set.size === 1);
  if (!pure) return false;
  if (byValue.size <= numbers.length / 5) return true;
  if (isText) return false;
  const order = [...byValue].sort(([a], [b]) => a - b).map(([, set]) => [...set][0]);
  const stretches = order.reduce<number>((sum, label, i) => sum + Number(i === 0 || label !== order[i - 1]), 0);
  return stretches === classes && numbers.length >= LEAST_ROWS * classes;
}
