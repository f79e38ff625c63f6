/**
 * Checks and explanations. The gradient checker: `gradcheck.ts`, which asks `checker.ts` for elements and directions; a
 * derivative by differences with the bound of its error is in `differences.ts`, what follows from it in `verdict.ts`.
 * `flow/` shows back-propagation and the flow graph, `equations/` writes a network's equations; `explain` is of these or of a
 * compiled program. `profile` tells where a program's time goes (`outline.ts` lists the steps, `stopwatch.ts` times them,
 * `peaks.ts` the machine).
 */
import "../compile/index.ts";

export type { EquationOptions } from "./equations/index.ts";
export type { ExplainOptions } from "./explain.ts";
export { explain } from "./explanation.ts";
export {
  type BackpropOptions,
  BackpropResult,
  backprop,
  FlowEdge,
  FlowGraph,
  FlowNode,
  flowGraph,
  type LayerJacobians,
  type LayerPass,
} from "./flow/index.ts";
export { type GradcheckOptions, type GradientOptions, gradcheck } from "./gradcheck.ts";
export type { Peaks } from "./peaks.ts";
export { type ControlRow, type KernelRow, type KernelWork, Profile, type ProfileRow, profile } from "./profile.ts";
export { type Comparison, type GradcheckEntry, GradcheckReport, type GradcheckSelection } from "./report.ts";
export { EpsilonSweep, type SweepRow } from "./sweep.ts";
export type { Verdict } from "./verdict.ts";
