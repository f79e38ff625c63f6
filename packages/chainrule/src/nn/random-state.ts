/** The random key of a layer: a state, so that it is saved, resumed and carried from step to step with the model. */
import { split } from "../ops/composed/random.ts";
import { constant } from "../ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { State } from "./param.ts";

/** A state for the key of the next call; its initial value comes from the seed and the layer's name. */
export const keyState = (): State => new State([2], (key) => key, { dtype: "int32" });

/** A key for this call; another one is left for the next. */
export function takeKey(state: State): Tensor {
  const keys = split(state.value);
  state.value = keys.gather(constant(1, "int32"));
  return keys.gather(constant(0, "int32"));
}
