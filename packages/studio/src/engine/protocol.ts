/** The messages between the page and the worker. The page asks, and each question has one answer: nothing piles up. */
import type { Point, State } from "../state/index.ts";
import type { Advance, Snapshot } from "./snapshot.ts";

export type Request =
  /** Begin anew with this state. */
  | { readonly kind: "load"; readonly state: State }
  /** Set a weight of layer `layer` (0 is the first hidden one); from −1 is the bias. */
  | {
      readonly kind: "weight";
      readonly layer: number;
      readonly from: number;
      readonly to: number;
      readonly value: number;
    }
  /** Train on, and show; without `advance` only show. */
  | { readonly kind: "advance"; readonly advance?: Advance };

export type Reply =
  /** The answer to "load". */
  | {
      readonly kind: "loaded";
      readonly snapshot: Snapshot;
      readonly training: readonly Point[];
      readonly test: readonly Point[];
    }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  /** Something the visitor can mend, in words. */
  | { readonly kind: "refused"; readonly reason: string };
