/**
 * Checks and explanations. The gradient checker: `gradcheck.ts`, and `gradchecker.ts` for single elements, which ask
 * `checker.ts` for elements and directions of what `exact.ts` traced in double precision; a
 * derivative by differences with the bound of its error is in `differences.ts`, what follows from it in `verdict.ts`.
 * `flow/` shows back-propagation and the flow graph, `equations/` writes a network's equations, and `program/` tells what a
 * compiled program is made of and where its time goes; `explain` is of a model or of a program.
 */
import "../compile/index.ts";
import "../transform/index.ts";

export {
  type Equation,
  type EquationOptions,
  type NetworkEdge,
  type NetworkFlow,
  type NetworkFlowOptions,
  networkFlow,
  type Quantity,
  type Term,
} from "./equations/index.ts";
export { explain } from "./explain.ts";
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
export { Gradchecker, type GradcheckerOptions, gradchecker } from "./gradchecker.ts";
export {
  type ControlRow,
  type KernelRow,
  type KernelWork,
  type Peaks,
  Profile,
  type ProfileRow,
  type ProgramOptions,
  profile,
} from "./program/index.ts";
export { type Comparison, type GradcheckEntry, GradcheckReport, type GradcheckSelection } from "./report.ts";
export { EpsilonSweep, type SweepRow } from "./sweep.ts";
export type { Verdict } from "./verdict.ts";
