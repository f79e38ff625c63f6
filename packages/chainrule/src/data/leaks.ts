/** Columns that know the target: how well each alone predicts it, every row without its own help. */
import { key } from "../ops/composed/random.ts";
import type { Finding } from "./check.ts";
import { LEAST_ROWS, share, warning } from "./finding.ts";
import { identity, shuffle } from "./shuffle.ts";
import { correlation, countsOf, ranks, varies } from "./statistics.ts";
import type { Column, Table, Target } from "./table.ts";

/** A share of 98 % is known from so many rows to within 0.2 %, its standard deviation. */
const MOST_ROWS = 5000;

export function leaks({ columns }: Table, target: Target): Finding[] {
  const known = identity(target.numbers.length).filter((row) => Number.isFinite(target.numbers[row]));
  const rows = known.length > MOST_ROWS ? shuffle(known, key(0)).slice(0, MOST_ROWS) : known;
  if (rows.length < LEAST_ROWS) return [];
  const evidence = target.classes === undefined ? ofValue : ofClass(classRows(target.numbers, rows));
  const advice =
    "Ask whether it is known at the time of prediction. If it is made from the target, drop it; a measurement may be so good.";
  return columns.flatMap((column) => {
    const found = varies(column) || column.missing.length > 0 ? evidence(column, target.numbers, rows) : undefined;
    if (found === undefined) return [];
    return [
      warning(
        "leak",
        [column.name],
        `"${column.name}" looks like a leak of the target "${target.name}": ${found}.`,
        advice,
      ),
    ];
  });
}

/** What speaks against a column, or undefined. */
type Evidence = (column: Column, target: Float64Array, rows: Int32Array) => string | undefined;

/** A copy with noise of 6 % of its deviation. Measurements of different things are that close in physics alone. */
const CORRELATES = 0.998;
/** Ranks do not tell how far off a value is, so that what is only monotone must be closer. */
const KNOWS_ORDER = 0.9995;
/** Rows that may be other than the rest: labels that were altered, or corrected later. */
const ALTERED = 0.05;

/** A monotone function of the target, but for a few rows. */
const ofValue: Evidence = (column, target, rows) => {
  if (column.texts !== undefined) return undefined;
  const both = rows.filter((row) => Number.isFinite(column.numbers[row]));
  if (both.length < Math.max(LEAST_ROWS, rows.length / 2)) return undefined;
  const x = Float64Array.from(both, (row) => column.numbers[row] as number);
  const y = Float64Array.from(both, (row) => target[row] as number);
  const linear = Math.abs(correlation(x, y));
  if (linear > CORRELATES) return `their correlation is ${linear.toFixed(4)}`;
  const direction = Math.sign(correlation(ranks(x), ranks(y)));
  const [a, b] = [ranks(x), ranks(y.map((v) => direction * v))];
  const distances = a.map((rank, i) => Math.abs(rank - (b[i] as number)));
  const limit = distances.toSorted()[Math.ceil((1 - ALTERED) * distances.length) - 1] as number;
  const near = identity(both.length).filter((i) => (distances[i] as number) <= limit);
  const picked = (values: Float64Array): Float64Array => ranks(Float64Array.from(near, (i) => values[i] as number));
  const rank = correlation(picked(x), picked(y));
  if (!(Math.abs(rank) > KNOWS_ORDER)) return undefined;
  return `their rank correlation is ${rank.toFixed(4)}${near.length < both.length ? ` in ${share(near.length, both.length)} of the rows` : ""}`;
};

/** Classes with fewer rows could be told by chance, and more of them take too long. */
const LEAST_OF_CLASS = 5;
const MOST_CLASSES = 50;

interface Labels {
  /** By row: the number of the class among those that are looked at, or −1. */
  readonly of: Int32Array;
  /** How many rows each has. */
  readonly sizes: readonly number[];
}

function classRows(target: Float64Array, rows: Int32Array): Labels {
  const counts = countsOf(Float64Array.from(rows, (row) => target[row] as number));
  const large = [...counts].filter(([, n]) => n >= LEAST_OF_CLASS).sort(([, a], [, b]) => b - a);
  const kept = large.slice(0, MOST_CLASSES);
  const place = new Map(kept.map(([label], i) => [label, i]));
  const of = new Int32Array(target.length).fill(-1);
  for (const row of rows) of[row] = place.get(target[row] as number) ?? -1;
  return { of, sizes: kept.map(([, n]) => n) };
}

