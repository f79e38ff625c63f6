/** A network in training: what the worker owns, and what runs in Node alike. */
import { compile, random, type Tensor, tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import { trainSteps } from "chainrule/train";
import { type Examples, examplesOf, type Part, whyNone } from "../data/index.ts";
import { isRegression, Refusal, type State, weightIndex, widthsOf } from "../state/index.ts";
import {
  getWeights,
  lossOf,
  type Network,
  networkOf,
  optimizerOf,
  readOutputs,
  regularizerOf,
  setWeights,
} from "./network.ts";
import {
  type Advance,
  decide,
  type Score,
  type Seen,
  type Snapshot,
  type ViewName,
  type Views,
  type Wanted,
} from "./snapshot.ts";
import { VIEWS } from "./views/index.ts";

export class Trainer {
  readonly state: State;
  readonly examples: Examples;
  readonly network: Network;
  /** Of raw outputs. */
  readonly loss: Loss;
  readonly #training: Part;
  readonly #steps: (order: Tensor) => unknown;
  readonly #orderOf: (epoch: number) => Int32Array;
  readonly #score: (part: Part) => Score;
  /** Views that were asked for, ready to be asked again. */
  readonly #views = new Map<ViewName, (asked: never) => unknown>();
  #step = 0;
  /** The order of the epoch that has begun, and how many of its examples were seen. */
  #order: Int32Array;
  #epoch = 0;
  #seen = 0;

  /** @throws Refusal if there is nothing to learn from */
  constructor(state: State) {
    this.state = state;
    this.examples = examplesOf(state);
    const { training } = this.examples;
    if (training === undefined) throw new Refusal(whyNone(state));
    this.#training = training;
    this.network = networkOf(state);
    const { model } = this.network;
    const loss = lossOf(state);
    this.loss = loss;
    const regularizer = regularizerOf(state);
    const { x, y } = training;
    this.#steps = trainSteps(
      model,
      optimizerOf(state),
      (batch) => loss(model(batch.x), batch.y),
      { x, y },
      {
        ...(regularizer === undefined ? {} : { regularizer }),
      },
    );
    this.#orderOf = shuffler(state.seed, training.points.length);
    this.#order = this.#orderOf(0);

    const evaluated = compile((part: { x: Tensor; y: Tensor }) => {
      const outputs = model(part.x);
      return { loss: loss(outputs, part.y), outputs: readOutputs(state, outputs) };
    });
    this.#score = (part) => {
      const result = evaluated({ x: part.x, y: part.y });
      const accuracy = isRegression(state) ? undefined : accuracyOf(result.outputs, part);
      return { loss: result.loss.itemSync(), accuracy };
    };
  }

  get weights(): Float32Array {
    return getWeights(this.network.layers);
  }

  /** Sets one weight; from −1 is the bias. What an optimizer keeps stays. */
  setWeight(layer: number, from: number, to: number, value: number): void {
    const widths = widthsOf(this.state);
    const all = this.weights;
    all[weightIndex(widths, layer, from, to)] = value;
    setWeights(this.network.layers, all);
  }

  /**
   * Trains on.
   *
   * @param now a clock in milliseconds, for `milliseconds`
   */
  advance(advance: Advance, now: () => number = () => performance.now()): void {
    if ("steps" in advance) {
      for (let left = advance.steps; left > 0; ) left -= this.#inEpoch(left);
      return;
    }
    if ("epochs" in advance) {
      for (let epoch = 0; epoch < advance.epochs; epoch++) this.#finishEpoch();
      return;
    }
    const until = now() + advance.milliseconds;
    do this.#finishEpoch();
    while (now() < until);
  }

  snapshot(wanted: Wanted = {}): Snapshot {
    const { test } = this.examples;
    const training = this.#score(this.#training);
    return {
      step: this.#step,
      epoch: this.#epoch + this.#seen / this.#order.length,
      training,
      test: test === undefined ? undefined : this.#score(test),
      diverged: !Number.isFinite(training.loss),
      weights: this.weights,
      views: this.#see(wanted),
    };
  }

  #see(wanted: Wanted): Seen {
    const see = <K extends ViewName>(name: K, asked: Views[K]["asked"]): Views[K]["seen"] => {
      const view = this.#views.get(name) ?? VIEWS[name](this);
      this.#views.set(name, view);
      return (view as (asked: Views[K]["asked"]) => Views[K]["seen"])(asked);
    };
    return Object.fromEntries(Object.entries(wanted).map(([name, asked]) => [name, see(name as ViewName, asked)]));
  }

  #finishEpoch(): void {
    const epoch = this.#epoch;
    while (this.#epoch === epoch) this.#inEpoch(Number.POSITIVE_INFINITY);
  }

  /** Does up to `most` steps whose batches are of one size within the epoch; gives how many. */
  #inEpoch(most: number): number {
    const left = this.#order.length - this.#seen;
    const size = Math.min(this.state.batch, left);
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
  const key = random.foldIn(random.key(seed), 0x0de5);
  const permutation = compile((epoch: Tensor) => random.permutation(random.foldIn(key, epoch), count));
  return (epoch) => permutation(tensor(epoch, { dtype: "int32" })).dataSync() as Int32Array;
}

/** The share of points whose most probable class is theirs. */
function accuracyOf(probabilities: Tensor, { points }: Part): number {
  const [numbers, width] = [probabilities.dataSync(), probabilities.shape[1] as number];
  let right = 0;
  points.forEach(([, , target], i) => {
    if (decide(numbers, i * width, 1, width) === target) right++;
  });
  return right / points.length;
}
