/** One shape of network with its compiled training steps, which serve every candidate and fold of that shape. */
import { Box, type Tensor, tensor } from "chainrule";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "chainrule/loss";
import { dense, dropout, initialize, type Layer, params, type Sequential, sequential, states } from "chainrule/nn";
import type { Regularizer, ScheduleFunction } from "chainrule/optim";
import { type TrainSteps, trainSteps } from "chainrule/train";
import { type ActivationName, activationOf, type OptimizerName, optimizerOf } from "./names.ts";
import { numbersOf } from "./numbers.ts";
import type { Problem } from "./types.ts";

/** What a program is compiled for; all else can be changed between runs. */
export interface Shape {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly dropout: number;
  readonly optimizer: OptimizerName;
  readonly batchSize: number;
  readonly seed: number;
  /** The weight of each row, with mean 1; undefined where all weigh the same. */
  readonly weights: Float32Array | undefined;
}

/** The numbers that a run is made with. */
export interface Rates {
  readonly learningRate: number;
  readonly l2: number;
  /** Steps until the learning rate is 0. */
  readonly steps: number;
}

/** Values of boxes by name. */
export type Snapshot = Readonly<Record<string, Tensor>>;

const LOSSES = {
  classification: softmaxCrossEntropy,
  binary: binaryCrossEntropy,
  regression: meanSquaredError,
};

export class Trainer {
  readonly network: Sequential;
  readonly batchSize: number;
  readonly #boxes: Readonly<Record<string, Box>>;
  readonly #steps: TrainSteps;
  /** Everything as it is before the first step. */
  readonly #first: Snapshot;
  readonly #firstOfOptimizer: Snapshot;
  // Boxes are inputs of the program: candidates that differ in these numbers share it, and compiling costs as much as
  // hundreds of steps on a small table.
  readonly #rate = new Box(tensor(0));
  readonly #penalty = new Box(tensor(0));
  readonly #length = new Box(tensor(1));

  constructor(problem: Problem, shape: Shape) {
    const { x, y, task, classes } = problem;
    this.batchSize = shape.batchSize;
    this.network = networkOf(x.shape[1] as number, task === "classification" ? classes : 1, shape);
    initialize(this.network, { seed: shape.seed });
    this.#boxes = { ...params(this.network), ...states(this.network) };
    const loss = LOSSES[task];
    const weight = shape.weights && tensor(shape.weights);
    this.#steps = trainSteps<{ x: Tensor; y: Tensor; weight?: Tensor }>(
      this.network,
      optimizerOf(shape.optimizer, this.#schedule()),
      (batch) => {
        const losses = loss(this.network(batch.x), batch.y, { reduction: "none" });
        return (batch.weight === undefined ? losses : losses.mul(batch.weight)).mean();
      },
      weight === undefined ? { x, y } : { x, y, weight },
      { regularizer: this.#l2() },
    );
    this.#first = valuesOf(this.#boxes);
    this.#firstOfOptimizer = valuesOf(this.#steps.state);
  }

  /** Back to the initial weights, for a run with these numbers. */
  begin(rates: Rates): void {
    this.#rate.value = tensor(rates.learningRate);
    this.#penalty.value = tensor(rates.l2 / 2);
    this.#length.value = tensor(rates.steps);
    this.weights = this.#first;
    this.optimizer = this.#firstOfOptimizer;
  }

  /** Does steps on batches of these rows, and gives the sum of their losses. */
  step(rows: Int32Array): number {
    const steps = rows.length / this.batchSize;
    const { losses } = this.#steps(tensor(rows, { shape: [steps, this.batchSize] }));
    return (numbersOf(losses) as Float32Array).reduce((sum, loss) => sum + loss, 0);
  }

  /** Parameters, and states such as the keys of dropout. */
  get weights(): Snapshot {
    return valuesOf(this.#boxes);
  }

  set weights(values: Snapshot) {
    putValues(this.#boxes, values);
  }

  /** What the optimizer keeps, the number of steps included. */
  get optimizer(): Snapshot {
    return valuesOf(this.#steps.state);
  }

  set optimizer(values: Snapshot) {
    putValues(this.#steps.state, values);
  }

  /** Half a cosine down to 0 (I. Loshchilov and F. Hutter, "SGDR", 2017, eq. 5, without restarts). */
  #schedule(): ScheduleFunction {
    return (step) => step.div(this.#length.value).minimum(1).mul(Math.PI).cos().add(1).div(2).mul(this.#rate.value);
  }

  /** λ/2·Σw² over the weights, without biases, as `l2` of chainrule/optim, with a λ that can be changed. */
  #l2(): Regularizer {
    return (parameters) => {
      const squares = Object.values(parameters).filter(({ regularize }) => regularize);
      const [first, ...rest] = squares.map(({ value }) => value.square().sum()) as [Tensor, ...Tensor[]];
      return rest.reduce((sum, square) => sum.add(square), first).mul(this.#penalty.value);
    };
  }
}

/** dense, activation, dropout, … dense */
function networkOf(features: number, outputs: number, { hidden, activation, dropout: rate }: Shape): Sequential {
  const { layer, weightInit } = activationOf(activation);
  const layers: Layer[] = [];
  let width = features;
  for (const units of hidden) {
    layers.push(dense(width, units, { weightInit }), layer, ...(rate > 0 ? [dropout(rate)] : []));
    width = units;
  }
  return sequential(...layers, dense(width, outputs));
}

const valuesOf = (boxes: Readonly<Record<string, Box>>): Snapshot =>
  Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, box.value]));

function putValues(boxes: Readonly<Record<string, Box>>, values: Snapshot): void {
  for (const [name, box] of Object.entries(boxes)) box.value = values[name] as Tensor;
}
