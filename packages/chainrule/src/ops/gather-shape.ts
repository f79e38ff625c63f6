/** The shape rule that gather and scatter-add share. */
import { DTypeError, located } from "../graph/errors.ts";
import type { Aval } from "../graph/node.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { shapeError } from "./define.ts";

/** The first `batch` dimensions of both inputs run in parallel; batch ≤ axis. */
export interface GatherAttrs {
  readonly axis: number;
  readonly batch: number;
  readonly [key: string]: number;
}

/** The shape of a gather: x without the axis, with the dimensions of the indices in its place. */
export function gatherShape(x: Aval, indices: Aval, { axis, batch }: GatherAttrs): number[] {
  if (indices.dtype !== "int32") {
    throw new DTypeError(located(`gather: indices are ${indices.dtype}, not int32. Convert with .cast("int32").`));
  }
  if (!sameShape(x.shape.slice(0, batch), indices.shape.slice(0, batch))) {
    throw shapeError(
      "gather",
      `the leading dimensions of ${formatShape(x.shape)} and of the indices ${formatShape(indices.shape)} differ.`,
    );
  }
  return [...x.shape.slice(0, axis), ...indices.shape.slice(batch), ...x.shape.slice(axis + 1)];
}

/** The same gather with one more parallel dimension in front. */
export const deeper = (attrs: GatherAttrs): GatherAttrs => ({ axis: attrs.axis + 1, batch: attrs.batch + 1 });
