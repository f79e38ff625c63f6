/**
 * The equations of a network: `outline.ts` looks at its layers, `network.ts` writes their forward and backward equations,
 * `activations.ts` and `losses.ts` know the derivatives of those that have names, and `terms.ts` sets them as text or LaTeX.
 */
export { type EquationOptions, explainModel } from "./explain-model.ts";
