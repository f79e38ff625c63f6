/** Functions that serve as layers, and know how they are written in a model file. */
import { located } from "../graph/errors.ts";
import { requireTensor } from "../graph/input.ts";
import type { JsonObject } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { tellCall } from "./calls.ts";

/** A layer without parameters: any function from tensor to tensor. */
export type LayerFunction = (x: Tensor) => Tensor;

/** How a function made by the library is written in a model file. */
const specs = new WeakMap<LayerFunction, { readonly type: string; readonly config: JsonObject }>();

/** The function, under a name that no minifier changes, with the settings that make it again. */
export function layerFunction(type: string, config: JsonObject, f: LayerFunction): LayerFunction {
  const layer: LayerFunction = (x) => {
    requireInput(type, x);
    const output = f(x);
    tellCall(layer, [x], output);
    return output;
  };
  specs.set(layer, { type, config });
  return Object.defineProperty(layer, "name", { value: type });
}

/**
 * Refuses what a layer cannot take.
 *
 * @param name the layer, as users know it
 * @throws TypeError that says how a layer is given and how it is called
 */
export function requireInput(name: string, x: unknown): asserts x is Tensor {
  if (x !== undefined) return requireTensor(name, "the input", x);
  throw new TypeError(
    located(
      `${name}: called without a tensor. A layer stands in a model as it is, sequential(dense(2, 3), relu), and is called with ` +
        "a tensor, relu(x).",
    ),
  );
}

/** The type and settings of a function made by `layerFunction`, else undefined. */
export const specOf = (f: LayerFunction) => specs.get(f);
