/** What the recipe is given and what it gives. */
import type { Tensor } from "chainrule";
import type { Sequential } from "chainrule/nn";
import type { ActivationName, OptimizerName } from "./names.ts";
import type { SplitStrategy } from "./rows.ts";

export type Task = "classification" | "binary" | "regression";

/** Numbers to learn from; no row of them is a test row. */
export interface Problem {
  readonly task: Task;
  /** float32 [rows, features], standardized. */
  readonly x: Tensor;
  /** classification: int32 [rows], class numbers; binary: float32 [rows, 1], 0 or 1; regression: float32 [rows, 1], standardized. */
  readonly y: Tensor;
  /** Of a classification; 2 of a binary one, 1 of a regression. */
  readonly classes: number;
  /** For the split "group": what each row belongs to. */
  readonly groups?: ArrayLike<number | string>;
}

/** What the user has decided; the recipe chooses all that is undefined. */
export interface Settings {
  /** Any integer. Decides initial weights, orders, dropout and which rows are held back. */
  readonly seed: number;
  /** Decides which rows are held back, in place of `seed`: for trainings that are compared. */
  readonly splitSeed?: number;
  /** Units of the hidden layers; [] for a linear model. */
  readonly hidden?: readonly number[];
  readonly activation?: ActivationName;
  readonly optimizer?: OptimizerName;
  /** The highest rate, from which half a cosine leads down to 0. */
  readonly learningRate?: number;
  /** λ of λ/2·Σw². */
  readonly l2?: number;
  /** Share of the hidden units that is dropped. */
  readonly dropout?: number;
  readonly batchSize?: number;
  /** The most epochs. */
  readonly epochs?: number;
  /** Epochs without a better validation loss after which training ends. */
  readonly patience?: number;
  /** Whether classes weigh the same, however many rows they have. */
  readonly balanced?: boolean;
  /** Share of the rows that is held back for validation; 0 for none. */
  readonly validation?: number;
  /** In place of `validation`: each row is held back once, in one of so many folds. */
  readonly folds?: number;
  /** How rows are held back; default stratified for classes, random for numbers. */
  readonly split?: SplitStrategy;
  /** Whether to train once more on all rows, those held back for validation included. */
  readonly refit?: boolean;
}

/** One decision, by the user or by the recipe, with its reason. */
export interface Choice {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
  /** The option that decides otherwise, such as "--hidden". */
  readonly option: string;
}

/** What is chosen on validation data. */
export interface Candidate {
  readonly hidden: readonly number[];
  readonly l2: number;
}

/** How a candidate did on the rows held back, as means over the folds. */
export interface CandidateResult extends Candidate {
  readonly validationLoss: number;
  /** Accuracy, or R² of a regression. */
  readonly validationScore: number;
  /** The epoch of the lowest validation loss. */
  readonly epochs: number;
  /** Why it counts for nothing: it met NaN or infinity. */
  readonly failure?: string;
  readonly chosen: boolean;
}

export interface EpochLog {
  /** 1 for the first. */
  readonly epoch: number;
  /** The mean training loss, weighted where classes are, and without the penalty: it compares with `validationLoss`. */
  readonly loss: number;
  /** Both undefined when all rows are trained on. */
  readonly validationLoss?: number;
  readonly validationScore?: number;
}

/** Where training is, for a progress line. */
export interface Phase {
  /** choose: candidates are compared; train: with rows held back, to stop early; refit: on all rows. */
  readonly name: "choose" | "train" | "refit";
  /** 1 for the first of `runs`, as far as is known how many there will be. */
  readonly run: number;
  readonly runs: number;
  readonly epochs: number;
  readonly candidate: Candidate;
}

export interface Control {
  onEpoch?(log: EpochLog, phase: Phase): void;
  /** When it is aborted the epoch is finished, and the best network so far is the result. */
  readonly signal?: AbortSignal;
  /** A folder for what must survive an interruption; with `resume` training goes on from what is there. */
  readonly checkpoint?: { readonly folder: string; readonly resume: boolean };
}

export interface Trained {
  /** Gives logits, or a standardized value; in the order of its layers dense, activation, dropout … dense. */
  readonly network: Sequential;
  readonly choices: readonly Choice[];
  /** In the order of trial. */
  readonly candidates: readonly CandidateResult[];
  /** Of the chosen candidate with rows held back, where there were any; else of the only training. */
  readonly history: readonly EpochLog[];
  /** Epochs of the training that made the network. */
  readonly epochs: number;
  /** Whether the network was trained anew on all rows; `history` is then not of its own training. */
  readonly refitted: boolean;
  /** In how many parts rows were held back in turn: `history` is of the first; 0 where nothing was held back. */
  readonly folds: number;
  /** How many trainings there were in all, those of the comparison included. */
  readonly trainings: number;
  /** The epoch of `history` with the lowest validation loss; the last where nothing was held back. */
  readonly bestEpoch: number;
  /** Why training ended, in words; "interrupted" after an abort. */
  readonly stopped: string;
  /** Spent in this call: what an interrupted one has done before does not count. */
  readonly seconds: number;
  /** Of the chosen candidate at its best epoch; undefined where nothing was held back. */
  readonly validationLoss: number | undefined;
  readonly validationScore: number | undefined;
}
