/** What a curve of loss by learning rate suggests. */

/**
 * Learning rates, each by a rule of its own. The first three are `steep`, `minimum` and `valley` of fastai 2
 * (fastai/callback/schedule.py), and as in its `lr_find` all look at the curve without its first tenth, where the mean is of few
 * batches, and its last five points, where the smoothed loss lags behind one that already rises.
 */
export interface RateSuggestions {
  /**
   * Where the loss falls most steeply by the logarithm of the rate, once a quarter of its fall is done and up to where it is least: a
   * safe choice. (fastai looks before that as well, where a jump of a noisy curve may be steeper, and behind it, where a loss that has
   * exploded falls again.)
   */
  readonly steepest: number;
  /** A tenth of the rate at which the loss is least: there it is about to rise, one decade before it learns fast. */
  readonly tenthOfMinimum: number;
  /** In the middle of the longest fall, by the number of points: what fastai chooses unless told otherwise. */
  readonly valley: number;
  /**
   * The ends of a cycle (L. N. Smith): from where the loss stays down by 5 % of its whole fall to where it is least.
   */
  readonly cycle: { readonly low: number; readonly high: number };
}

/** The share of the fall of the loss from which it counts as falling. */
const BEGUN = 0.05;
/** The share from which on it is no noise. */
const UNDER_WAY = 0.25;
/** A fall by less than this share of the loss is the noise of minibatches. */
const NOTHING = 0.01;
/** Points that are left out at the end, and the share of all steps at the beginning. */
const [LAST, FIRST] = [5, 0.1];

/**
 * undefined where the loss does not fall by 1 %. `losses` are smooth and finite.
 *
 * @param steps that were to be done; there are fewer points where the loss diverged before
 */
export function suggestRates(
  rates: readonly number[],
  losses: readonly number[],
  steps = losses.length,
): RateSuggestions | undefined {
  const [from, to] = [Math.floor(FIRST * steps), losses.length - LAST];
  // A curve that is too short, or falls nowhere else, is taken as it is.
  return (
    suggest(rates.slice(from, Math.max(from, to)), losses.slice(from, Math.max(from, to))) ?? suggest(rates, losses)
  );
}

function suggest(rates: readonly number[], losses: readonly number[]): RateSuggestions | undefined {
  if (losses.length < 2) return undefined;
  const [rate, loss] = [(i: number) => rates[i] as number, (i: number) => losses[i] as number];
  let least = 0;
  for (let i = 1; i < losses.length; i++) if (loss(i) < loss(least)) least = i;
  if (loss(0) - loss(least) <= NOTHING * Math.abs(loss(0))) return undefined;
  const slope = (i: number): number => (loss(i + 1) - loss(i)) / Math.log(rate(i + 1) / rate(i));
  const fallenBy = (share: number): number => loss(0) - share * (loss(0) - loss(least));
  let steepest = least - 1;
  for (let i = 0; i < least; i++) if (loss(i + 1) <= fallenBy(UNDER_WAY) && slope(i) < slope(steepest)) steepest = i;
  const begun = fallenBy(BEGUN);
  let low = least;
  while (low > 0 && loss(low - 1) <= begun) low--;
  return {
    steepest: rate(steepest),
    tenthOfMinimum: rate(least) / 10,
    valley: rate(valley(losses)),
    cycle: { low: rate(low), high: rate(least) },
  };
}

/**
 * `valley` of fastai 2: the longest decreasing subsequence of m points ends somewhere; half of the m points before that, in whole
 * thirds and sixths. Its points need not follow each other, so that noise does not end a fall.
 */
function valley(losses: readonly number[]): number {
  const longest = new Int32Array(losses.length).fill(1);
  let end = 0;
  for (let i = 1; i < losses.length; i++) {
    for (let j = 0; j < i; j++) {
      if ((losses[i] as number) < (losses[j] as number)) {
        longest[i] = Math.max(longest[i] as number, (longest[j] as number) + 1);
      }
    }
    if ((longest[i] as number) > (longest[end] as number)) end = i;
  }
  const start = end - (longest[end] as number);
  const third = (end - start) / 3;
  return Math.max(0, start + Math.floor(third) + Math.floor(third / 2));
}
