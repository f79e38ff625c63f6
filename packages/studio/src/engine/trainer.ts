/** A network in training: what the worker owns, and what runs in Node alike. */
import { compile, type Tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import { type Examples, examplesOf, type Part, whyNone } from "../data/index.ts";
import { isRegression, Refusal, type State, weightIndex, widthsOf } from "../state/index.ts";
import { type Course, courseOf, type NextStep } from "./courses/index.ts";
import { Path } from "./landscape/index.ts";
import { getWeights, lossOf, type Network, networkOf, readOutputs, setWeights } from "./network.ts";
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

/** A weight that was set by hand after so many steps. */
export interface Edit {
  readonly step: number;
  readonly layer: number;
  /** −1 for the bias. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

export class Trainer {
  readonly state: State;
  readonly examples: Examples;
  readonly network: Network;
  /** Of raw outputs. */
  readonly loss: Loss;
  /** Where the weights were after each `advance`. */
  readonly path: Path;
  readonly #training: Part;
  readonly #course: Course;
  readonly #score: (part: Part) => Score;
  /** The last of each weight between two steps, in order. */
  #edits: readonly Edit[] = [];
  /** Views that were asked for, ready to be asked again. */
  readonly #views = new Map<ViewName, (asked: never) => unknown>();

  /** @throws Refusal if there is nothing to learn from, or too much for the optimizer */
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
    this.path = new Path(this.weights);
    this.#course = courseOf(state, this.network, loss, training);
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

  /** Updates done. */
  get step(): number {
    return this.#course.step;
  }

  get weights(): Float32Array {
    return getWeights(this.network.layers);
  }

  /** The step that `advance({ steps: 1 })` does next. */
  get next(): NextStep {
    return this.#course.next;
  }

  get edits(): readonly Edit[] {
    return this.#edits;
  }

  /** Sets one weight; from −1 is the bias. What an optimizer keeps stays. */
  setWeight(layer: number, from: number, to: number, value: number): void {
    const widths = widthsOf(this.state);
    const all = this.weights;
    all[weightIndex(widths, layer, from, to)] = value;
    setWeights(this.network.layers, all);
    const edit: Edit = { step: this.step, layer, from, to, value };
    const same = (other: Edit): boolean =>
      other.step === edit.step && other.layer === layer && other.from === from && other.to === to;
    this.#edits = [...this.#edits.filter((other) => !same(other)), edit];
    this.#course.moved();
    this.path.add(all);
  }

  /**
   * Trains on. Batch by batch it is done when this returns; by all examples at once, when the promise is kept.
   *
   * @param now a clock in milliseconds, for `milliseconds`
   */
  async advance(advance: Advance, now: () => number = () => performance.now()): Promise<void> {
    const before = this.#course.step;
    await this.#advance(advance, now);
    if (this.#course.step !== before) this.path.add(this.weights);
  }

  async #advance(advance: Advance, now: () => number): Promise<void> {
    const course = this.#course;
    if ("steps" in advance) {
      await course.steps(advance.steps);
      return;
    }
    const until = "milliseconds" in advance ? now() + advance.milliseconds : 0;
    const enough = (done: number): boolean =>
      "epochs" in advance ? done >= advance.epochs : done > 0 && now() >= until;
    for (let done = 0; !enough(done) && course.end === undefined; done++) {
      const waiting = course.finishEpoch();
      if (waiting !== undefined) await waiting;
    }
  }

  snapshot(wanted: Wanted = {}): Snapshot {
    const { test } = this.examples;
    const training = this.#score(this.#training);
    return {
      step: this.#course.step,
      epoch: this.#course.epoch,
      training,
      test: test === undefined ? undefined : this.#score(test),
      diverged: !Number.isFinite(training.loss),
      end: this.#course.end,
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
