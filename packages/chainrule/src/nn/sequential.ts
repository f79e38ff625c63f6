/** Layers one after another. */
import { located } from "../graph/errors.ts";
import { withScope } from "../graph/scope.ts";
import { describeValue, type JsonObject } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { tellCall } from "./calls.ts";
import { type LayerFunction, specOf } from "./layer-function.ts";
import { Module } from "./module.ts";

/** A module or a plain function from tensor to tensor, such as an activation. */
export type Layer = Module | LayerFunction;

/** Made by `sequential`. */
export class Sequential extends Module {
  static readonly type = "sequential";
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    super();
    layers.forEach((layer: unknown, i) => {
      if (typeof layer !== "function") {
        throw new TypeError(
          `sequential: layer ${i} is ${describeValue(layer)}. Layers are modules such as dense(2, 3) and functions from ` +
            "tensor to tensor such as relu.",
        );
      }
      if (layer.prototype instanceof Module) {
        throw new TypeError(
          `sequential: layer ${i} is the class ${layer.name}. Make a layer of it: new ${layer.name}(…).`,
        );
      }
    });
    this.layers = [...layers];
  }

  forward(x: Tensor): Tensor {
    return this.layers.reduce<Tensor>((value, layer, i) => {
      // A module enters a scope of its own.
      const result: unknown =
        layer instanceof Module
          ? layer(value)
          : withScope(`${i} (${layer.name || "function"})`, () => callFunction(layer, value));
      if (result instanceof Tensor) return result;
      throw new TypeError(located(`sequential: layer ${i} gave ${describeValue(result)}, not a tensor.`));
    }, x);
  }

  override config(): JsonObject {
    return { length: this.layers.length };
  }

  /** @internal The layers are held under their positions, "0", "1", …; then come the fields of a subclass. */
  override members(): Iterable<readonly [string, unknown]> {
    return [...Object.entries(this.layers), ...[...super.members()].filter(([key]) => key !== "layers")];
  }
}

/** Those that the library makes tell of their calls themselves. */
function callFunction(layer: LayerFunction, x: Tensor): Tensor {
  const output = layer(x);
  if (specOf(layer) === undefined) tellCall(layer, [x], output);
  return output;
}

/**
 * A model of layers that follow one another; each gets the result of the one before. Parameters are named by position:
 * "0.weight".
 *
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { dense, relu, sequential } from "chainrule/nn";
 * const model = sequential(dense(64, 32), relu, dense(32, 10));
 * ```
 */
export const sequential = (...layers: readonly Layer[]): Sequential => new Sequential(layers);
