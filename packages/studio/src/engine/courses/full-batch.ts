/** A step from all examples at once, as Newton's method and L-BFGS go. */
import type { Tensor } from "chainrule";
import type { Loss } from "chainrule/loss";
import { functional, params } from "chainrule/nn";
import { type Method, minimizeSteps, type Regularizer } from "chainrule/optim";
import type { Part } from "../../data/index.ts";
import { MOST_WEIGHTS_OF_NEWTON, Refusal, type State, weightCount } from "../../state/index.ts";
import { type Network, regularizerOf } from "../network.ts";
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
  constructor(state: State, { model }: Network, loss: Loss, { x, y, points }: Part, method: Method) {
    const count = weightCount(state);
    if (state.optimizer === "newton" && count > MOST_WEIGHTS_OF_NEWTON) {
      throw new Refusal(
        `Newton’s method works out ${count} × ${count} second derivatives in every step here, which takes too long: ` +
          `it is for at most ${MOST_WEIGHTS_OF_NEWTON} weights. Choose L-BFGS, or a smaller network.`,
      );
    }
    this.next = { rows: Int32Array.from(points.keys()) };
    const boxes = params(model);
    const penalty = penaltyOf(regularizerOf(state), boxes);
    this.#begin = () => {
      const { parameters, apply } = functional(model);
      const objective = (weights: Weights): Tensor => penalty(loss(apply(weights, x), y), weights);
      return minimizeSteps(objective, parameters, { method, dtype: "float64" });
    };
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

/** What adds the penalty to a loss. */
function penaltyOf(
  regularizer: Regularizer | undefined,
  boxes: ReturnType<typeof params>,
): (loss: Tensor, weights: Weights) => Tensor {
  if (regularizer === undefined) return (loss) => loss;
  return (loss, weights) => {
    const penalized = Object.entries(boxes).map(([name, { regularize }]) => {
      return [name, { value: weights[name] as Tensor, regularize }] as const;
    });
    return loss.add(regularizer(Object.fromEntries(penalized)));
  };
}
