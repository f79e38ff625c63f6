/** A step for each batch, as optimizers go. */
import { compile, random, type Tensor, tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import type { Optimizer } from "chainrule/optim";
import { type TrainSteps, trainSteps } from "chainrule/train";
import type { Part } from "../../data/index.ts";
import type { State } from "../../state/index.ts";
import { type Network, regularizerOf } from "../network.ts";
import type { Course, NextStep } from "./course.ts";

/** What parts the keys of the orders from those of the first weights. */
export const ORDERS = 0x0de5;

export class Minibatches implements Course {
  readonly #size: number;
  readonly #optimizer: Optimizer;
  readonly #steps: TrainSteps;
  readonly #orderOf: (epoch: number) => Int32Array;
  #step = 0;
  /** The order of the epoch that has begun, and how many of its examples were seen. */
  #order: Int32Array;
  #epoch = 0;
  #seen = 0;

  constructor(state: State, { model }: Network, loss: Loss, { x, y, points }: Part, optimizer: Optimizer) {
    const regularizer = regularizerOf(state);
    this.#size = state.batch;
    this.#optimizer = optimizer;
    this.#steps = trainSteps(
      model,
      optimizer,
      (batch) => loss(model(batch.x), batch.y),
      { x, y },
      { ...(regularizer === undefined ? {} : { regularizer }) },
    );
    this.#orderOf = shuffler(state.seed, points.length);
    this.#order = this.#orderOf(0);
  }

  get step(): number {
    return this.#step;
  }

  get epoch(): number {
    return this.#epoch + this.#seen / this.#order.length;
  }

  get next(): NextStep {
    const kept = Object.entries(this.#steps.state).map(([name, { value }]) => [name, value] as const);
    return {
      rows: this.#order.slice(this.#seen, this.#seen + this.#size),
      rule: { optimizer: this.#optimizer, kept: Object.fromEntries(kept) },
    };
  }

  steps(count: number): undefined {
    for (let left = count; left > 0; ) left -= this.#inEpoch(left);
  }

  finishEpoch(): undefined {
    const epoch = this.#epoch;
    while (this.#epoch === epoch) this.#inEpoch(Number.POSITIVE_INFINITY);
  }

  /** What the optimizer keeps stays. */
  moved(): void {}

  /** Does up to `most` steps whose batches are of one size within the epoch; gives how many. */
  #inEpoch(most: number): number {
    const left = this.#order.length - this.#seen;
    const size = Math.min(this.#size, left);
    const steps = Math.min(most, Math.floor(left / size));
    const rows = this.#order.subarray(this.#seen, this.#seen + steps * size);
    this.#steps(tensor(rows, { dtype: "int32", shape: [steps, size] }));
    this.#step += steps;
    this.#seen += steps * size;
    if (this.#seen === this.#order.length) {
      this.#epoch++;
      this.#seen = 0;
      this.#order = this.#orderOf(this.#epoch);
    }
    return steps;
  }
}

/** The orders of the epochs: each depends on the seed and its number alone. */
function shuffler(seed: number, count: number): (epoch: number) => Int32Array {
  const key = random.foldIn(random.key(seed), ORDERS);
  const permutation = compile((epoch: Tensor) => random.permutation(random.foldIn(key, epoch), count));
  return (epoch) => permutation(tensor(epoch, { dtype: "int32" })).dataSync() as Int32Array;
}
