/** Functions that serve as layers, and know how they are written in a model file. */
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
    const output = f(x);
    tellCall(layer, [x], output);
    return output;
  };
  specs.set(layer, { type, config });
  return Object.defineProperty(layer, "name", { value: type });
}

/** The type and settings of a function made by `layerFunction`, else undefined. */
export const specOf = (f: LayerFunction) => specs.get(f);
