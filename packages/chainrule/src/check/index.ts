/**
 * Checks and explanations: the gradient checker (`gradcheck.ts`, with the finite differences in `differences.ts` and the
 * promotion to double precision in `promote.ts`), and `explain`, which prints what a compiled program is.
 */
import "../compile/index.ts";

export { explain } from "../compile/index.ts";
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
export { type GradcheckEntry, GradcheckReport } from "./report.ts";
