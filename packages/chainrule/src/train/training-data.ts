/** The data of `fit` and `fitFullBatch`: what is trained on, what is held back, and how much each example counts. */
import { type Dataset, type DatasetLike, type SplitStrategy, splitIndices } from "../data/index.ts";
import { classesOf } from "../data/split.ts";
import { checkOptions, describeValue } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkedDataset } from "./evaluate.ts";

/** A part of the training data that is held back. */
export interface ValidationSplit {
  /** Share of the examples, between 0 and 1. */
  readonly fraction: number;
  readonly strategy?: SplitStrategy;
  /** For "group": the group of each example. */
  readonly groups?: ArrayLike<number | string>;
  /** Default: the seed of `fit`. */
  readonly seed?: number;
}

export interface TrainingData {
  readonly train: DatasetLike;
  /** Data for validation after each epoch, or which part of the training data to hold back for it. */
  readonly validation?: DatasetLike | ValidationSplit | number;
  /** A weight for each class, by number; y must be class numbers or one-hot rows. Validation does not use weights. */
  readonly classWeights?: ArrayLike<number>;
  /** A weight for each row of `train`. */
  readonly sampleWeights?: ArrayLike<number>;
}

export interface SplitData {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly weights: Float32Array | undefined;
}

/** Training and validation data, and the weights of the training examples. */
export function splitData(where: string, options: TrainingData, seed: number): SplitData {
  const { validation } = options;
  const data = checkedDataset(where, "train", options.train);
  const weights = exampleWeights(where, data, options);
  if (validation === undefined) return { train: data, validation: undefined, weights };
  if (typeof validation === "object" && "x" in validation) {
    return { train: data, validation: checkedDataset(where, "validation", validation), weights };
  }
  const rule = typeof validation === "number" ? { fraction: validation } : validation;
  checkOptions(`${where}: validation`, rule, ["fraction", "strategy", "seed", "groups"]);
  const [kept, held] = splitIndices(data.y, { seed, ...rule }) as [Int32Array, Int32Array];
  return {
    train: data.take(kept),
    validation: data.take(held),
    weights: weights && Float32Array.from(kept, (row) => weights[row] as number),
  };
}

/** The weight of each example: its own times that of its class. */
function exampleWeights(
  where: string,
  data: Dataset,
  { sampleWeights, classWeights }: TrainingData,
): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  for (const [name, list] of Object.entries({ sampleWeights, classWeights })) requireNumbers(where, name, list);
  if (sampleWeights !== undefined && sampleWeights.length !== data.length) {
    throw new RangeError(`${where}: there are ${sampleWeights.length} sampleWeights for ${data.length} examples.`);
  }
  const labels = classWeights === undefined ? undefined : classesOf(where, data.y);
  const weights = Float32Array.from({ length: data.length }, (_, row) => {
    const own = sampleWeights === undefined ? 1 : sampleWeights[row];
    const label = labels?.[row] as number;
    const ofClass = classWeights === undefined ? 1 : classWeights[label];
    if (!isWeight(own))
      throw new RangeError(`${where}: sampleWeights must be finite and not negative; that of row ${row} is ${own}.`);
    if (!isWeight(ofClass)) {
      throw new RangeError(
        `${where}: classWeights must have a finite weight ≥ 0 for each class; for class ${label} of row ${row} it has ${ofClass}.`,
      );
    }
    return own * ofClass;
  });
  if (weights.some((w) => w > 0)) return weights;
  throw new RangeError(`${where}: all weights of the training examples are 0, so there is nothing to learn.`);
}

/** @throws TypeError unless it is undefined or something like an array of numbers */
function requireNumbers(where: string, name: string, list: unknown): void {
  const { length } = (typeof list === "object" && list !== null ? list : {}) as Partial<ArrayLike<number>>;
  if (list === undefined || typeof length === "number") return;
  const mend = list instanceof Tensor ? " Give its numbers, with await t.data()." : "";
  throw new TypeError(
    `${where}: ${name} must be an array of numbers such as [1, 2]; it is ${describeValue(list)}.${mend}`,
  );
}

const isWeight = (w: number | undefined): w is number => w !== undefined && w >= 0 && Number.isFinite(w);
