/**
 * The first part of the studio. `store.ts` knows the state and drives the training, `app.tsx` is the page, and each panel is a
 * file; `network/` is the middle one; `words.ts` says what things are called.
 */
export { App } from "./app.tsx";
export { Store } from "./store.ts";
