/** TensorFlow.js with its WebAssembly backend, one thread: its threads need a browser's workers. */
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { batchOf, type Data, type LayerValues, type Optimizer, type Problem, type Task } from "../problem.ts";
import { fingerprint } from "./fingerprint.ts";
import { oneHot } from "./one-hot.ts";
import { serve, Unsupported, type Work } from "./serve.ts";
import { versionOf } from "./version.ts";

// Its notices go to standard output, which belongs to the protocol.
console.log = console.info = console.error;
tf.enableProdMode();
await tf.setBackend("wasm");
await tf.ready();
const importedBytes = process.memoryUsage.rss();

interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

function batches(data: Data): Batch[] {
  const { problem } = data;
  const [features, outputs] = [problem.layers[0] as number, problem.layers.at(-1) as number];
  return Array.from({ length: problem.batches }, (_, i) => {
    const { x, y } = batchOf(data, i);
    const targets = y instanceof Int32Array ? oneHot(y, outputs) : y;
    return {
      x: tf.tensor(x.slice(), [problem.batch, features]),
      y: tf.tensor(targets.slice(), [problem.batch, outputs]),
    };
  });
}

const variablesOf = (weights: readonly LayerValues[]): tf.Variable[] =>
  weights.flatMap((layer) => [
    tf.variable(tf.tensor(layer.weight, [layer.in, layer.out])),
    tf.variable(tf.tensor(layer.bias, [layer.out])),
  ]);

function forward({ hidden, output }: Problem, variables: readonly tf.Variable[], x: tf.Tensor): tf.Tensor {
  let value = x;
  for (let i = 0; i < variables.length; i += 2) {
    value = tf.add(tf.matMul(value, variables[i] as tf.Variable), variables[i + 1] as tf.Variable);
    if (i < variables.length - 2) value = hidden === "relu" ? tf.relu(value) : tf.tanh(value);
    else if (output === "sigmoid") value = tf.sigmoid(value);
  }
  return value;
}

function objective(problem: Problem, variables: readonly tf.Variable[], { x, y }: Batch): tf.Tensor {
  const prediction = forward(problem, variables, x);
  if (problem.loss === "meanSquared") return tf.mean(tf.square(tf.sub(prediction, y)));
  return tf.losses.softmaxCrossEntropy(y, prediction);
}

function optimizerOf(optimizer: Optimizer): tf.Optimizer {
  if (optimizer.kind === "sgd") {
    const { learningRate, momentum } = optimizer;
    return momentum === 0 ? tf.train.sgd(learningRate) : tf.train.momentum(learningRate, momentum);
  }
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  return tf.train.adam(learningRate, beta1, beta2, epsilon);
}

function train(data: Data): Work<tf.Tensor> {
  const { problem } = data;
  const variables = variablesOf(data.weights);
  const all = batches(data);
  let optimizer = optimizerOf(problem.optimizer);
  return {
    step: (i) => optimizer.minimize(() => objective(problem, variables, all[i % all.length] as Batch), true, variables),
    read: (loss) => {
      const value = loss.dataSync()[0] as number;
      loss.dispose();
      return [value];
    },
    drop: (loss) => loss.dispose(),
    restart() {
      optimizer.dispose();
      optimizer = optimizerOf(problem.optimizer);
      const start = variablesOf(data.weights);
      variables.forEach((variable, i) => {
        variable.assign(start[i] as tf.Variable);
      });
      for (const variable of start) variable.dispose();
    },
  };
}

function infer(data: Data): Work<Float32Array> {
  const variables = variablesOf(data.weights);
  const all = batches(data);
  return {
    step: (i) => tf.tidy(() => forward(data.problem, variables, (all[i % all.length] as Batch).x).dataSync()),
    read: (result) => Array.from(result),
  };
}

function gradient(data: Data): Work<tf.Tensor[]> {
  const variables = variablesOf(data.weights);
  const all = batches(data);
  const dispose = (tensors: readonly tf.Tensor[]): void => {
    for (const tensor of tensors) tensor.dispose();
  };
  return {
    step: (i) => {
      const { value, grads } = tf.variableGrads(
        () => objective(data.problem, variables, all[i % all.length] as Batch),
        variables,
      );
      value.dispose();
      return Object.values(grads);
    },
    read(result) {
      const numbers = fingerprint(result.map((t) => t.dataSync()));
      dispose(result);
      return numbers;
    },
    drop: dispose,
    done: true,
  };
}

function build(data: Data, task: Task): Work<unknown> {
  if (task === "train") return train(data);
  if (task === "infer") return infer(data);
  if (task === "gradient") return gradient(data);
  throw new Unsupported(
    task === "hvp"
      ? "some of its gradients have no gradients"
      : task === "per-example"
        ? "it has no vectorizing transform"
        : "measured for NumPy only",
  );
}

await serve({ version: versionOf("@tensorflow/tfjs") }, build, importedBytes);
