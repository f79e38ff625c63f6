/** What a training step has to do with the optimizer: its state, where the gradient is taken, and the update. */
import { Box } from "../graph/box.ts";
import type { Param } from "../nn/index.ts";
import type { Optimizer, Regularizer } from "../optim/index.ts";
import { type Update, updateAll } from "../optim/optimizer.ts";
import type { ParameterInfo } from "../optim/selection.ts";
import { scalar, type Tensor } from "../tensor/tensor.ts";

/** A parameter that is trained, and what the optimizer keeps of it. */
interface Trained {
  readonly box: Param;
  readonly info: ParameterInfo;
  readonly kept: Readonly<Record<string, Box>>;
}

export class Updater {
  /** The parameters that are trained. */
  readonly boxes: readonly Param[];
  /** What the optimizer keeps, by names such as "0.weight.mean", and "step". */
  readonly state: Readonly<Record<string, Box>>;
  readonly #optimizer: Optimizer;
  readonly #regularizer: Regularizer | undefined;
  readonly #trained: readonly Trained[];
  readonly #step = new Box(scalar(0, "int32"));

  /** @throws TypeError if there is nothing to train; `where` is the function that users called */
  constructor(
    where: string,
    optimizer: Optimizer,
    parameters: Readonly<Record<string, Param>>,
    regularizer: Regularizer | undefined,
  ) {
    this.#optimizer = optimizer;
    this.#regularizer = regularizer;
    const all = Object.entries(parameters).map(([name, box]) => ({ name, box, regularize: box.regularize }));
    if (all.length === 0) throw new TypeError(`${where}: the model has no parameters, so there is nothing to train.`);
    const trains = optimizer.trains?.(all.map(({ name, regularize }) => ({ name, regularize })));
    const trained = all.filter((_, i) => trains?.[i] ?? true);
    if (trained.length === 0)
      throw new TypeError(`${where}: all parameters of the model are frozen, so there is nothing to train.`);
    this.#trained = trained.map(({ name, box, regularize }) => {
      const info = { name, regularize };
      return { box, info, kept: boxed(optimizer.init(box.value, info)) };
    });
    this.boxes = trained.map(({ box }) => box);
    const state: Record<string, Box> = { step: this.#step };
    for (const { info, kept } of this.#trained) {
      for (const [key, box] of Object.entries(kept)) state[`${info.name}.${key}`] = box;
    }
    this.state = state;
  }

  /** The values for which the gradient is wanted. */
  points(): Tensor[] {
    return this.#trained.map(
      ({ box, info, kept }) => this.#optimizer.gradientAt?.(box.value, values(kept), info) ?? box.value,
    );
  }

  /** Traces the update of all parameters. */
  apply(gradients: readonly Tensor[]): void {
    const step = this.#step.value;
    const proximal = this.#regularizer?.proximal;
    const updates = this.#trained.map(
      ({ box, info, kept }, i): Update => ({
        ...info,
        gradient: gradients[i] as Tensor,
        state: values(kept),
        parameter: box.value,
        step,
        ...(proximal === undefined ? {} : { proximal: (w: Tensor, rate: Tensor) => proximal(w, rate, info) }),
      }),
    );
    updateAll(this.#optimizer, updates).forEach((next, i) => {
      const { box, kept } = this.#trained[i] as Trained;
      box.value = next.parameter;
      for (const [key, state] of Object.entries(kept)) state.value = next.state[key] as Tensor;
    });
    this.#step.value = step.add(1);
  }
}

const boxed = (state: Record<string, Tensor>): Record<string, Box> =>
  Object.fromEntries(Object.entries(state).map(([key, value]) => [key, new Box(value)]));

const values = (boxes: Readonly<Record<string, Box>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(boxes).map(([key, box]) => [key, box.value]));
