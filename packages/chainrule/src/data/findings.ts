/** What `checkData` finds in columns as they are. Each function gives its findings; limits are stated with the reason for them. */
import type { Finding } from "./check.ts";
import { error, plural, quoted, share, warning } from "./finding.ts";
import { correlation, statistics, varies } from "./statistics.ts";
import type { Column, Table } from "./table.ts";

export function emptiness({ columns, length, target }: Table): Finding[] {
  if (length === 0) {
    return [error("empty", [], "There are no rows.", "There is nothing to learn from; look where they were lost.")];
  }
  if (columns.length > 0) return [];
  const beside = target === undefined ? "" : ` beside the target "${target.name}"`;
  return [error("empty", [], `There is no column${beside}.`, "A model learns nothing from it.")];
}

/** Targets can be neither filled in nor left out. */
const WITHOUT_TARGET = "Rows without a target cannot be learnt from; drop them.";

export function nonNumbers({ columns, target }: Table): Finding[] {
  const of = (column: Column): Finding[] => [...missing(column), ...words(column), ...infinite(column)];
  const ofTarget = (target === undefined ? [] : of(target.column)).map((found) => ({
    ...found,
    message: `The target ${found.message}`,
    advice: found.kind === "missing" ? WITHOUT_TARGET : found.advice,
  }));
  return [...columns.flatMap(of), ...ofTarget];
}

function missing({ name, missing: gone, numbers }: Column): Finding[] {
  const rows = numbers.length;
  if (gone.length === 0) return [];
  if (gone.length === rows) {
    return [
      error("missing", [name], `"${name}" has no value in any row.`, "There is nothing to fill in from; drop it."),
    ];
  }
  const advice =
    gone.length > rows / 2
      ? "Drop it, or fill it in and add a column that says where it was missing."
      : "Fill in the mean or the median of the training part, or drop these rows.";
  const where = `${plural(gone.length, "row")} (${share(gone.length, rows)}; first: row ${gone[0]})`;
  return [error("missing", [name], `"${name}" has no value in ${where}.`, advice)];
}

function words({ name, words: [first, ...others] }: Column): Finding[] {
  if (first === undefined) return [];
  const rows = plural(others.length + 1, "row");
  const message = `"${name}" holds ${JSON.stringify(first.text)} in row ${first.row}, and words in ${rows}, among numbers.`;
  return [error("text", [name], message, "Correct them, mark them as missing, or encode the column as categories.")];
}

function infinite({ name, numbers }: Column): Finding[] {
  const rows = Array.from(numbers.keys()).filter(
    (row) => Math.abs(numbers[row] as number) === Number.POSITIVE_INFINITY,
  );
  if (rows.length === 0) return [];
  const message = `"${name}" is infinite in ${plural(rows.length, "row")} (first: row ${rows[0]}).`;
  const advice = "Look where it comes from, a division by zero or a logarithm of zero; correct or drop it.";
  return [error("infinite", [name], message, advice)];
}

export const constants = ({ columns }: Table): Finding[] =>
  columns
    .filter((column) => statistics(column).count > 0 && !varies(column))
    .map((column) => {
      const { least } = statistics(column);
      const value = column.texts === undefined ? least : JSON.stringify(column.texts[least]);
      return warning(
        "constant",
        [column.name],
        `"${column.name}" has one value only, ${value}.`,
        "It tells nothing; drop it.",
      );
    });

/** Float32 values of a column and of a multiple of it agree to about 10⁻⁷; chance does not come near. */
const COPIED = 1 - 1e-9;
/** The same quantity in two units, each rounded to some hundred steps; different ones are never that close. */
const ROUNDED = 0.9999;
/** Comparing all pairs of more columns takes too long. */
const MOST_COMPARED = 400;
/** So many rows rule out most pairs. */
const FEW = 32;
/** Of so few rows rounding may be a larger part. */
const MAY_BE = 0.999;

export function duplicates({ columns, length }: Table): Finding[] {
  if (length < 3) return [];
  const candidates = columns.filter(varies).slice(0, MOST_COMPARED);
  // NaN where the first rows say nothing.
  const related = (a: Column, b: Column, rows?: number): number =>
    Math.abs(correlation(a.numbers.subarray(0, rows), b.numbers.subarray(0, rows)));
  const equal = (a: Column, b: Column): boolean => a.numbers.every((v, i) => Object.is(v, b.numbers[i]));
  const copies = (a: Column, b: Column): boolean =>
    a.texts !== undefined || b.texts !== undefined
      ? String(a.texts) === String(b.texts) && equal(a, b)
      : !(related(a, b, FEW) <= MAY_BE) && related(a, b) > ROUNDED;
  return candidates.flatMap((column, j) => {
    const original = candidates.slice(0, j).find((other) => copies(column, other));
    if (original === undefined) return [];
    const relation = equal(column, original)
      ? "is the same as"
      : related(column, original) > COPIED
        ? "is a linear function of"
        : "is, but for rounding, a linear function of";
    const message = `"${column.name}" ${relation} "${original.name}".`;
    return [warning("duplicate", [original.name, column.name], message, "It adds nothing; drop one of them.")];
  });
}

/** One learning rate suits columns whose deviations are alike; a factor of ten is no trouble, a hundred is. */
const SCALE_RATIO = 100;

export function scales({ columns }: Table): Finding[] {
  const known = columns
    .filter((column) => column.texts === undefined && varies(column))
    .map((column) => ({ name: column.name, ...statistics(column) }));
  if (known.length === 0) return [];
  const byDeviation = known.toSorted((a, b) => a.deviation - b.deviation);
  const [smallest, largest] = [byDeviation[0], byDeviation.at(-1)] as [(typeof known)[number], (typeof known)[number]];
  const far = known.filter(({ mean, deviation }) => Math.abs(mean) > SCALE_RATIO * deviation);
  if (largest.deviation <= SCALE_RATIO * smallest.deviation && far.length === 0 && largest.deviation <= SCALE_RATIO)
    return [];
  const size = (column: (typeof known)[number]): string => `${column.deviation.toPrecision(2)} ("${column.name}")`;
  const spread = `Standard deviations go from ${size(smallest)} to ${size(largest)}`;
  const names = quoted(far.map(({ name }) => name));
  const center =
    far.length === 0
      ? ""
      : `, and ${names} ${far.length === 1 ? "lies far from 0 for what it varies" : "lie far from 0 for what they vary"}`;
  const columnNames = known.map(({ name }) => name);
  return [warning("scale", columnNames, `${spread}${center}.`, "Use standardize, fitted on the training part.")];
}
