/** How the recipe makes the activations and optimizers that go by a name. */
import {
  elu,
  gelu,
  glorotUniform,
  heUniform,
  type Initializer,
  type Layer,
  relu,
  sigmoid,
  silu,
  tanh,
} from "chainrule/nn";
import { adam, adamw, type Optimizer, rmsprop, type ScheduleFunction, sgd } from "chainrule/optim";
import type { ActivationName, OptimizerName } from "./names.ts";

/** With the initial weights that keep the size of what flows through; see each initializer for its source. */
const ACTIVATIONS = {
  relu: [relu, heUniform],
  gelu: [gelu, heUniform],
  silu: [silu, heUniform],
  elu: [elu(), heUniform],
  tanh: [tanh, glorotUniform],
  sigmoid: [sigmoid, glorotUniform],
} as const satisfies Record<ActivationName, readonly [Layer, Initializer]>;

/** With the highest learning rate that is used where none is told: ten times the usual ones, since it falls to 0. */
const OPTIMIZERS = {
  adam: [(learningRate: ScheduleFunction) => adam({ learningRate }), 0.01],
  adamw: [(learningRate: ScheduleFunction) => adamw({ learningRate }), 0.01],
  rmsprop: [(learningRate: ScheduleFunction) => rmsprop({ learningRate }), 0.003],
  sgd: [(learningRate: ScheduleFunction) => sgd({ learningRate, momentum: 0.9 }), 0.05],
} as const satisfies Record<OptimizerName, readonly [(rate: ScheduleFunction) => Optimizer, number]>;

export const activationOf = (name: ActivationName): { readonly layer: Layer; readonly weightInit: Initializer } => {
  const [layer, weightInit] = ACTIVATIONS[name];
  return { layer, weightInit };
};

export const optimizerOf = (name: OptimizerName, rate: ScheduleFunction): Optimizer => OPTIMIZERS[name][0](rate);

export const usualRate = (name: OptimizerName): number => OPTIMIZERS[name][1];

/** Whether a unit whose weights are all 0 gives 0. */
export const isZeroAtZero = (name: ActivationName): boolean => name !== "sigmoid";
