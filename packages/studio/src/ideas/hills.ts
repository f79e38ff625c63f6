/** Walks down hills, as several ideas plan and check them. */
import { type State, searchesLines } from "../state/index.ts";
import type { Finding, HillPlan, NamedWalk, Seen } from "./idea.ts";

export const START = [-4, 1] as const;
export const REACH = [5, 2] as const;

/** What the visitor has set, as a walk; in place of methods that search along a line, plain descent. */
export const walkOf = ({ optimizer, rate, momentum, schedule, decaySteps }: State, name: string): NamedWalk => ({
  optimizer: searchesLines(optimizer) ? "sgd" : optimizer,
  rate,
  momentum,
  schedule,
  decaySteps,
  name,
});

/** One walk of a result: its losses, and where it ended. */
export interface Walked {
  readonly losses: Float32Array;
  readonly u: number;
  readonly v: number;
}

/** The walks of a plan, if those are there that the state asks for; they count once they were walked to the end. */
export const walked =
  (plan: HillPlan, look: (walks: readonly Walked[], seen: Seen) => Finding) =>
  (seen: Seen): Finding | undefined => {
    const { hill } = seen.results;
    if (hill === undefined || hill.hill !== plan.hill) return undefined;
    if (JSON.stringify(hill.of) !== JSON.stringify(plan.walks(seen.state))) return undefined;
    if (hill.until < plan.steps) return { met: false, said: `walked ${hill.until} of ${plan.steps} steps` };
    const walks = hill.descent.paths.map((path, i) => ({
      losses: hill.descent.losses[i] as Float32Array,
      u: path.at(-2) as number,
      v: path.at(-1) as number,
    }));
    return look(walks, seen);
  };

export const lastOf = ({ losses }: Walked): number => losses.at(-1) as number;
