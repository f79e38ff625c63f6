/**
 * Training, in a worker in the page and as it is in Node. `network.ts` makes the library's objects of a state, `trainer.ts`
 * trains them, `protocol.ts` says what page and worker tell each other; `host.ts`, `worker.ts` and `client.ts` are its sides.
 */
export { type Client, startEngine } from "./client.ts";
export type { Reply, Request } from "./protocol.ts";
export type { Advance, Score, Snapshot } from "./snapshot.ts";
export { decide, SURFACE_SIDE, Trainer, UNIT_SIDE, weightIndex } from "./trainer.ts";
