/** What the page is told of a training. */

import type { Axes } from "../state/index.ts";
import type { NetworkDistributions } from "./distributions.ts";

/** Cells along a side of the decision surface, and of the surface of a unit. */
export const SURFACE_SIDE = 96;
export const UNIT_SIDE = 32;
/** Cells along a side of the loss surface. */
export const LANDSCAPE_SIDE = 33;

/** Lines of the grid that is carried through the layers, in each direction, and steps of a line from one crossing to the next. */
export const GRID_LINES = 21;
export const GRID_STEPS = 5;
/** The nodes of one line, and of all: the lines of constant y, from the lowest, and then those of constant x. */
export const LINE_NODES = (GRID_LINES - 1) * GRID_STEPS + 1;
export const GRID_NODES = 2 * GRID_LINES * LINE_NODES;

/** How far to train before the next snapshot. */
export type Advance = { readonly steps: number } | { readonly epochs: number } | { readonly milliseconds: number };

/** Why there is no further step. */
export interface End {
  /** Whether it is because a minimum was found. */
  readonly converged: boolean;
  /** In the library's words. */
  readonly reason: string;
}

export interface Score {
  /** The mean loss of the examples, without the penalty on weights. */
  readonly loss: number;
  /** In [0, 1]; undefined in a regression. */
  readonly accuracy: number | undefined;
}

/** A plane through the space of all weights. */
export type PlaneWish =
  /** In which most of the path lies. */
  | { readonly kind: "path" }
  /** Of two weights, by their places in the list of all. */
  | { readonly kind: "weights"; readonly weights: readonly [number, number] }
  | { readonly kind: "random"; readonly seed: number };

/** The loss on a square of a plane, and paths seen from above. */
export interface Landscape {
  /** The coordinates of the middle, and how far the square reaches from it to each side. */
  readonly centre: readonly [a: number, b: number];
  readonly half: number;
  /** The loss with the penalty, at the centres of cells, row by row from the top left. */
  readonly losses: Float32Array;
}

/**
 * What a part of the page may want to see with each snapshot: how it is asked for, and what is seen. Only what is wanted is
 * computed. Each view has its file in `views/`.
 */
export interface Views {
  /** [outputs, cells of the fine grid]: probabilities, or values. */
  surface: { asked: true; seen: Float32Array };
  /** For the features and each layer, [units, cells of the coarse grid]. */
  units: { asked: true; seen: readonly Float32Array[] };
  /** The loss is computed anew when something else is asked; `fresh` may be any number, to have it so. */
  landscape: {
    asked: { readonly plane: PlaneWish; readonly fresh: number };
    seen: Landscape & {
      /** Where the weights were, from the start to now: a and b of each place in turn. */
      readonly path: Float32Array;
      /** The share of the path's way that lies in the plane. */
      readonly share: number;
    };
  };
  /** What goes through each layer and comes back, over the training points. */
  layers: { asked: true; seen: NetworkDistributions };
  /** The plane on its way through the layers; the axes are for the features and each layer. */
  space: { asked: readonly Axes[]; seen: Space };
}

export interface Space {
  /** For each stage the two chosen values of the nodes of the grid, the training and the test points, [n, 2]. A layer of one
   * unit gives its value and, in place of a second one, y as a share of its extent. */
  readonly stages: readonly Float32Array[];
  /** What the network says at the nodes of the grid, [outputs, nodes], as in `surface`. */
  readonly outputs: Float32Array;
  /** The raw outputs over the plane of the last hidden layer (or the features): α, β, γ of αu + βv + γ for each, [outputs, 3],
   * the other units held at their mean over the training points. */
  readonly cut: Float32Array;
}

export type ViewName = keyof Views;
export type Wanted = { readonly [K in ViewName]?: Views[K]["asked"] };
export type Seen = { readonly [K in ViewName]?: Views[K]["seen"] };

export interface Snapshot {
  /** Updates done. */
  readonly step: number;
  /** How often each training example was seen; a fraction within an epoch. */
  readonly epoch: number;
  readonly training: Score;
  /** Undefined without test examples. */
  readonly test: Score | undefined;
  /** Whether the loss is no longer a finite number. */
  readonly diverged: boolean;
  /** Undefined while there are steps to do. */
  readonly end: End | undefined;
  /** Layer by layer, the matrix by rows (one for each input) and then the biases. */
  readonly weights: Float32Array;
  /** What was wanted. */
  readonly views: Seen;
}

/** The most probable class: of one probability it is that of class 1. */
export function decide(probabilities: ArrayLike<number>, start: number, stride: number, count: number): number {
  if (count === 1) return (probabilities[start] as number) > 0.5 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < count; k++) {
    if ((probabilities[start + k * stride] as number) > (probabilities[start + best * stride] as number)) best = k;
  }
  return best;
}

/** How sure the choice of `decide` is: 0 where all classes are as probable, 1 where there is no doubt. */
export function certainty(
  probabilities: ArrayLike<number>,
  start: number,
  stride: number,
  count: number,
  best: number,
): number {
  const first = probabilities[start] as number;
  if (count === 1) return Math.abs(2 * first - 1);
  const probability = probabilities[start + best * stride] as number;
  return (probability - 1 / count) / (1 - 1 / count);
}

/** What the lanes of a race have come to. */
export interface RaceSnapshot {
  /** How many steps, epochs or milliseconds each lane was given. */
  readonly position: number;
  /** How many of the steps, epochs or slices of time that were asked for last it had no time for. */
  readonly left: number;
  readonly lanes: readonly LaneSnapshot[];
  /** What was wanted. */
  readonly landscape: RaceLandscape | undefined;
}

export type LaneSnapshot =
  | { readonly snapshot: Snapshot; readonly reason?: undefined }
  /** Why it could not start. */
  | { readonly snapshot?: undefined; readonly reason: string };

/** The loss of the first lane that runs, and the paths of all: a and b of each place in turn, none of a lane that does not. */
export interface RaceLandscape extends Landscape {
  readonly paths: readonly Float32Array[];
  /** The share of their ways that lies in the plane, without those that have gone far away. */
  readonly share: number;
}

export interface RaceWanted {
  /** Whether each lane's snapshot has its surface. */
  readonly surface: boolean;
  readonly landscape?: Views["landscape"]["asked"];
}
