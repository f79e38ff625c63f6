/**
 * The gradient check: `panel.tsx` is for one weight, `curve.tsx` its ε-curve, `whole.tsx` for all weights; `check.ts` asks the worker,
 * `words.ts` says what verdicts mean.
 */
export { GradientCheckPanel } from "./panel.tsx";
