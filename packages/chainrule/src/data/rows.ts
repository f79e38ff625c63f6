/** What `checkData` finds in the rows of a table: repeated ones, numbers that stand for no value, and too few of them. */
import type { Finding } from "./check.ts";
import { LEAST_ROWS, plural, share, warning } from "./finding.ts";
import { countsOf } from "./statistics.ts";
import type { Column, Table } from "./table.ts";

export function wide({ columns, length }: Table): Finding[] {
  if (length < LEAST_ROWS || columns.length <= length) return [];
  const message = `There are ${columns.length} columns for ${length} rows.`;
  const advice =
    "Some of them fit the target by chance; drop those that can have nothing to do with it, or get more rows.";
  return [warning("wide", [], message, advice)];
}

/** A code for "no value" comes often enough to spoil means; fewer are outliers, */
const LEAST_CODES = 5;
/** and in at least this share of the rows. */
const CODED = 0.01;
/** Fewer other values say nothing of where values lie. */
const LEAST_OTHERS = 10;
/** −9, −99, −999 … and 99, 999 …; −1 may be a value. */
const USUAL_CODE = /^-9+$|^99+$/;

export const codes = ({ columns }: Table): Finding[] => columns.flatMap((column) => codeOf(column));

/** A number farther from all others than these are from each other; a usual code may be as near as half of that. */
function codeOf({ name, numbers, texts }: Column): Finding[] {
  if (texts !== undefined) return [];
  const counts = countsOf(numbers.filter(Number.isFinite));
  const values = Float64Array.from(counts.keys()).sort();
  if (values.length <= LEAST_OTHERS) return [];
  const [first, second, beforeLast, last] = [values[0], values[1], values.at(-2), values.at(-1)] as [
    number,
    number,
    number,
    number,
  ];
  const isCode = (value: number, gap: number, spread: number): boolean => {
    const often = counts.get(value) as number;
    if (often < LEAST_CODES || often < CODED * numbers.length) return false;
    const isAlone = value < 0 && second >= 0;
    return gap > spread || (USUAL_CODE.test(String(value)) && (isAlone || gap > spread / 2));
  };
  const code = isCode(first, second - first, last - second)
    ? first
    : isCode(last, last - beforeLast, beforeLast - first)
      ? last
      : undefined;
  if (code === undefined) return [];
  const often = counts.get(code) as number;
  const [from, to] = code === first ? [second, last] : [first, beforeLast];
  const message =
    `"${name}" is ${code} in ${plural(often, "row")} (${share(often, numbers.length)}; first: row ${numbers.indexOf(code)}), ` +
    `and ${from} to ${to} in the others.`;
  return [warning("code", [name], message, "If it stands for no value, leave these cells empty.")];
}

/** A share of repeated rows that changes no result. */
const FEW_REPEATED = 0.02;
/** Coarse columns repeat rows by chance: so many times as many as that are more. */
const BY_CHANCE = 5;

export function repeated({ columns, length, target }: Table): Finding[] {
  const all = target === undefined ? columns : [...columns, target.column];
  if (length < LEAST_ROWS || all.length < 2 || all.some(({ words }) => words.length > 0)) return [];
  const [seen, copies] = [new Map<number, number>(), [] as [number, number][]];
  hashes(all, length).forEach((hash, row) => {
    const before = seen.get(hash);
    if (before === undefined) seen.set(hash, row);
    else copies.push([row, before]);
  });
  const [[row, original] = [0, 0]] = copies;
  if (copies.length <= Math.max(FEW_REPEATED * length, BY_CHANCE * expectedPairs(all, length))) return [];
  const message =
    `${plural(copies.length, "row")} (${share(copies.length, length)}) ${copies.length === 1 ? "is" : "are"} the same as one before, ` +
    `the first being row ${row}, a copy of row ${original}.`;
  const advice =
    "Rows held back are then known from those trained on, and results look better than they are. Leave the copies out, or keep them " +
    "on one side by a group.";
  return [warning("repeated", [], message, advice)];
}

/** Pairs of equal rows if columns had nothing to do with each other. */
function expectedPairs(columns: readonly Column[], length: number): number {
  let pairs = (length * (length - 1)) / 2;
  for (const { numbers } of columns) {
    let [same, known] = [0, 0];
    for (const count of countsOf(numbers).values()) [same, known] = [same + count ** 2, known + count];
    // What is missing is a value here.
    pairs *= (same + (length - known) ** 2) / length ** 2;
  }
  return pairs;
}

/** A number of 53 bits for each row, of the bits of its values: FNV-1a (G. Fowler, L. C. Noll, P. Vo) with two offsets. */
function hashes(columns: readonly Column[], length: number): Float64Array {
  const [a, b] = [new Uint32Array(length).fill(0x811c9dc5), new Uint32Array(length).fill(0x9747b28c)];
  for (const { numbers } of columns) {
    // −0 is 0, and there is one NaN.
    const bits = new Uint32Array(numbers.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0)).buffer);
    for (let row = 0; row < length; row++) {
      for (const word of [bits[2 * row] as number, bits[2 * row + 1] as number]) {
        a[row] = mixed(a[row] as number, word);
        b[row] = mixed(b[row] as number, word ^ 0x5bd1e995);
      }
    }
  }
  return Float64Array.from(a, (high, row) => (high & 0x1fffff) * 2 ** 32 + (b[row] as number));
}

function mixed(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
}
