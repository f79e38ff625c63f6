/** What the page is told of a model that was opened, and of a row that went through it. Texts out of the file are short and on one line. */

/** A line of what is known of a file: what it is called, and what it says. */
export type Fact = readonly [name: string, value: string];

export interface LayerFacts {
  readonly path: string;
  readonly type: string;
  readonly shape: readonly number[] | undefined;
  readonly parameters: number;
  readonly flops: number;
}

export interface ParameterFacts {
  /** As the file has it. */
  readonly name: string;
  readonly label: string;
  readonly shape: readonly number[];
  /** Whether it has a gradient; a state has none. */
  readonly trained: boolean;
}

/** A column of a model of rows. */
export interface ColumnFacts {
  /** As the file has it. */
  readonly name: string;
  readonly label: string;
  readonly kind: "number" | "date" | "boolean" | "category";
  /** How many numbers are made of it. */
  readonly features: number;
  /** What is done with a cell, in words. */
  readonly how: string;
  /** What a row has there usually: what stands for a missing value. */
  readonly usual: string;
  /** Of a category or a boolean. */
  readonly choices: readonly string[];
}

/** Inputs that are the pixels of a square picture. */
export interface PictureFacts {
  readonly side: number;
  /** The pixel, by rows, that each input is; undefined where they are all there and in order. */
  readonly pixels: Int32Array | undefined;
  /** The number that stands for ink. */
  readonly ink: number;
}

/** What the outputs are: a class each, the second of two classes, or values. */
export type Reading = "classes" | "binary" | "values";

export interface ModelFacts {
  /** Questions about it give this number, so that none is answered by another model. */
  readonly id: number;
  readonly kind: "network" | "table";
  /** The file. */
  readonly file: readonly Fact[];
  /** How it was made, as far as the file tells. */
  readonly training: readonly Fact[];
  /** What `chainrule train` chose, and why. */
  readonly choices: readonly Fact[];
  readonly layers: readonly LayerFacts[];
  readonly parameters: readonly ParameterFacts[];
  /** How many numbers are trained. */
  readonly size: number;
  readonly flops: number;
  /** Weights that are not numbers. */
  readonly broken: number;
  /** Numbers that the network takes, with their names in a model of rows. */
  readonly inputs: number;
  readonly inputNames: readonly string[];
  readonly columns: readonly ColumnFacts[];
  /** Columns beyond those told of; they keep their usual values. */
  readonly moreColumns: number;
  readonly picture: PictureFacts | undefined;
  readonly reading: Reading;
  readonly outputs: number;
  /** Of a model of rows: what it predicts, and the names of the classes. */
  readonly target: string | undefined;
  readonly classes: readonly string[];
  readonly unit: string;
  /** Of values: a value like those that it learned from. */
  readonly usualTarget: number;
  /** From outputs to a prediction, in words. */
  readonly meaning: string;
}

/** What goes in: the cells of a row by the names of the columns, or the numbers of a plain network. */
export type RowInput = { readonly cells: Readonly<Record<string, string>> } | { readonly values: Float32Array };

export interface Tried {
  /** What the network gets. */
  readonly features: Float32Array;
  readonly outputs: Float32Array;
  /** Of the classes; none of values. */
  readonly probabilities: Float32Array;
  /** The most probable class; of values the first output. */
  readonly winner: number;
  /** Predicted values, on the scale of the column; none of classes. */
  readonly values: Float64Array;
  /** The derivative of the winner's output by each input of the network: what speaks for it, and what against. */
  readonly slopes: Float32Array;
  /** What was strange about the cells. */
  readonly notes: readonly string[];
}

/** A row, and what would be right for it: the number of a class, or a value on the scale of the column. */
export interface Case {
  readonly input: RowInput;
  readonly target: number;
}

/** The numbers of one parameter, or what one row's loss changes with each. */
export interface WeightFacts {
  readonly name: string;
  readonly gradient: boolean;
  /** The rows that are shown, and the numbers in each; a file may have more. */
  readonly rows: number;
  readonly columns: number;
  /** How many there are. */
  readonly allRows: number;
  readonly allColumns: number;
  readonly values: Float32Array;
  /** Of all finite ones. */
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly deviation: number;
  readonly zeros: number;
  readonly broken: number;
  /** One edge more than bins. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/** What went through a layer and the activations after it, one number for each unit. */
export interface LayerPass {
  readonly path: string;
  readonly type: string;
  readonly activations: readonly string[];
  readonly z: Float32Array;
  readonly a: Float32Array;
  readonly gradA: Float32Array;
  /** ∂L/∂z */
  readonly delta: Float32Array;
}

export interface Pass {
  readonly loss: number;
  readonly layers: readonly LayerPass[];
  readonly inputs: Float32Array;
  readonly gradInput: Float32Array;
}
