/** What a gradient check finds, as the page is told. */

/** A weight: layer 0 is the first hidden one, from −1 is the bias. */
export interface WeightPlace {
  readonly layer: number;
  readonly from: number;
  readonly to: number;
}

/** As the library names them: docs/gradient-checking.md. */
export type CheckVerdict = "right" | "kink" | "jump" | "unresolved" | "wrong";

export interface Compared {
  /** By back-propagation, in double precision. */
  readonly analytic: number;
  /** By differences: the best that can be made of them. */
  readonly numeric: number;
  /** How far they are apart, relative to the larger; what the differences cannot tell counts little. */
  readonly relativeError: number;
  readonly verdict: CheckVerdict;
}

export interface WeightCheck extends Compared {
  /** Updates done when it was checked. */
  readonly step: number;
  /** The training points whose mean loss it is: at most 500 of them. */
  readonly points: number;
  readonly weight: number;
  /** By forward mode, a third opinion. */
  readonly forward: number;
  /** The error that the differences may have. */
  readonly bound: number;
  /** The difference quotient with each step ε, largest first. */
  readonly curve: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly epsilon: number;
  /** (L(w + ε) − L(w − ε)) / 2ε in double precision, and how far it is from the derivative. */
  readonly quotient: number;
  readonly error: number;
  /** The same distance, computed in single precision. */
  readonly singleError: number;
  /** What theory expects: c·ε², and a bound for η/ε. */
  readonly truncation: number;
  readonly rounding: number;
}

export interface WholeCheck {
  readonly done: number;
  readonly total: number;
  /** Updates done when it began. */
  readonly step: number;
  /** The training points whose mean loss it is: at most 500 of them. */
  readonly points: number;
  readonly verdicts: Readonly<Record<CheckVerdict, number>>;
  /** The largest errors first. */
  readonly worst: readonly (WeightPlace & Compared)[];
}
