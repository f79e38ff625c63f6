/** Steps on batches that the program itself gathers from a data set in its memory. */
import { type Compiled, compile } from "../compile/index.ts";
import { scan } from "../ops/scan.ts";
import { stored } from "../ops/stored.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FlatTree, unflatten } from "../tensor/tree.ts";
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
