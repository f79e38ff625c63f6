/**
 * What the page knows and does, for all its parts: `store.ts` holds the state, its history and its link, and drives the training;
 * `want.ts` asks for views of it; `curve-data.ts` keeps what curves show.
 */
export { type Curves, extend, NO_CURVES } from "./curve-data.ts";
export { type Selection, type Shown, Store } from "./store.ts";
export { useView } from "./want.ts";
