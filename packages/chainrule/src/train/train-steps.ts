/** Many training steps in one call, over a data set that stays in the program. */
import { numbersOf } from "../data/dataset.ts";
import { DataError } from "../data/errors.ts";
import type { Box } from "../graph/box.ts";
import { DTypeError, ShapeError } from "../graph/errors.ts";
import type { AnyModule } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { allocate } from "../tensor/dtype.ts";
import { describeValue } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import { fromData, scalar, Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, type TensorTree } from "../tensor/tree.ts";
import { compileSteps, stepsInCall } from "./steps-over.ts";
import { makeStep, type TrainStepOptions } from "./train-step.ts";

export interface StepsResult {
  /** [steps]: the loss of each step with the penalty, before its update. */
  readonly losses: Tensor;
}

/** Compiled training steps over a data set. */
export interface TrainSteps {
  /**
   * Does one step for each row of `order`.
   *
   * @param order int32 [steps, batch]: the rows of the data set that make up the batch of each step
   */
  (order: Tensor): StepsResult;
  /** What the optimizer keeps, by names such as "0.weight.mean", and "step", the number of steps done. */
  readonly state: Readonly<Record<string, Box>>;
}

/**
 * `trainStep` over a data set, many steps a call. The data set is copied into the program once; each batch is gathered
 * there, and parameters and the optimizer's state stay there from step to step. The result is that of `trainStep` batch by
 * batch, bit for bit. It pays where a step takes microseconds, as a call from JavaScript does. One program, with its copy
 * of the data set, serves every number of steps; another size of the batch makes another program.
 *
 * @param loss the loss of a batch, a float scalar; it calls the model
 * @param data a tree of tensors [rows, …], such as { x, y }
 * @throws TypeError for an unknown option, or a model without parameters; DataError for data that are empty or whose
 *   tensors differ in the number of rows. When called: DTypeError, ShapeError, RangeError for an order that is not int32
 *   [steps, batch] or names a row that is not there, before anything is trained
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { meanSquaredError } from "chainrule/loss";
 * import { dense } from "chainrule/nn";
 * import { sgd } from "chainrule/optim";
 * import { trainSteps } from "chainrule/train";
 * const model = dense(1, 1);
 * const data = { x: tensor([[1], [2], [3]]), y: tensor([[2], [4], [6]]) };
 * const steps = trainSteps(model, sgd(0.1), ({ x, y }) => meanSquaredError(model(x), y), data);
 * const order = tensor([[0, 1], [2, 0], [1, 2]], { dtype: "int32" });
 * steps(order).losses.shape; // → [ 3 ]
 * ```
 */
export function trainSteps<B = { x: Tensor; y: Tensor }>(
  model: AnyModule,
  optimizer: Optimizer,
  loss: (batch: TensorTree<B>) => Tensor,
  data: B,
  options: TrainStepOptions = {},
): TrainSteps {
  const { step, state } = makeStep<B>("trainSteps", model, optimizer, loss, options);
  const tree = flatten(data);
  const rows = rowsOf(tree);
  const compiled = compileSteps((batch: B, _: null) => step(batch), tree);
  // Used again from call to call: making it anew costs more than a few steps of a small network.
  let named = new Int32Array(0);
  const run = (order: Tensor): StepsResult => {
    const [steps, size, numbers] = checkOrder(order, rows);
    const most = stepsInCall(size);
    if (named.length !== most * size) named = new Int32Array(most * size);
    const call = (from: number): Tensor => {
      const count = Math.min(most, steps - from);
      named.set(numbers.subarray(from * size, (from + count) * size));
      const losses = compiled(fromData(named, [most, size], "int32"), null, scalar(count, "int32")) as Tensor;
      return fromData(numbersOf(losses).subarray(0, count), [count], losses.dtype);
    };
    const parts = [call(0)];
    for (let from = most; from < steps; from += most) parts.push(call(from));
    return { losses: joined(parts, steps) };
  };
  return Object.assign(run, { state });
}

/** Vectors one after another. */
function joined(parts: readonly Tensor[], length: number): Tensor {
  const [first] = parts as readonly [Tensor, ...Tensor[]];
  if (parts.length === 1) return first;
  const all = allocate(first.dtype, length);
  let at = 0;
  for (const part of parts) {
    all.set(numbersOf(part), at);
    at += part.size;
  }
  return fromData(all, [length], first.dtype);
}

/** The number of rows of a data set. @throws DataError unless there are some, and all its tensors have as many */
function rowsOf({ leaves, paths }: FlatTree): number {
  const name = (i: number): string => `data${paths[i]}`;
  const rows = leaves.map(({ shape }, i) => {
    const [count] = shape;
    if (count === undefined) {
      throw new DataError(`trainSteps: ${name(i)} is a single number; its first axis must be the examples.`);
    }
    return count;
  });
  const [first] = rows;
  if (first === undefined)
    throw new DataError("trainSteps: the data hold no tensors; give a tree of them, such as { x, y }.");
  const other = rows.findIndex((count) => count !== first);
  if (other >= 0) {
    throw new DataError(
      `trainSteps: ${name(0)} has ${first} rows and ${name(other)} has ${rows[other]}. All need one row for each example.`,
    );
  }
  if (first === 0)
    throw new DataError(`trainSteps: the data are empty; ${name(0)} has shape ${formatShape(leaves[0]?.shape ?? [])}.`);
  return first;
}

/** The numbers of steps and of rows in each, and the rows. @throws DTypeError, ShapeError, RangeError */
function checkOrder(order: Tensor, rows: number): readonly [number, number, Int32Array] {
  if (!(order instanceof Tensor)) {
    throw new TypeError(`trainSteps: the order must be a tensor, int32 [steps, batch]; it is ${describeValue(order)}.`);
  }
  const { shape, dtype } = order;
  if (dtype !== "int32") {
    throw new DTypeError(
      `trainSteps: the order is ${dtype}, not int32. Make it with tensor(rows, { dtype: "int32" }), or convert with .cast("int32").`,
    );
  }
  const [steps, size] = shape;
  if (shape.length !== 2 || steps === undefined || size === undefined || size === 0) {
    throw new ShapeError(
      `trainSteps: the order has shape ${formatShape(shape)}; it must be [steps, batch], with the rows of one batch in each row.`,
    );
  }
  const numbers = numbersOf(order) as Int32Array;
  const outside = numbers.findIndex((row) => row < 0 || row >= rows);
  if (outside < 0) return [steps, size, numbers];
  throw new RangeError(
    `trainSteps: step ${Math.floor(outside / size)} asks for row ${numbers[outside]}, but the data have rows 0 to ${rows - 1}.`,
  );
}
