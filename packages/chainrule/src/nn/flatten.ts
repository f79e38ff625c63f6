/** Flattening of all dimensions but the batch. */
import { located, ShapeError } from "../graph/errors.ts";
import { sizeOf } from "../tensor/shape.ts";
import { type LayerFunction, layerFunction } from "./layer-function.ts";

/** A layer from [batch, …] to [batch, features]: all dimensions but the first become one. */
export const flatten = (): LayerFunction =>
  layerFunction("flatten", {}, (x) => {
    const [batch] = x.shape;
    if (batch === undefined) throw new ShapeError(located("flatten: takes a batch, [batch, …], and this is a scalar."));
    return x.reshape([batch, sizeOf(x.shape.slice(1))]);
  });
