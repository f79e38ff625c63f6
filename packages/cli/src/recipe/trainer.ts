/** One shape of network with its compiled training steps, which serve every candidate and fold of that shape. */
import { Box, type Compiled, compile, type Tensor, tensor } from "chainrule";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "chainrule/loss";
import {
  dense,
  dropout,
  evaluation,
  initialize,
  type Layer,
  type Param,
  params,
  type Sequential,
  type State,
  sequential,
  states,
} from "chainrule/nn";
import type { Regularizer, ScheduleFunction } from "chainrule/optim";
import { type TrainSteps, trainSteps } from "chainrule/train";
import { activationOf, optimizerOf } from "./makers.ts";
import type { ActivationName, OptimizerName } from "./names.ts";
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

/** Of the task. */
export const LOSSES = {
  classification: softmaxCrossEntropy,
  binary: binaryCrossEntropy,
  regression: meanSquaredError,
};

export class Trainer {
  readonly batchSize: number;
  readonly #problem: Problem;
  readonly #shape: Shape;
  readonly #network: Sequential;
  readonly #boxes: Readonly<Record<string, Box>>;
  readonly #steps: TrainSteps;
  readonly #outputs: Compiled<[Tensor], Tensor>;
  /** Everything as it is before the first step. */
  readonly #first: Snapshot;
  readonly #firstOfOptimizer: Snapshot;
  // Boxes are inputs of the program: candidates that differ in these numbers share it, and compiling costs as much as
  // hundreds of steps on a small table.
  readonly #rate = new Box(tensor(0));
  readonly #penalty = new Box(tensor(0));
  readonly #length = new Box(tensor(1));

