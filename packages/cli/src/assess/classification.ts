/** How good predicted classes and their probabilities are. */
import { type Tensor, tensor } from "chainrule";
import type { Values } from "chainrule/data";
import {
  brierScore,
  type Calibration,
  calibration,
  classes,
  confusionMatrix,
  logLoss,
  rocAuc,
} from "chainrule/metrics";
import { type Interval, wilson } from "./interval.ts";
import { Worst } from "./worst.ts";

export interface ClassificationInput {
  /** [rows, classes]; or, of two classes, [rows] or [rows, 1], the probability of the second. */
  readonly probabilities: Values;
  /** The class of each row, by its position in `classes`. */
  readonly targets: ArrayLike<number>;
  /** Their names. */
  readonly classes: readonly string[];
  /** The class that someone would say who knows nothing: the most frequent one of the training rows; default of these rows. */
  readonly baseline?: number;
  /** Of two classes the second is predicted where its probability is above it; default 0.5. */
  readonly threshold?: number;
  /** How many of the most confident mistakes to tell; default 10. */
  readonly mistakes?: number;
}

/** How one class fares. */
export interface ClassRow {
  readonly name: string;
  /** Rows that are of it. */
  readonly support: number;
  /** Rows that were predicted as it. */
  readonly predicted: number;
  /** Of the rows predicted as it, the share that is; null where none were. */
  readonly precision: number | null;
  /** Of the rows that are of it, the share that was found; null where there are none. */
  readonly recall: number | null;
  /** The harmonic mean of both; null where there are neither. */
  readonly f1: number | null;
}

/** A row that was given a wrong class. */
export interface Mistake {
  /** Position among the rows, from 0. */
  readonly row: number;
  /** Positions among the classes. */
  readonly actual: number;
  readonly predicted: number;
  /** Of the predicted class. */
  readonly probability: number;
  /** Of the class that it is. */
  readonly actualProbability: number;
}

export interface ClassificationAssessment {
  readonly task: "classification";
  readonly classes: readonly string[];
  readonly rows: number;
  readonly right: number;
  /** right / rows */
  readonly accuracy: number;
  /** Where the accuracy on all such rows lies, with a confidence of 95 %. */
  readonly accuracyInterval: Interval;
  /** The mean recall of the classes that are there. */
  readonly balancedAccuracy: number;
  /** The mean of the classes' F1, of those that are there or were predicted. */
  readonly macroF1: number;
  /** In nats. */
  readonly logLoss: number;
  /** Of two classes between 0 and 1, of more between 0 and 2. */
  readonly brier: number;
  /** The area under the ROC curve, of two classes that are both there. */
  readonly rocAuc?: number;
  readonly baseline: {
    readonly class: string;
    readonly right: number;
    readonly accuracy: number;
    /** In nats, of always giving each class the probability that is its share of these rows: the entropy of the shares. */
    readonly logLoss: number;
  };
  readonly perClass: readonly ClassRow[];
  /** [true class][predicted class] */
  readonly confusion: readonly (readonly number[])[];
  /** Of the probability of the predicted class. */
  readonly calibration: Omit<Calibration, "toString">;
  /** The wrong ones with the highest probability, first. */
  readonly mistakes: readonly Mistake[];
}

type Confusion = readonly (readonly number[])[];

