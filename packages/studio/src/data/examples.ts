/** A state's data as training and test examples. */
import { type Tensor, tensor } from "chainrule";
import { splitIndices } from "chainrule/data";
import { isRegression, outputsOf, type Point, type State } from "../state/index.ts";
import { featureTensor, placesOf } from "./features.ts";
import { drawSet } from "./sets.ts";

/** Examples for the network. */
export interface Part {
  /** [n, features] */
  readonly x: Tensor;
  /** [n, 1], float: values, or the class for two classes; else int32 [n], the class. */
  readonly y: Tensor;
  readonly points: readonly Point[];
}

export interface Examples {
  /** Undefined if there is no point. */
  readonly training: Part | undefined;
  readonly test: Part | undefined;
}

/** The points of the visitor are for training. */
export function examplesOf(state: State): Examples {
  const [training, test] = divide(state, drawSet(state));
  return { training: partOf(state, [...training, ...state.own]), test: partOf(state, test) };
}

function divide(
  { testShare, dataSeed }: State,
  points: readonly Point[],
): [training: readonly Point[], test: readonly Point[]] {
  if (testShare === 0 || points.length < 2) return [points, []];
  // With 20 points a small share may be less than one of them.
  const fraction = Math.max(testShare, 1 / points.length);
  const parts = splitIndices(tensor(points.map(([, , target]) => target)), { fraction, seed: dataSeed });
  return parts.map((indices) => Array.from(indices, (i) => points[i] as Point)) as [Point[], Point[]];
}

function partOf(state: State, points: readonly Point[]): Part | undefined {
  if (points.length === 0) return undefined;
  const targets = points.map(([, , target]) => target);
  const single = isRegression(state) || outputsOf(state) === 1;
  const y = single
    ? tensor(Float32Array.from(targets), { shape: [targets.length, 1] })
    : tensor(targets, { dtype: "int32" });
  return { x: featureTensor(placesOf(points), state.features), y, points };
}
