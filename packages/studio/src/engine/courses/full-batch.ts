/** A step from all examples at once, as Newton's method and L-BFGS go. */
import type { Tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import { functional, params } from "chainrule/nn";
import { type Method, minimizeSteps } from "chainrule/optim";
import type { Part } from "../../data/index.ts";
import { MOST_WEIGHTS_OF_NEWTON, Refusal, type State, weightCount } from "../../state/index.ts";
import { type Network, objectiveOf } from "../network.ts";
import type { End } from "../snapshot.ts";
import type { Course, NextStep } from "./course.ts";

type Weights = Record<string, Tensor>;

/** An iteration is a step and an epoch. In double precision; what the network has is rounded. */
export class FullBatch implements Course {
  readonly #begin: () => ReturnType<typeof minimizeSteps<Weights>>;
  readonly #put: (weights: Weights) => void;
  /** From where the weights are; undefined where they were put there by hand. */
  #iterations: ReturnType<typeof minimizeSteps<Weights>> | undefined;
  readonly next: NextStep;
  #step = 0;
  #end: End | undefined;

  /** @throws Refusal for more weights than the Hessian is to have rows */
  constructor(state: State, { model }: Network, loss: Loss, training: Part, method: Method) {
    const count = weightCount(state);
    if (state.optimizer === "newton" && count > MOST_WEIGHTS_OF_NEWTON) {
      throw new Refusal(
        `Newton’s method works out ${count} × ${count} second derivatives in every step here, which takes too long: ` +
          `it is for at most ${MOST_WEIGHTS_OF_NEWTON} weights. Choose L-BFGS, or a smaller network.`,
      );
    }
    const objective = objectiveOf(state, model, loss, training);
    this.#begin = () => minimizeSteps(objective, functional(model).parameters, { method, dtype: "float64" });
    this.next = { rows: Int32Array.from(training.points.keys()) };
    const boxes = params(model);
    this.#put = (weights) => {
      for (const [name, box] of Object.entries(boxes)) box.value = (weights[name] as Tensor).cast(box.dtype);
    };
  }

  get step(): number {
    return this.#step;
  }

  get epoch(): number {
    return this.#step;
  }

  get end(): End | undefined {
    return this.#end;
  }

  async steps(count: number): Promise<void> {
    for (let i = 0; i < count && this.#end === undefined; i++) await this.finishEpoch();
  }

  async finishEpoch(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#iterations ??= this.#begin();
    const { done, value } = await this.#iterations.next();
    if (done === true) {
      this.#end = { converged: value.converged, reason: value.reason };
      return;
    }
    this.#step++;
    this.#put(value.parameters);
  }

  moved(): void {
    this.#iterations = undefined;
    this.#end = undefined;
  }
}
