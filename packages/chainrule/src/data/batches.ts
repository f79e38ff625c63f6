/** Minibatches, for training loops written by hand. */
import { foldIn, key } from "../ops/composed/random.ts";
import { checkNumber, checkOptions } from "../tensor/options.ts";
import { asDataset, type Dataset, type DatasetLike } from "./dataset.ts";
import { identity, shuffle } from "./shuffle.ts";

export interface BatchesOptions {
  /** Examples in a batch; default 32. */
  readonly batchSize?: number;
  /** Whether the examples come in random order; default true. */
  readonly shuffle?: boolean;
  /** Any integer, default 0. */
  readonly seed?: number;
  /** Which of the orders that belong to the seed; default 0. Count it up to see the examples in another order each time. */
  readonly epoch?: number;
}

/** The order of the examples in an epoch: a function of the seed and the epoch alone. */
export const epochOrder = (count: number, seed: number, epoch: number): Int32Array =>
  shuffle(identity(count), foldIn(key(seed), epoch));

/**
 * Walks once through a data set in minibatches { x, y }. The last one is smaller when the size does not divide the number
 * of examples; a compiled step is then compiled for that size too.
 *
 * @example
 * ```ts
 * import { batches } from "chainrule/data";
 * const data = { x: [[1], [2], [3]], y: [[2], [4], [6]] };
 * Array.from(batches(data, { batchSize: 2 }), ({ x }) => x.shape[0]); // → [ 2, 1 ]
 * ```
 */
export function* batches(data: DatasetLike, options: BatchesOptions = {}): Generator<Pick<Dataset, "x" | "y">> {
  checkOptions("batches", options, ["batchSize", "shuffle", "seed", "epoch"]);
  const all = asDataset("batches: the data", data);
  const size = checkNumber("batches", "batchSize", options.batchSize ?? 32, { least: 1, integer: true });
  const seed = checkNumber("batches", "seed", options.seed ?? 0, { integer: true });
  const epoch = checkNumber("batches", "epoch", options.epoch ?? 0, { least: 0, integer: true });
  const order = options.shuffle === false ? identity(all.length) : epochOrder(all.length, seed, epoch);
  for (let start = 0; start < all.length; start += size) {
    const { x, y } = all.take(order.subarray(start, start + size));
    yield { x, y };
  }
}
