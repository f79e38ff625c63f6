/** The networks of the rows. */
import type { Optimizer, Problem } from "../problem.ts";

const momentum: Optimizer = { kind: "sgd", learningRate: 0.01, momentum: 0.9 };

/** 2-8-1 on the exclusive or, plain gradient descent. */
export const xor: Problem = {
  name: "xor",
  layers: [2, 8, 1],
  hidden: "tanh",
  output: "sigmoid",
  loss: "meanSquared",
  optimizer: { kind: "sgd", learningRate: 0.5, momentum: 0 },
  batch: 4,
  batches: 1,
};

/** The size of a first network for MNIST. */
export const mlp: Problem = {
  name: "mlp",
  layers: [784, 128, 64, 10],
  hidden: "relu",
  output: "linear",
  loss: "crossEntropy",
  optimizer: momentum,
  batch: 64,
  batches: 8,
};

export const mlpAdam: Problem = {
  ...mlp,
  name: "mlp-adam",
  optimizer: { kind: "adam", learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

export const wide: Problem = {
  ...mlp,
  name: "wide",
  layers: [1024, 1024, 1024, 10],
  batch: 256,
  batches: 4,
  optimizer: { ...momentum, learningRate: 0.001 },
};

export const deep: Problem = {
  ...mlp,
  name: "deep",
  layers: [...Array.from({ length: 20 }, () => 64), 10],
  hidden: "tanh",
  batch: 32,
  // With 0.01 the steps are so unstable that round-off alone shows in the loss after 200.
  optimizer: { ...momentum, learningRate: 0.003 },
};

export const single: Problem = { ...mlp, name: "infer", batch: 1, batches: 64 };
