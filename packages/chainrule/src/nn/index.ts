/**
 * Layers and models: modules hold parameters and states in boxes and are called like functions. `module.ts` and
 * `param.ts` say what they are; `params.ts` how a model's parameters are listed, initialised and made arguments;
 * `architecture.ts` how a model becomes JSON.
 */
import "../compile/index.ts";

export {
  type Activation,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  linear,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  step,
  swish,
  tanh,
} from "./activations.ts";
export { type Architecture, type Builder, build, describe, register } from "./architecture.ts";
export { truthTable } from "./boolean.ts";
export { Dense, type DenseOptions, dense } from "./dense.ts";
export { Dropout, dropout } from "./dropout.ts";
export { exampleWeights, withExampleWeights } from "./example-weights.ts";
export { type FeatureMap, type FourierOptions, fourier, interactions, polynomial } from "./features.ts";
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
export { outputMismatch, warnMismatch } from "./mismatch.ts";
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
export {
  Perceptron,
  type PerceptronOptions,
  type PerceptronResult,
  perceptron,
  type TrainPerceptronOptions,
  trainPerceptron,
} from "./perceptron.ts";
export { type PermuteOptions, permuteHiddenUnits } from "./permute.ts";
export { Prelu, prelu } from "./prelu.ts";
export { type Layer, Sequential, sequential } from "./sequential.ts";
export { type Summary, type SummaryRow, summary } from "./summary.ts";
export { type Task, type TaskKind, type TaskOptions, task } from "./task.ts";
export { sigmoidTowers, type TowerOptions, type Towers } from "./towers.ts";
