/** Curves of a training that grows without end, in bounded memory. */
import type { Snapshot } from "../engine/index.ts";

/** Never changed; not readonly, since that is how charts take them. */
type Column = (number | null)[];

export interface Curves {
  readonly step: number[];
  readonly trainingLoss: Column;
  readonly testLoss: Column;
  readonly trainingAccuracy: Column;
  readonly testAccuracy: Column;
  /** Snapshots that are left out after each that is kept. */
  readonly skip: number;
  /** Left out since the last that is kept. */
  readonly skipped: number;
}

export const NO_CURVES: Curves = {
  step: [],
  trainingLoss: [],
  testLoss: [],
  trainingAccuracy: [],
  testAccuracy: [],
  skip: 0,
  skipped: 0,
};

/** More than a chart has pixels. */
const MOST = 1000;

/** With one snapshot more; when there are too many, every other is dropped, and from then on as many are left out. */
export function extend(curves: Curves, { step, training, test }: Snapshot): Curves {
  if (step === curves.step.at(-1)) return curves;
  if (curves.skipped < curves.skip) return { ...curves, skipped: curves.skipped + 1 };
  const thin = curves.step.length >= MOST;
  const add = <T>(column: readonly T[], value: T): T[] => [
    ...(thin ? column.filter((_, i) => i % 2 === 0) : column),
    value,
  ];
  return {
    step: add(curves.step, step),
    trainingLoss: add(curves.trainingLoss, drawable(training.loss)),
    testLoss: add(curves.testLoss, drawable(test?.loss)),
    trainingAccuracy: add(curves.trainingAccuracy, drawable(training.accuracy)),
    testAccuracy: add(curves.testAccuracy, drawable(test?.accuracy)),
    skip: thin ? 2 * curves.skip + 1 : curves.skip,
    skipped: 0,
  };
}

const drawable = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;
