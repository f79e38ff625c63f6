/** What a state says about the network and its training, as objects of the library. */
import { type Tensor, tensor } from "chainrule";
import {
  binaryCrossEntropy,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
} from "chainrule/loss";
import {
  type Activation,
  type Dense,
  dense,
  elu,
  functional,
  gelu,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  initialize,
  leakyRelu,
  linear,
  normal,
  params,
  relu,
  type Sequential,
  sequential,
  sigmoid,
  silu,
  tanh,
  zeros,
} from "chainrule/nn";
import {
  adagrad,
  adam,
  cosine,
  exponential,
  inverseTime,
  l1,
  l2,
  lbfgs,
  type Method,
  newton,
  type Optimizer,
  type Regularizer,
  rmsprop,
  type Schedule,
  sgd,
  stepDecay,
} from "chainrule/optim";
import { isRegression, outputsOf, type State, widthsOf } from "../state/index.ts";
import type { LossFormula } from "./flow/index.ts";

const ACTIVATION: Readonly<Record<State["activation"], Activation>> = {
  tanh,
  relu,
  sigmoid,
  linear,
  leakyRelu: leakyRelu(),
  elu: elu(),
  gelu,
  silu,
};

const INITIALIZER: Readonly<Record<State["initializer"], Initializer>> = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  normal: normal({ deviation: 0.5 }),
  zeros,
};

export interface Network {
  readonly model: Sequential;
  readonly layers: readonly Dense[];
  /** Of the hidden layers. */
  readonly activation: Activation;
  /** What happens on the way, for inputs [n, features]: each hidden layer's sums and activations, then the raw outputs. */
  readonly stages: (x: Tensor) => Tensor[];
  /** The values of all layers for inputs [n, features]: activations of the hidden ones, then the raw outputs. */
  readonly values: (x: Tensor) => Tensor[];
}

/** The network with its first weights. */
export function networkOf(state: State): Network {
  const [activation, weightInit] = [ACTIVATION[state.activation], INITIALIZER[state.initializer]];
  const widths = widthsOf(state);
  const layers = widths.slice(1).map((width, i) => dense(widths[i] as number, width, { weightInit }));
  const model = sequential(...layers.flatMap((layer, i) => (i < layers.length - 1 ? [layer, activation] : [layer])));
  initialize(model, { seed: state.seed });
  if (state.weights !== null) setWeights(layers, state.weights);
  const stages = (x: Tensor): Tensor[] => {
    const all: Tensor[] = [];
    layers.forEach((layer, i) => {
      const raw = layer(all.at(-1) ?? x);
      all.push(raw);
      if (i < layers.length - 1) all.push(activation(raw));
    });
    return all;
  };
  const values = (x: Tensor): Tensor[] => stages(x).filter((_, i, { length }) => i % 2 === 1 || i === length - 1);
  return { model, layers, activation, stages, values };
}

/** The parameters of each layer: the matrix, then the biases. */
const parametersOf = (layers: readonly Dense[]) =>
  layers.flatMap(({ weight, bias }) => (bias === undefined ? [weight] : [weight, bias]));

