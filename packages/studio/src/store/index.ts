/**
 * What the page knows and does, for all its parts: `store.ts` holds the state, its history and its link, and drives the training;
 * `want.ts` asks for views of it; `curve-data.ts` keeps what curves show.
 */
export { begun, type Curves, extend, type Grown, grow, NO_CURVES } from "./curve-data.ts";
export { type Driven, type Shown, Store } from "./store.ts";
export { useView } from "./want.ts";
