/** What a curve of loss by learning rate suggests. */

/** Learning rates, each by a rule of its own. */
export interface RateSuggestions {
  /**
   * Where the loss falls most steeply by the logarithm of the rate: a safe choice. The first tenth of the curve, where the mean
   * is of few batches, is left out, as fastai does.
   */
  readonly steepest: number;
  /** A tenth of the rate at which the loss is least: there it is about to rise, one decade before it learns fast. */
  readonly tenthOfMinimum: number;
  /** Half-way between a third and two thirds down the longest stretch on which the loss falls, as fastai 2 chooses by default. */
  readonly valley: number;
  /**
   * The ends of a cycle (L. N. Smith): from where the loss stays down by 5 % of its whole fall to where it is least.
   */
  readonly cycle: { readonly low: number; readonly high: number };
}

/** The share of the fall of the loss from which it counts as falling. */
const BEGUN = 0.05;
/** A fall by less than this share is float32 rounding. */
const NOTHING = 1e-6;

/** undefined where the loss does not fall. `losses` are smooth and finite. */
export function suggestRates(rates: ArrayLike<number>, losses: ArrayLike<number>): RateSuggestions | undefined {
  const [rate, loss] = [(i: number) => rates[i] as number, (i: number) => losses[i] as number];
  let least = 0;
  for (let i = 1; i < losses.length; i++) if (loss(i) < loss(least)) least = i;
  if (loss(0) - loss(least) <= NOTHING * Math.abs(loss(0))) return undefined;
  const slope = (i: number): number => (loss(i + 1) - loss(i)) / Math.log(rate(i + 1) / rate(i));
  let steepest = Math.min(losses.length - 2, Math.floor(losses.length / 10));
  for (let i = steepest + 1; i < losses.length - 1; i++) if (slope(i) < slope(steepest)) steepest = i;
  const begun = loss(0) - BEGUN * (loss(0) - loss(least));
  let low = least;
  while (low > 0 && loss(low - 1) <= begun) low--;
  return {
    steepest: rate(steepest),
    tenthOfMinimum: rate(least) / 10,
    valley: rate(valley(losses)),
    cycle: { low: rate(low), high: rate(least) },
  };
}

/** `valley` of fastai 2 (fastai/callback/schedule.py): in the middle of the longest decreasing subsequence, a little to the left. */
function valley(losses: ArrayLike<number>): number {
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
