/**
 * Back-propagation to look at, for any trace of the engine: `flow-view.tsx` is the whole, `graph.tsx` draws what `layout.ts` places,
 * `cells.tsx` shows numbers, `step-card.tsx` says what happens, `controls.tsx` goes from step to step, and `progress.ts` knows what
 * is there by then.
 */
export { FlowView } from "./flow-view.tsx";