  constructor(problem: Problem, shape: Shape) {
    const { x, y, task } = problem;
    this.batchSize = shape.batchSize;
    this.#problem = problem;
    this.#shape = shape;
    this.#network = initialize(networkFor(problem, shape, shape.hidden), { seed: shape.seed });
    this.#boxes = boxesOf(this.#network);
    const loss = LOSSES[task];
    const weight = shape.weights && tensor(shape.weights);
    this.#steps = trainSteps<{ x: Tensor; y: Tensor; weight?: Tensor }>(
      this.#network,
      optimizerOf(shape.optimizer, this.#schedule()),
      (batch) => {
        const losses = loss(this.#network(batch.x), batch.y, { reduction: "none" });
        return (batch.weight === undefined ? losses : losses.mul(batch.weight)).mean();
      },
      weight === undefined ? { x, y } : { x, y, weight },
      { regularizer: this.#l2() },
    );
    this.#outputs = compile((rows: Tensor) => evaluation(() => this.#network(x.gather(rows))), { reuseResults: true });
    this.#first = valuesOf(this.#boxes);
    this.#firstOfOptimizer = valuesOf(this.#steps.state);
  }

  /**
   * Back to the initial weights, for a run with these numbers. A network that is narrower than the trainer's is trained as
   * one whose other units have weights 0 on both sides: what they give is f(0) = 0, and so are the gradients of all their
   * weights, so they stay as they are.
   *
   * @param hidden as many layers as the trainer has, none wider
   */
  begin(rates: Rates, hidden: readonly number[]): void {
    this.#rate.value = tensor(rates.learningRate);
    this.#penalty.value = tensor(rates.l2 / 2);
    this.#length.value = tensor(rates.steps);
    this.weights = this.#inPlace(hidden, this.#first);
    this.optimizer = this.#firstOfOptimizer;
  }

  /** Does steps on batches of these rows, and gives the sum of their losses. */
  step(rows: Int32Array): number {
    const steps = rows.length / this.batchSize;
    const { losses } = this.#steps(tensor(rows, { shape: [steps, this.batchSize] }));
    return (losses.dataSync() as Float32Array).reduce((sum, loss) => sum + loss, 0);
  }

  /** Outputs in evaluation mode, row after row, computed `size` rows at a time. */
  outputs(rows: Int32Array, size: number): Float32Array {
    const part = new Int32Array(size);
    let all = new Float32Array(0);
    for (let from = 0; from < rows.length; from += size) {
      // What is behind the last rows is computed too, and left out.
      part.set(rows.subarray(from, from + size));
      const numbers = (this.#outputs(tensor(part)) as Tensor).dataSync() as Float32Array;
      const width = numbers.length / size;
      if (from === 0) all = new Float32Array(rows.length * width);
      all.set(numbers.subarray(0, (rows.length - from) * width), from * width);
    }
    return all;
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

  /** A network of its own with these weights, without the units that are not among `hidden`. */
  network(weights: Snapshot, hidden: readonly number[]): Sequential {
    const network = networkFor(this.#problem, this.#shape, hidden);
    for (const [name, box] of Object.entries(boxesOf(network))) {
      box.value = block(weights[name] as Tensor, box.shape, box.shape);
    }
    return network;
  }

  /** The weights of a narrower network, where they are among those of the trainer's; all others are 0. */
  #inPlace(hidden: readonly number[], weights: Snapshot): Snapshot {
    if (hidden.join() === this.#shape.hidden.join()) return weights;
    const narrow = Object.entries(boxesOf(networkFor(this.#problem, this.#shape, hidden)));
    return Object.fromEntries(
      narrow.map(([name, { shape }]) => {
        const whole = weights[name] as Tensor;
        return [name, block(whole, shape, whole.shape)];
      }),
    );
  }

  /** Half a cosine down to 0 (I. Loshchilov and F. Hutter, "SGDR", 2017, eq. 5, without restarts). */
  #schedule(): ScheduleFunction {
    return (step) => step.div(this.#length.value).minimum(1).mul(Math.PI).cos().add(1).div(2).mul(this.#rate.value);
  }

  /**
   * λ/2·Σw² over the weights, without biases, as `l2` of chainrule/optim, with a λ that can be changed. Its value is taken
   * off again, so that its gradient alone is there: losses on training rows then measure what those on validation rows do.
   */
  #l2(): Regularizer {
    return (parameters) => {
      const squares = Object.values(parameters).filter(({ regularize }) => regularize);
      const [first, ...rest] = squares.map(({ value }) => value.square().sum()) as [Tensor, ...Tensor[]];
      const penalty = rest.reduce((sum, square) => sum.add(square), first).mul(this.#penalty.value);
      return penalty.sub(penalty.stopGradient());
    };
  }
}

/** dense, activation, dropout, … dense */
export function networkFor(
  { x, task, classes }: Problem,
  shape: Pick<Shape, "activation" | "dropout">,
  hidden: readonly number[],
): Sequential {
  const { layer, weightInit } = activationOf(shape.activation);
  const layers: Layer[] = [];
  let width = x.shape[1] as number;
  for (const units of hidden) {
    layers.push(dense(width, units, { weightInit }), layer, ...(shape.dropout > 0 ? [dropout(shape.dropout)] : []));
    width = units;
  }
  return sequential(...layers, dense(width, task === "classification" ? classes : 1));
}

const boxesOf = (network: Sequential): Record<string, Param | State> => ({ ...params(network), ...states(network) });

/** The first rows and columns of a matrix, or the first numbers of a vector; what is larger than they are is filled up with 0. */
function block(from: Tensor, kept: readonly number[], shape: readonly number[]): Tensor {
  const [rows, columns] = (kept.length === 1 ? [1, ...kept] : kept) as [number, number];
  const [fromWidth, width] = [from.shape.at(-1) as number, shape.at(-1) as number];
  const source = from.dataSync();
  const all = source
    .slice(
      0,
      shape.reduce((a, b) => a * b, 1),
    )
    .fill(0);
  for (let row = 0; row < rows; row++) {
    all.set(source.subarray(row * fromWidth, row * fromWidth + columns), row * width);
  }
  return tensor(all, { shape: [...shape], dtype: from.dtype });
}

const valuesOf = (boxes: Readonly<Record<string, Box>>): Snapshot =>
  Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, box.value]));

function putValues(boxes: Readonly<Record<string, Box>>, values: Snapshot): void {
  for (const [name, box] of Object.entries(boxes)) box.value = values[name] as Tensor;
}
