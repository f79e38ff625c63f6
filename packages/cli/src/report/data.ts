/**
 * What a report tells, as plain data: `train` fills it, `renderReport` shows it. A part that is not there is left out of the page;
 * a part that is `{ absent }` says there why it is missing.
 */
import type { Assessment, GradientSummary, Point } from "../assess/index.ts";

/** Why something that a reader would look for is not there: one sentence. */
export interface Absent {
  readonly absent: string;
}

export type Part<T> = T | Absent | undefined;

export interface ReportData {
  /** The name of the column that is predicted. */
  readonly target: string;
  /** Of its values, such as "mm"; where it has one. */
  readonly unit?: string;
  /** The file that the data came from, as the user named it. */
  readonly source: string;
  readonly task: "classification" | "regression";
  /** When the run ended. */
  readonly date: Date;
  /** Things a reader must know before all else, such as that the run was interrupted; sentences. */
  readonly cautions?: readonly string[];
  /** On rows that the model has not seen. */
  readonly assessment?: Part<Assessment>;
  /** In place of an assessment: how trainings of the same recipe did, each on the rows that it had not seen. */
  readonly folds?: FoldFigures;
  /** Which rows these are; default "test". Validation rows were used to choose, so the numbers flatter. */
  readonly assessedOn?: "test" | "validation";
  readonly choices?: readonly Choice[];
  readonly data?: DataOverview;
  readonly training?: Part<TrainingCurves>;
  /** True and predicted values of the rows assessed, for pictures; of a regression. `scatterPoints` thins them. */
  readonly points?: readonly Point[];
  /** The rows of the assessment's mistakes as they stand in the file. */
  readonly mistakes?: Part<MistakenRows>;
  readonly importance?: Part<Importance>;
  readonly gradients?: Part<GradientSummary>;
  readonly candidates?: Part<Candidates>;
  readonly model?: ModelFacts;
  readonly reproduction?: Reproduction;
}

export interface FoldFigures {
  /** "accuracy", "R²" */
  readonly metric: string;
  readonly scores: readonly number[];
  readonly mean: number;
  /** NaN of one fold. */
  readonly deviation: number;
}

/** Something that was decided. */
export interface Choice {
  /** "learning rate" */
  readonly name: string;
  /** "0.003" */
  readonly value: string;
  /** Why so. */
  readonly reason: string;
  /** How to choose otherwise: "--learning-rate". */
  readonly option?: string;
}

export interface DataOverview {
  /** Rows of the file that were used. */
  readonly rows: number;
  /** Rows of the file that were not, and why. */
  readonly dropped?: { readonly rows: number; readonly reason: string };
  /** How many rows served for what; 0 where there were none. */
  readonly split: { readonly training: number; readonly validation: number; readonly test: number };
  readonly columns: readonly ColumnOverview[];
  /** What a look at the data found. */
  readonly findings: readonly DataFinding[];
}

/** As `inferColumns` of chainrule/table tells it. */
export interface ColumnOverview {
  readonly name: string;
  readonly use: "feature" | "target" | "none";
  /** "number", "category", "date" … */
  readonly kind: string;
  /** Why it was taken for that, or left out. */
  readonly reason: string;
  /** Cells without a value. */
  readonly missing: number;
  readonly distinct: number;
  /** Of numbers. */
  readonly numbers?: { readonly min: number; readonly max: number } | undefined;
  /** Some of its values. */
  readonly examples: readonly string[];
}

/** As in `Finding` of chainrule/data. */
export interface DataFinding {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly advice: string;
}

/** What is known after an epoch. */
export interface Epoch {
  readonly epoch: number;
  /** Of the training rows. */
  readonly loss: number;
  readonly validationLoss?: number;
  /** Of the training rows, as named by `score`. */
  readonly score?: number;
  readonly validationScore?: number;
}

export interface TrainingCurves {
  readonly history: readonly Epoch[];
  /** The name of the loss, such as "cross-entropy". */
  readonly loss: string;
  /** The name of the score, of which more is better, such as "accuracy"; where it was measured. */
  readonly score?: string;
  /** That of the lowest validation loss; its weights were kept, unless there was a `refit`. */
  readonly bestEpoch?: number;
  /** Why training ended: a sentence. */
  readonly ended: string;
  /** Of all trainings. */
  readonly seconds?: number;
  /** How many trainings there were, those that were compared included; default 1. */
  readonly trainings?: number;
  /** In how many parts rows were held back in turn, of which the history is the first. */
  readonly folds?: number;
  /** For how many epochs the network was then trained anew on all rows. */
  readonly refit?: number;
}

/** Rows in the order of the assessment's mistakes. */
export interface MistakenRows {
  readonly columns: readonly string[];
  readonly rows: readonly {
    /** Where it stands in the file: "line 17". */
    readonly place: string;
    /** As written there; null for a missing value, however that is written. */
    readonly cells: readonly (string | number | boolean | null)[];
  }[];
}

/** As `permutationImportance` of chainrule/table tells it. */
export interface Importance {
  /** Which metric gets worse: "accuracy". */
  readonly metric: string;
  /** On which rows: "38 test rows". */
  readonly rows: string;
  readonly repeats: number;
  /** The most important first. */
  readonly columns: readonly {
    readonly column: string;
    /** How much worse it gets, the mean of the repeats. */
    readonly mean: number;
    readonly deviation: number;
  }[];
}

/** The networks that were tried. */
export interface Candidates {
  /** "validation loss" */
  readonly metric: string;
  /** The settings that differ: names, and values by candidate. */
  readonly settings: readonly string[];
  readonly tried: readonly {
    readonly values: readonly (string | number)[];
    /** Null where it did not come to an end. */
    readonly score: number | null;
    readonly deviation?: number;
    readonly epochs?: number;
    readonly chosen: boolean;
  }[];
}

export interface ModelFacts {
  /** The model file, as the user named it; absent where none was written. */
  readonly file?: string;
  readonly bytes?: number;
  readonly parameters: number;
  readonly layers: readonly {
    readonly name: string;
    /** "dense, relu" */
    readonly kind: string;
    /** Of its output for one row: "[64]". */
    readonly output: string;
    readonly parameters: number;
  }[];
}

export interface Reproduction {
  /** The command line, as it can be pasted into a shell. */
  readonly command: string;
  readonly seed: number;
  /** What ran, with its version: chainrule, Node … */
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly fingerprint?: string;
}

/** What is there of a part; undefined where nothing is. */
export const present = <T extends object>(part: Part<T>): T | undefined =>
  part === undefined || "absent" in part ? undefined : part;
