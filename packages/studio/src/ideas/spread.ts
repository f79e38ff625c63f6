/** Bias and variance of networks that were trained on different draws. */
import { SPREAD_POINTS, truthAt } from "../engine/index.ts";
import type { Spread } from "./idea.ts";

export const SIZES = [1, 2, 3, 4, 6, 8] as const;
export const DRAWS = 24;
export const EXAMPLES = 15;
export const NOISE = 0.3;

/** Where curves are compared. */
export const PLACES: readonly number[] = Array.from({ length: SPREAD_POINTS }, (_, i) => i / (SPREAD_POINTS - 1));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const meanCurve = (curves: readonly Float32Array[]): number[] =>
  PLACES.map((_, i) => mean(curves.map((curve) => curve[i] as number)));

/** C. M. Bishop, "Pattern recognition and machine learning", 2006, eqs. 3.46 and 3.47. */
export function spreadOf(units: number, curves: readonly Float32Array[]): Spread {
  const middle = meanCurve(curves);
  return {
    units,
    bias: mean(PLACES.map((x, i) => ((middle[i] as number) - truthAt(x)) ** 2)),
    variance: mean(
      PLACES.map((_, i) => mean(curves.map((curve) => ((curve[i] as number) - (middle[i] as number)) ** 2))),
    ),
  };
}
