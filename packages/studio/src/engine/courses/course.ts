/** How weights get from step to step. */
import type { Tensor } from "chainrule";
import type { Optimizer } from "chainrule/optim";
import type { End } from "../snapshot.ts";

/** What a step is made of. */
export interface NextStep {
  /** The places of its training examples. */
  readonly rows: Int32Array;
  /** How parameters follow from their gradients; undefined for methods that need more than these. */
  readonly rule?: {
    readonly optimizer: Optimizer;
    /** What the optimizer keeps, by names such as "0.weight.velocity", and "step", the number of steps done. */
    readonly kept: Readonly<Record<string, Tensor>>;
  };
}

export interface Course {
  /** Updates done. */
  readonly step: number;
  /** How often each training example was seen; a fraction within an epoch. */
  readonly epoch: number;
  readonly next: NextStep;
  /** Why there is no further step. */
  readonly end?: End | undefined;
  /** Does steps; only what takes its time gives a promise. */
  steps(count: number): Promise<void> | undefined;
  /** Goes on to the end of the epoch. */
  finishEpoch(): Promise<void> | undefined;
  /** Weights were set by hand. */
  moved(): void;
}
