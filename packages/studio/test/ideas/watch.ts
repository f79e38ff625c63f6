/** Does in Node what a visitor of an idea does on the page. */
import { Host } from "../../src/engine/host.ts";
import type { Answer, Asked, Kind, Request } from "../../src/engine/index.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { IDEA } from "../../src/ideas/content/index.ts";
import { type Finding, lookAt, type Results, type Seen, type Step, settingsOf } from "../../src/ideas/idea.ts";
import { change, type IdeaName, INITIAL, type State } from "../../src/state/index.ts";
import { extend, NO_CURVES } from "../../src/store/curve-data.ts";

/** A step by the name of its idea and its number from 1. */
export function stepOf(idea: IdeaName, step: number): Step {
  const found = IDEA[idea].steps[step - 1];
  if (found === undefined) throw new RangeError(`${idea} has no step ${step}.`);
  return found;
}

/** "Show me", some changes, and so many rounds. */
export async function watch(
  step: Step,
  { changes = {}, epochs = 0 }: { changes?: Partial<State>; epochs?: number } = {},
): Promise<Seen> {
  const begun = change(INITIAL, settingsOf(step.show));
  const state = change(begun, changes);
  const trainer = new Trainer(state);
  let snapshot = trainer.snapshot();
  let curves = extend(NO_CURVES, snapshot);
  for (let epoch = 0; epoch < epochs; epoch++) {
    await trainer.advance({ epochs: 1 });
    snapshot = trainer.snapshot();
    curves = extend(curves, snapshot);
  }
  return { state, begun, snapshot, curves, results: {} };
}

export const find = async (step: Step, done: Parameters<typeof watch>[1] = {}): Promise<Finding | undefined> =>
  lookAt(step, await watch(step, done));

const host = new Host();

/** What the engine answers. */
export async function ask<K extends Kind>(kind: K, asked: Asked<K>): Promise<Answer<K>> {
  const { answer, reason } = await host.handle({ kind, asked } as Request<K>);
  if (answer === undefined) throw new Error(reason);
  return answer as Answer<K>;
}

/** "Show me", some changes, and what the experiment says then; of a walk, when it was walked so far. */
export async function experiment(
  step: Step,
  changes: Partial<State> = {},
  until = step.hill?.steps,
): Promise<Finding | undefined> {
  const seen = await watch(step, { changes });
  return lookAt(step, { ...seen, results: await resultsOf(step, seen.state, until) });
}

async function resultsOf({ panels, hill }: Step, state: State, until = 0): Promise<Results> {
  if (panels.includes("table"))
    return { table: { of: state.truth, network: await ask("boolean", { table: state.truth }) } };
  if (panels.includes("towers")) {
    const towers = await ask("towers", { heights: state.drawn, towers: state.towers });
    return { towers: { of: state.drawn, count: state.towers, towers } };
  }
  if (hill === undefined) return {};
  const walks = hill.walks(state);
  const descent = await ask("descent", { hill: hill.hill, start: hill.start, steps: hill.steps, walks });
  return { hill: { of: walks, hill: hill.hill, descent, until } };
}
