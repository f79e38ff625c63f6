/**
 * `minimize` and its methods, which see the whole objective in every step: `problem.ts` makes a function of a tree one of a
 * vector, `method.ts` says what a method is, and each other file holds one, or what several of them need.
 */
export { gaussNewton } from "./gauss-newton.ts";
export { type LBFGSOptions, lbfgs } from "./lbfgs.ts";
export { type LevenbergMarquardtOptions, levenbergMarquardt } from "./levenberg-marquardt.ts";
export type { Method } from "./method.ts";
export {
  type IterationLog,
  type MinimizeOptions,
  type MinimizeStep,
  type Minimum,
  minimize,
  minimizeSteps,
} from "./minimize.ts";
export { newton } from "./newton.ts";
export { type TruncatedNewtonOptions, truncatedNewton } from "./truncated-newton.ts";
