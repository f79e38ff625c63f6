/** Back-propagation through any model as plain data: what is drawn, and what each step says. */

/** The numbers of a tensor as rows (one for each example, or input) and columns; of many, the first. */
export interface Numbers {
  readonly shape: readonly number[];
  /** Of the whole tensor. */
  readonly rows: number;
  readonly columns: number;
  /** How many are here. */
  readonly shownRows: number;
  readonly shownColumns: number;
  /** [shownRows, shownColumns] */
  readonly values: Float32Array;
  /** The largest size among all of them. */
  readonly largest: number;
}

export type FlowKind =
  | "input"
  | "parameter"
  | "preActivation"
  | "activation"
  | "value"
  | "target"
  | "loss"
  /** Of the weights' size, by a regularizer. */
  | "penalty";

/** Plain words, and the exact term. */
export interface Words {
  readonly plain: string;
  readonly term: string;
}

export interface FlowNode {
  /** Its place in the list of nodes; those that it is made with come before it. */
  readonly id: number;
  readonly kind: FlowKind;
  /** "z⁽¹⁾" */
  readonly label: string;
  readonly tex: string;
  /** The layer that it belongs to: "Hidden layer 1"; "" for what belongs to none. */
  readonly group: string;
  readonly words: Words;
  readonly value: Numbers;
  /** ∂L/∂value; undefined where there is none, as for targets. */
  readonly gradient: Numbers | undefined;
  /** Of a parameter: its value after the update. */
  readonly updated: Numbers | undefined;
}

export interface FlowEdge {
  /** Places of nodes. */
  readonly from: number;
  readonly to: number;
  /** What comes back is multiplied by this: "W⁽²⁾ᵀ", "tanh′", "1"; "" where nothing comes back. */
  readonly label: string;
  readonly tex: string;
  /** Its numbers in TeX; "" where they are not shown. */
  readonly numbers: string;
  /** Whether the multiplication is element by element, and not that of matrices. */
  readonly elementwise: boolean;
  /** Undefined for 1, and for Jacobians too large to be read. */
  readonly derivative: Numbers | undefined;
}

export type Phase = "forward" | "loss" | "backward" | "update";

/** An equation in TeX: with symbols, with shapes in place of them ("" where there are none), and with numbers. */
export interface Line {
  readonly symbols: string;
  readonly shapes: string;
  readonly numbers: string;
  /** What they give. */
  readonly result: string;
}

export interface FlowStep {
  readonly phase: Phase;
  /** The node that gets its value, gradient or new value. */
  readonly node: number;
  /** Places of the edges that it comes along. */
  readonly edges: readonly number[];
  readonly words: Words;
  readonly lines: readonly Line[];
}

export interface FlowTrace {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** Forward, loss, backward, update. */
  readonly steps: readonly FlowStep[];
  /** How many examples go through together. */
  readonly examples: number;
}
