/**
 * Layers and models: modules hold parameters and states in boxes and are called like functions. `module.ts` and
 * `param.ts` say what they are; `params.ts` how a model's parameters are listed, initialised and made arguments;
 * `architecture.ts` how a model becomes JSON.
 */
import "../compile/index.ts";

export { type Activation, elu, gelu, leakyRelu, relu, sigmoid, softmax, softplus, tanh } from "./activations.ts";
export { type Architecture, type Builder, build, describe, register } from "./architecture.ts";
export { Dense, type DenseOptions, dense } from "./dense.ts";
export { Dropout, dropout } from "./dropout.ts";
export { exampleWeights, withExampleWeights } from "./example-weights.ts";
export { flatten } from "./flatten.ts";
export { GaussianNoise, gaussianNoise } from "./gaussian-noise.ts";
export {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  orthogonal,
  uniform,
  zeros,
} from "./initializers.ts";
export type { LayerFunction } from "./layer-function.ts";
export { evaluation, isTraining, training } from "./mode.ts";
export { type AnyModule, Module } from "./module.ts";
export {
  BatchNorm,
  type BatchNormOptions,
  batchNorm,
  LayerNorm,
  type LayerNormOptions,
  layerNorm,
} from "./normalization.ts";
export { Param, type ParamOptions, State, type StateOptions } from "./param.ts";
export { type Functional, functional, type InitializeOptions, initialize, params, states } from "./params.ts";
export { type Layer, Sequential, sequential } from "./sequential.ts";
