/**
 * Checks and explanations: the gradient checker (`gradcheck.ts`, with the finite differences in `differences.ts` and the
 * promotion to double precision in `promote.ts`); `explain`, which prints what a compiled program is; and `profile`, which
 * tells where its time goes (`outline.ts` lists the steps, `stopwatch.ts` times them, `peaks.ts` the machine).
 */
import "../compile/index.ts";

export { type ExplainOptions, explain } from "./explain.ts";
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
export { type GradcheckOptions, gradcheck } from "./gradcheck.ts";
export type { Peaks } from "./peaks.ts";
export { type ControlRow, type KernelRow, type KernelWork, Profile, type ProfileRow, profile } from "./profile.ts";
export { type GradcheckEntry, GradcheckReport } from "./report.ts";