/** All weights as one list: layer by layer, the matrix by rows (one for each input) and then the biases. */
export function getWeights(layers: readonly Dense[]): Float32Array {
  const parts = parametersOf(layers).map(({ value }) => value.dataSync());
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function setWeights(layers: readonly Dense[], all: ArrayLike<number>): void {
  const numbers = Float32Array.from(all);
  let at = 0;
  for (const parameter of parametersOf(layers)) {
    const size = parameter.shape.reduce((product, extent) => product * extent, 1);
    parameter.value = tensor(numbers.subarray(at, at + size), { shape: parameter.shape });
    at += size;
  }
}

/** What outputs mean: probabilities of classes (of class 1, if there are two), or values. */
export function readOutputs(state: State, outputs: Tensor): Tensor {
  if (isRegression(state)) return outputs;
  return outputsOf(state) === 1 ? outputs.sigmoid() : outputs.softmax();
}

/** The loss of raw outputs. */
export function lossOf(state: State): Loss {
  if (isRegression(state)) {
    return { squaredError: meanSquaredError, absoluteError: meanAbsoluteError, huber }[state.valueLoss];
  }
  const outputs = outputsOf(state);
  if (state.classLoss === "crossEntropy") return outputs === 1 ? binaryCrossEntropy : softmaxCrossEntropy;
  return (logits, target) => {
    const wanted = outputs === 1 ? target : target.oneHot(outputs);
    return meanSquaredError(readOutputs(state, logits), wanted);
  };
}

/** How the losses are written that are the studio's own; the library knows its own. */
export function formulaOf(state: State): LossFormula | undefined {
  if (isRegression(state) || state.classLoss === "crossEntropy") return undefined;
  if (outputsOf(state) === 1) {
    return {
      value: "\\frac1N \\sum (\\sigma(\\hat y) - y)^2",
      gradient: "\\frac2N (\\sigma(\\hat y) - y) \\odot \\sigma(\\hat y) \\odot (1 - \\sigma(\\hat y))",
    };
  }
  const p = "\\operatorname{softmax}(\\hat y)";
  return {
    value: `\\frac1N \\sum (${p} - e(y))^2`,
    gradient: `\\left(\\frac{\\partial p}{\\partial \\hat y}\\right)^{\\top} \\frac2N (p - e(y)), \\quad p = ${p}`,
  };
}

/** α of the step after `steps` others. */
export function rateAfter(state: State, steps: number): number {
  const schedule = scheduleOf(state);
  return typeof schedule === "number" ? schedule : schedule(tensor(steps)).itemSync();
}

function scheduleOf({ rate, schedule, decaySteps: steps }: State): Schedule {
  switch (schedule) {
    case "constant":
      return rate;
    case "inverseTime":
      return inverseTime(rate, { decay: 1 / steps });
    case "stepDecay":
      return stepDecay(rate, { factor: 0.5, every: steps });
    case "exponential":
      return exponential(rate, { factor: 0.5, every: steps });
    case "cosine":
      return cosine(rate, { steps });
  }
}

/** Of an optimizer that sees all examples in every step; undefined of one that goes batch by batch. */
export function methodOf({ optimizer }: State): Method | undefined {
  if (optimizer === "newton") return newton();
  return optimizer === "lbfgs" ? lbfgs() : undefined;
}

/** Of an optimizer that goes batch by batch. */
export function optimizerOf(state: State): Optimizer {
  const [learningRate, { momentum }] = [scheduleOf(state), state];
  switch (state.optimizer) {
    case "sgd":
      return sgd({ learningRate });
    case "momentum":
      return sgd({ learningRate, momentum });
    case "nesterov":
      return sgd({ learningRate, momentum, nesterov: true });
    case "adagrad":
      return adagrad({ learningRate });
    case "rmsprop":
      return rmsprop({ learningRate });
    case "adam":
      return adam({ learningRate });
    case "newton":
    case "lbfgs":
      throw new Error(`${state.optimizer} does not go batch by batch.`);
  }
}

/** What a training makes small, as a function of the weights: the loss of examples, with the penalty on weights. */
export function objectiveOf(
  state: State,
  model: Sequential,
  loss: Loss,
  { x, y }: { readonly x: Tensor; readonly y: Tensor },
): (weights: Record<string, Tensor>) => Tensor {
  const [{ apply }, boxes, regularizer] = [functional(model), Object.entries(params(model)), regularizerOf(state)];
  return (weights) => {
    const cost = loss(apply(weights, x), y);
    if (regularizer === undefined) return cost;
    const penalized = boxes.map(([name, { regularize }]) => [name, { value: weights[name] as Tensor, regularize }]);
    return cost.add(regularizer(Object.fromEntries(penalized)));
  };
}

export function regularizerOf({ regularizer, penalty }: State): Regularizer | undefined {
  if (regularizer === "none") return undefined;
  return regularizer === "l1" ? l1(penalty) : l2(penalty);
}