/**
 * A share of right predictions that single measurements rarely reach: petal width tells the three irises at 0.957, and a
 * concave outline the two tumours of the Wisconsin data at 0.91. A copy of which 2 % are altered reaches 0.98.
 */
const TELLS = 0.97;
/**
 * A lower one suffices where the exceptions lie alone among rows of another class, as altered labels do. Where two kinds
 * really overlap, many rows have neighbours of both: of the irises 21 %.
 */
const TELLS_CLEANLY = 0.95;
const CLEAN_ROWS = 0.9;
/** Neighbours are of one class if no more than one in seven is of another. */
const CLEAN = 0.85;

const ofClass =
  ({ of, sizes }: Labels): Evidence =>
  (column, _, rows) => {
    if (sizes.length < 2) return undefined;
    const { right, clean } = told(
      column,
      rows.filter((row) => of[row] !== -1),
      of,
      sizes,
    );
    if (right < TELLS && (right < TELLS_CLEANLY || clean < CLEAN_ROWS)) return undefined;
    return `from it alone the class is told in ${share(right, 1)} of the rows (the mean over classes)`;
  };

/** Rows on either side whose classes are asked. */
const SIDE = 5;

/** Rows with the same value, and how many of them are of each class. */
interface Stretch {
  readonly value: number;
  readonly rows: number;
  readonly counts: Float64Array;
}

/**
 * The class of each row by the vote of the others with its value, or, where these are few and values are numbers, of the
 * nearest ones too. A vote counts for as much as its class is rare, and classes count alike in the result.
 *
 * @returns the share of rows whose class wins, and of those whose voters are nearly all of one class
 */
function told(column: Column, rows: Int32Array, of: Int32Array, sizes: readonly number[]) {
  const stretches = stretchesOf(column.numbers, rows, of, sizes.length);
  let [right, clean] = [0, 0];
  stretches.forEach(({ counts }, at) => {
    const votes = column.texts === undefined ? withNeighbours(stretches, at) : counts;
    sizes.forEach((size, own) => {
      const there = counts[own] as number;
      if (there === 0) return;
      const weights = sizes.map((n, c) => ((votes[c] as number) - Number(c === own)) / n);
      const [sum, most] = [weights.reduce((a, b) => a + b, 0), Math.max(...weights)];
      if (sum <= 0) return;
      const winners = weights.filter((weight) => weight >= most * (1 - 1e-9)).length;
      const wins = (weights[own] as number) >= most * (1 - 1e-9);
      right += wins ? there / size / winners : 0;
      clean += most >= CLEAN * sum ? there / size : 0;
    });
  });
  return { right: right / sizes.length, clean: clean / sizes.length };
}

/** In ascending order; missing values are one stretch at the end. */
function stretchesOf(numbers: Float64Array, rows: Int32Array, of: Int32Array, classes: number): Stretch[] {
  const value = (row: number): number => numbers[row] as number;
  const order = Array.from(rows).sort((a, b) => {
    if (Number.isNaN(value(a)) || Number.isNaN(value(b)))
      return Number(Number.isNaN(value(a))) - Number(Number.isNaN(value(b)));
    return value(a) < value(b) ? -1 : Number(value(a) > value(b));
  });
  const stretches: { value: number; rows: number; counts: Float64Array }[] = [];
  for (const row of order) {
    let last = stretches.at(-1);
    // Missing values are one stretch: NaN is NaN here.
    if (last === undefined || !(last.value === value(row) || (Number.isNaN(last.value) && Number.isNaN(value(row))))) {
      last = { value: value(row), rows: 0, counts: new Float64Array(classes) };
      stretches.push(last);
    }
    last.rows++;
    last.counts[of[row] as number] = (last.counts[of[row] as number] as number) + 1;
  }
  return stretches;
}

function withNeighbours(stretches: readonly Stretch[], at: number): Float64Array {
  const { counts, rows, value } = stretches[at] as Stretch;
  const votes = counts.slice();
  if (rows > 2 * SIDE || Number.isNaN(value)) return votes;
  for (const step of [-1, 1]) {
    let wanted = SIDE;
    for (let j = at + step; wanted > 0; j += step) {
      const next = stretches[j];
      if (next === undefined || Number.isNaN(next.value)) break;
      const taken = Math.min(wanted, next.rows);
      // Of many rows with one value as many votes as are wanted, in proportion.
      for (let c = 0; c < votes.length; c++)
        votes[c] = (votes[c] as number) + ((next.counts[c] as number) * taken) / next.rows;
      wanted -= taken;
    }
  }
  return votes;
}
