/** How well a share is known that was counted on a few rows. */

/** From … to. */
export type Interval = readonly [from: number, to: number];

/** The 0.975 quantile of the normal distribution, for 95 % between both ends. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of a share of which `right` of `count` were seen: E. B. Wilson, "Probable inference, the law of succession,
 * and statistical inference", 1927. It stays between 0 and 1 and is not empty where all are right.
 */
export function wilson(right: number, count: number): Interval {
  const share = right / count;
  const square = Z * Z;
  const center = (share + square / (2 * count)) / (1 + square / count);
  const half = (Z * Math.sqrt((share * (1 - share)) / count + square / (4 * count * count))) / (1 + square / count);
  return [right === 0 ? 0 : center - half, right === count ? 1 : center + half];
}
