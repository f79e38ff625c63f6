/** Curves of a training that grows without end, in bounded memory. */
import type { Snapshot } from "../engine/index.ts";

/** Never changed; not readonly, since that is how charts take them. */
export type Column = (number | null)[];

/** Some curves over the same positions. */
export interface Grown {
  readonly positions: number[];
  readonly columns: readonly Column[];
  /** Rows that are left out after each that is kept. */
  readonly skip: number;
  /** Left out since the last that is kept. */
  readonly skipped: number;
}

/** More than a chart has pixels. */
const MOST = 1000;

export const begun = (columns: number): Grown => ({
  positions: [],
  columns: Array.from({ length: columns }, () => []),
  skip: 0,
  skipped: 0,
});

/** With one row more; when there are too many, every other is dropped, and from then on as many are left out. */
export function grow(grown: Grown, position: number, values: readonly (number | undefined)[]): Grown {
  const { positions, columns, skip, skipped } = grown;
  if (position === positions.at(-1)) return grown;
  if (skipped < skip) return { ...grown, skipped: skipped + 1 };
  const thin = positions.length >= MOST;
  const add = <T>(column: readonly T[], value: T): T[] => [
    ...(thin ? column.filter((_, i) => i % 2 === 0) : column),
    value,
  ];
  return {
    positions: add(positions, position),
    columns: columns.map((column, i) => add(column, drawable(values[i]))),
    skip: thin ? 2 * skip + 1 : skip,
    skipped: 0,
  };
}

const drawable = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** What is drawn of one training, by its steps. */
export interface Curves {
  readonly step: number[];
  readonly trainingLoss: Column;
  readonly testLoss: Column;
  readonly trainingAccuracy: Column;
  readonly testAccuracy: Column;
  readonly grown: Grown;
}

const curvesOf = (grown: Grown): Curves => {
  const [trainingLoss, testLoss, trainingAccuracy, testAccuracy] = grown.columns as [Column, Column, Column, Column];
  return { step: grown.positions, trainingLoss, testLoss, trainingAccuracy, testAccuracy, grown };
};

export const NO_CURVES: Curves = curvesOf(begun(4));

/** With one snapshot more. */
export const extend = ({ grown }: Curves, { step, training, test }: Snapshot): Curves =>
  curvesOf(grow(grown, step, [training.loss, test?.loss, training.accuracy, test?.accuracy]));
