/**
 * The equations of a network: `outline.ts` looks at its layers, `network.ts` writes their forward and backward equations,
 * `activations.ts` and `losses.ts` know the derivatives of those that have names, and `terms.ts` sets them as text or LaTeX;
 * `network-flow.ts` gives them with the quantities and what flows between these.
 */
export { type EquationOptions, explainModel } from "./explain-model.ts";
export {
  type NetworkEdge,
  type NetworkFlow,
  type NetworkFlowOptions,
  networkFlow,
  type Quantity,
} from "./network-flow.ts";
export type { Equation, Term } from "./terms.ts";
