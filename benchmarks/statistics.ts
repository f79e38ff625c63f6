/** What is computed from measured times and from the numbers that contenders report to show that they did the same. */

/** The value in the middle, the mean of the two in the middle for an even count; NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The p-quantile, linear between the order statistics (type 7 of R. J. Hyndman and Y. Fan, 1996). */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  /** The distance between the quartiles over the median: how noisy the machine was; NaN for one value. */
  readonly spread: number;
}

export function summarize(values: readonly number[]): Summary {
  const middle = median(values);
  return {
    median: middle,
    min: values.length === 0 ? Number.NaN : Math.min(...values),
    spread: values.length > 1 ? (quantile(values, 0.75) - quantile(values, 0.25)) / middle : Number.NaN,
  };
}

/**
 * How many times the time of `b` it is that `a` takes: the median of the ratios of the rounds. Both were measured right
 * after one another in each round, so that what slows the machine down for a while hits both and cancels.
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): number {
  const rounds = Math.min(a.length, b.length);
  return median(Array.from({ length: rounds }, (_, i) => (a[i] as number) / (b[i] as number)));
}

/** The numbers that a contender reports after each step, or after the only one; slow ones do fewer steps. */
export type Trace = readonly (readonly number[])[];

export const TOLERANCE = 1e-3;

/**
 * Whether two contenders did the same: their numbers agree after the last step that both did, to 10⁻³ of the larger of
 * 1 and the number itself.
 */
export function agree(a: Trace, b: Trace): boolean {
  const last = Math.min(a.length, b.length) - 1;
  const [x, y] = [a[last], b[last]];
  if (x === undefined || y === undefined || x.length !== y.length) return false;
  return x.every((value, i) => Math.abs(value - (y[i] as number)) <= TOLERANCE * Math.max(1, Math.abs(value)));
}

export interface Traced {
  readonly name: string;
  /** Variants of one library have one vote. */
  readonly library: string;
  readonly trace: Trace;
}

/**
 * The contenders with which more than half of the other libraries disagree. Those with a shorter trace have no vote
 * while there are others: agreement over the first steps says little. One that is alone has nothing to disagree with.
 */
export function outliers(contenders: readonly Traced[]): Set<string> {
  const found = new Set<string>();
  for (const own of contenders) {
    const others = contenders.filter(({ library }) => library !== own.library);
    const long = others.filter(({ trace }) => trace.length >= own.trace.length);
    const votes = new Map<string, boolean>();
    for (const other of long.length > 0 ? long : others) {
      votes.set(other.library, (votes.get(other.library) ?? true) && agree(own.trace, other.trace));
    }
    const against = [...votes.values()].filter((agreed) => !agreed).length;
    if (against > votes.size / 2) found.add(own.name);
  }
  return found;
}
