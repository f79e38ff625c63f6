/** The site as a program serves it: `site.ts` finds it, `serve.ts` serves it, and `policy.ts` says what the page may do. */
export { type Served, serve } from "./serve.ts";
export { findSite } from "./site.ts";
