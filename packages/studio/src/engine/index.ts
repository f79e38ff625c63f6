/**
 * Training, in a worker in the page and as it is in Node. `network.ts` makes the library's objects of a state, `trainer.ts`
 * trains them (`courses/`: batch by batch, or by all examples at once), `views/` shows what is in them, `flow/` goes through any
 * model step by step, `services/` answers the page's questions; `protocol.ts` says what page and worker tell each other;
 * `host.ts`, `worker.ts` and `client.ts` are its sides.
 *
 * This is the page's face of it, which must not import the library: the worker does, so that the page is there at once. What
 * runs in Node imports `trainer.ts`.
 */
export * from "./checks.ts";
export { type Client, startEngine } from "./client.ts";
export * from "./distributions.ts";
export type * from "./flow/trace.ts";
export * from "./ideas.ts";
export type * from "./model/types.ts";
export type { Answer, Asked, Kind, Reply, Request } from "./protocol.ts";
export * from "./snapshot.ts";
