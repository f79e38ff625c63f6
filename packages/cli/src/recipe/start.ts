/** What training begins with, for looking at it before anything is trained. */
import type { Loss } from "chainrule/loss";
import { initialize, type Sequential } from "chainrule/nn";
import { l2, type Optimizer, type Regularizer, type ScheduleFunction } from "chainrule/optim";
import { optimizerOf } from "./makers.ts";
import { planFor } from "./plan.ts";
import { LOSSES, networkFor } from "./trainer.ts";
import type { Candidate, Problem, Settings } from "./types.ts";

/** A network as it is before the first step, and what the steps are made of. */
export interface Start extends Candidate {
  readonly network: Sequential;
  readonly loss: Loss;
  readonly regularizer: Regularizer;
  readonly optimizer: (rate: ScheduleFunction) => Optimizer;
  readonly optimizerName: string;
  readonly batchSize: number;
  /** The highest rate of the training. */
  readonly learningRate: number;
}

/** Of what is compared, the first network with the middle one of the penalties. */
export function startOf(problem: Problem, settings: Settings): Start {
  const plan = planFor(problem, settings);
  const { networks, penalties, optimizer, batchSize, learningRate } = plan;
  const hidden = networks[0] as readonly number[];
  const strength = penalties[Math.floor(penalties.length / 2)] as number;
  return {
    network: initialize(networkFor(problem, plan, hidden), { seed: settings.seed }),
    hidden,
    l2: strength,
    loss: LOSSES[problem.task],
    regularizer: l2(strength),
    optimizer: (rate) => optimizerOf(optimizer, rate),
    optimizerName: optimizer,
    batchSize,
    learningRate,
  };
}
