/** How weights get from step to step. */
import type { End } from "../snapshot.ts";

export interface Course {
  /** Updates done. */
  readonly step: number;
  /** How often each training example was seen; a fraction within an epoch. */
  readonly epoch: number;
  /** Why there is no further step. */
  readonly end?: End | undefined;
  /** Does steps; only what takes its time gives a promise. */
  steps(count: number): Promise<void> | undefined;
  /** Goes on to the end of the epoch. */
  finishEpoch(): Promise<void> | undefined;
  /** Weights were set by hand. */
  moved(): void;
}
