/** How weights get from step to step: batch by batch, or by all examples at once. `course.ts` says what both are. */
import type { Loss } from "chainrule/loss";
import type { Part } from "../../data/index.ts";
import type { State } from "../../state/index.ts";
import { methodOf, type Network, optimizerOf } from "../network.ts";
import type { Course } from "./course.ts";
import { FullBatch } from "./full-batch.ts";
import { Minibatches } from "./minibatches.ts";

export type { Course, NextStep } from "./course.ts";
export { ORDERS } from "./minibatches.ts";

/** @throws Refusal for a method that the network is too large for */
export function courseOf(state: State, network: Network, loss: Loss, training: Part): Course {
  const method = methodOf(state);
  if (method !== undefined) return new FullBatch(state, network, loss, training, method);
  return new Minibatches(state, network, loss, training, optimizerOf(state));
}