/** Everything that probabilities and true classes tell. @throws RangeError for what is no probability, or no class */
export function assessClassification(input: ClassificationInput): ClassificationAssessment {
  const { targets, classes: names } = input;
  const p = columnsOf(input.probabilities, names.length);
  const actual = Int32Array.from(targets);
  const predicted = predictedOf(p, input.threshold);
  const rows = predicted.length;
  const confusion = confusionMatrix(predicted, actual, names.length);
  const right = confusion.reduce((sum, row, i) => sum + (row[i] as number), 0);
  const perClass = perClassOf(names, confusion);
  const { bins, expectedError, maximumError } = calibration(p, actual);
  const bothThere = names.length === 2 && confusion.every((row) => total(row) > 0);
  return {
    task: "classification",
    classes: names,
    rows,
    right,
    accuracy: right / rows,
    accuracyInterval: wilson(right, rows),
    balancedAccuracy: mean(perClass.flatMap(({ recall }) => recall ?? [])),
    macroF1: mean(perClass.flatMap(({ f1 }) => f1 ?? [])),
    logLoss: logLoss(p, actual),
    brier: brierScore(p, actual) / (names.length === 2 ? 2 : 1),
    ...(bothThere ? { rocAuc: rocAuc(p, actual) } : {}),
    baseline: baselineOf(confusion, names, input.baseline),
    perClass,
    confusion,
    calibration: { bins, expectedError, maximumError },
    mistakes: mistakesOf(p, actual, predicted, input.mistakes ?? 10),
  };
}

function predictedOf(p: Tensor, threshold: number | undefined): Int32Array {
  if (threshold === undefined || p.shape[1] !== 2) return classes(p);
  const numbers = p.dataSync();
  return Int32Array.from({ length: numbers.length / 2 }, (_, row) =>
    Number((numbers[2 * row + 1] as number) > threshold),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** One column of probabilities for each class. */
function columnsOf(values: Values, count: number): Tensor {
  const p = tensor(values);
  const [rows = 0, width = 1] = p.shape;
  if (p.rank === 2 && width === count) return p;
  if (count !== 2 || width !== 1) {
    throw new RangeError(`assessClassification: there are ${count} classes and ${width} columns of probabilities.`);
  }
  const both = Float64Array.from({ length: 2 * rows });
  p.dataSync().forEach((share, row) => {
    both[2 * row] = 1 - share;
    both[2 * row + 1] = share;
  });
  return tensor(both).reshape([rows, 2]);
}

const total = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n, 0);

function perClassOf(names: readonly string[], confusion: Confusion): ClassRow[] {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return names.map((name, i) => {
    const right = confusion[i]?.[i] as number;
    const support = total(confusion[i] as readonly number[]);
    const predicted = total(confusion.map((row) => row[i] as number));
    return {
      name,
      support,
      predicted,
      precision: share(right, predicted),
      recall: share(right, support),
      f1: share(2 * right, support + predicted),
    };
  });
}

function baselineOf(confusion: Confusion, names: readonly string[], given: number | undefined) {
  const support = confusion.map(total);
  const chosen = given ?? support.indexOf(Math.max(...support));
  const right = support[chosen] as number;
  const shares = support.map((n) => n / total(support));
  const entropy = shares.reduce((sum, share) => (share === 0 ? sum : sum - share * Math.log(share)), 0);
  return { class: names[chosen] as string, right, accuracy: right / total(support), logLoss: entropy };
}

function mistakesOf(p: Tensor, actual: Int32Array, predicted: Int32Array, most: number): Mistake[] {
  const [numbers, width] = [p.dataSync(), p.shape[1] as number];
  const worst = new Worst<Mistake>(most);
  for (let row = 0; row < predicted.length; row++) {
    const [is, said] = [actual[row] as number, predicted[row] as number];
    if (is === said) continue;
    const probability = numbers[row * width + said] as number;
    const actualProbability = numbers[row * width + is] as number;
    worst.offer(probability, () => ({ row, actual: is, predicted: said, probability, actualProbability }));
  }
  return worst.values;
}

/** Two classes that were taken for each other. */
export interface ConfusedPair {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
  /** Of the rows of the true class. */
  readonly share: number;
}

/** The mistakes that were made most often, for matrices too large to look at. */
export function mostConfused({ confusion, classes }: ClassificationAssessment, most: number): ConfusedPair[] {
  const pairs = confusion.flatMap((row, i) =>
    row.flatMap((count, j): ConfusedPair[] =>
      i === j || count === 0
        ? []
        : [{ actual: classes[i] as string, predicted: classes[j] as string, count, share: count / total(row) }],
    ),
  );
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, most);
}
