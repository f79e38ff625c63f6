/**
 * Where the transforms find each other: the rules of control flow need all of them, and each of them runs those rules.
 */
import type { GraphTransforms } from "../graph/primitive.ts";

let transforms: GraphTransforms | undefined;

export function setGraphTransforms(all: GraphTransforms): void {
  transforms = all;
}

export function graphTransforms(): GraphTransforms {
  if (transforms === undefined) throw new Error("No transforms: import them through transform/index.ts.");
  return transforms;
}
