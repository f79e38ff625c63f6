/** Steps on batches that the program itself gathers from a data set in its memory. */
import { type Compiled, compile } from "../compile/index.ts";
import { type Dataset, numbersOf } from "../data/dataset.ts";
import { scan } from "../ops/scan.ts";
import { stored } from "../ops/stored.ts";
import { bytesOf, type TypedArray } from "../tensor/dtype.ts";
import { fromData, scalar, type Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, unflatten } from "../tensor/tree.ts";
import type { Batch, Batches } from "./batches.ts";
import type { StepResult } from "./train-step.ts";

/**
 * Compiles steps over a data set. The function takes the rows of each batch, int32 [most, batch]; what else each step
 * gets, a tree of tensors [most, …]; and how many of these steps to do, an int32 scalar. It gives their losses, [most]. So
 * one program serves every number of steps up to `most`. Boxes are carried from step to step, in place.
 *
 * @param data concrete tensors [rows, …]; they become part of the program
 */
export function compileSteps<B, E>(
  step: (batch: B, extra: E) => StepResult,
  { leaves, structure }: FlatTree,
): Compiled<[rows: Tensor, extra: E, steps: Tensor], Tensor> {
  return compile((rows: Tensor, extra: E, steps: Tensor): Tensor => {
    const [, losses] = scan(
      (_, own) => {
        // Stored, so that the step is compiled as it is for a batch from outside, and its results are the same to the bit.
        const batch = leaves.map((leaf) => stored(leaf.gather(own.rows)));
        return [[], step(unflatten(structure, batch) as B, own.extra as E).loss];
      },
      [],
      { rows, extra },
      { steps },
    );
    return losses as Tensor;
  });
}

/** The most rows of batches that are named in one call: 64 KiB, which are written in about the time that a call takes. */
const MOST_ROWS = 1 << 14;

/** With more steps than that in a call, the rest of its cost is a thousandth of what it was. */
const MOST_STEPS = 1024;

/** The number of steps for which a program has room. */
export const stepsInCall = (batchSize: number): number =>
  Math.min(MOST_STEPS, Math.max(1, Math.floor(MOST_ROWS / batchSize)));

/** Does steps on batches `from` … `until` − 1 of an order, or only the first of them, and gives the losses of those done. */
export type Steps = (order: Int32Array, from: number, until: number) => TypedArray;

/**
 * Data up to this size are copied into the program. A second copy of larger ones would be felt in memory, and little is won
 * with it: their rows are mostly so wide that computing takes far longer than calling. (MNIST, 169 MB, trains as fast
 * either way.)
 */
const RESIDENT_BYTES = 64 * 2 ** 20;

/** The time that one call may take, in milliseconds: what happens between calls waits for it. */
const PATIENCE = 10;

export interface StepsOverOptions {
  /** The most steps in a call; default as many as the program has room for. */
  readonly most?: number;
  /** The most bytes of data that are copied into the program. */
  readonly mostBytes?: number;
}

/** The steps of `fit`. How many are done in a call, and where the data are, has no influence on their results. */
export function stepsOver(
  step: (batch: Batch) => StepResult,
  { x, y }: Pick<Dataset, "x" | "y">,
  batches: Batches,
  { most = stepsInCall(batches.size), mostBytes = RESIDENT_BYTES }: StepsOverOptions = {},
): Steps {
  if (bytesIn(x) + bytesIn(y) <= mostBytes) return manySteps(step, { x, y }, batches, Math.min(most, batches.count));
  const compiled = compile(step);
  return (order, from) => numbersOf((compiled(batches.batch(from, order)) as StepResult).loss);
}

const bytesIn = ({ size, dtype }: Tensor): number => size * bytesOf(dtype);

function manySteps(
  step: (batch: Batch) => StepResult,
  data: Pick<Batch, "x" | "y">,
  batches: Batches,
  most: number,
): Steps {
  const { size } = batches;
  const rows = new Int32Array(most * size);
  const weights = new Float32Array(most * size);
  const compiled = compileSteps(
    (batch: Pick<Batch, "x" | "y">, own: Pick<Batch, "weights">) => step({ ...batch, ...own }),
    flatten(data),
  );
  let next = 1;
  return (order, from, until) => {
    const steps = Math.min(next, most, until - from);
    for (let i = 0; i < steps; i++) {
      const [start, end] = [i * size, (i + 1) * size];
      batches.select(from + i, order, rows.subarray(start, end), weights.subarray(start, end));
    }
    const started = performance.now();
    // New tensors, since a program takes the numbers of one that it has seen as known.
    const named = fromData(rows, [most, size], "int32");
    const extra = { weights: fromData(weights, [most, size], "float32") };
    const losses = numbersOf(compiled(named, extra, scalar(steps, "int32")) as Tensor).subarray(0, steps);
    const took = performance.now() - started;
    if (took > PATIENCE) next = Math.max(1, Math.floor(steps / 2));
    else if (steps === next && took < PATIENCE / 2) next *= 2;
    return losses;
  };
}
