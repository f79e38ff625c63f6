/** The networks, data and start weights that all contenders share: generated once and written to files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Optimizer =
  | { readonly kind: "sgd"; readonly learningRate: number; readonly momentum: number }
  | {
      readonly kind: "adam";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

/** A multilayer perceptron, how it is trained and how many examples there are. */
export interface Problem {
  readonly name: string;
  /** Widths, from the inputs to the outputs. */
  readonly layers: readonly number[];
  readonly hidden: "relu" | "tanh";
  readonly output: "linear" | "sigmoid";
  /** Of class numbers, or of numbers; the mean over the batch. */
  readonly loss: "crossEntropy" | "meanSquared";
  readonly optimizer: Optimizer;
  readonly batch: number;
  /** Step i trains on batch i modulo this. */
  readonly batches: number;
}

/**
 * What is measured of a problem; "train-many" is many training steps in one call, "products" are the bare matrix
 * products of a training step.
 */
export type Task = "train" | "train-many" | "infer" | "gradient" | "hvp" | "per-example" | "products";

/** A problem whose numbers lie in files, float32 but for class numbers, which are int32. */
export interface StoredProblem extends Problem {
  readonly files: {
    /** Weight [in, out] and bias [out] of each layer in turn. */
    readonly weights: string;
    /** [batches · batch, inputs] */
    readonly inputs: string;
    /** int32 [batches · batch], or float32 [batches · batch, outputs] */
    readonly targets: string;
  };
}

export interface LayerValues {
  readonly in: number;
  readonly out: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface Data {
  readonly problem: Problem;
  readonly weights: readonly LayerValues[];
  /** A vector like the weights, for Hessian-vector products: their numbers in reverse. */
  readonly direction: readonly LayerValues[];
  readonly inputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
}

/** Products of a training step: one forward and one for the weights in each layer, one for the inputs in all but the first. */
export function trainingFlops({ layers, batch }: Pick<Problem, "layers" | "batch">): number {
  let flops = 0;
  for (let i = 1; i < layers.length; i++) {
    flops += (i === 1 ? 2 : 3) * 2 * batch * (layers[i - 1] as number) * (layers[i] as number);
  }
  return flops;
}

export function store(problem: Problem, folder: string): StoredProblem {
  const normal = normals(20261121);
  const uniform = uniforms(7);
  const weights = parameters(problem, (fanIn) => normal() * Math.sqrt((problem.hidden === "relu" ? 2 : 1) / fanIn));
  const inputs = inputsOf(problem, uniform);
  const file = (kind: string, values: Float32Array | Int32Array): string => {
    const path = join(folder, `${problem.name}.${kind}`);
    writeFileSync(path, values);
    return path;
  };
  return {
    ...problem,
    files: {
      weights: file("weights", weights),
      inputs: file("inputs", inputs),
      targets: file("targets", targetsOf(problem, inputs, normal)),
    },
  };
}

export function load(problem: StoredProblem): Data {
  const floats = (path: string): Float32Array => new Float32Array(bytes(path));
  const { inputs, targets } = problem.files;
  const weights = floats(problem.files.weights);
  return {
    problem,
    weights: split(problem, weights),
    direction: split(problem, weights.toReversed()),
    inputs: floats(inputs),
    targets: problem.loss === "crossEntropy" ? new Int32Array(bytes(targets)) : floats(targets),
  };
}

/** The parts of inputs and targets that belong to one batch. */
export function batchOf({ problem, inputs, targets }: Data, i: number) {
  const { batch, layers, loss } = problem;
  const features = layers[0] as number;
  const columns = loss === "crossEntropy" ? 1 : (layers.at(-1) as number);
  return {
    x: inputs.subarray(i * batch * features, (i + 1) * batch * features),
    y: targets.subarray(i * batch * columns, (i + 1) * batch * columns),
  };
}

const bytes = (path: string): ArrayBuffer => {
  const buffer = readFileSync(path);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
};

function split({ layers }: Problem, values: Float32Array): LayerValues[] {
  let at = 0;
  const take = (count: number): Float32Array => {
    at += count;
    return values.slice(at - count, at);
  };
  return layers.slice(1).map((out, i) => {
    const inputs = layers[i] as number;
    return { in: inputs, out, weight: take(inputs * out), bias: take(out) };
  });
}

/** Weights drawn for the width that feeds them, biases zero. */
function parameters({ layers }: Problem, weight: (fanIn: number) => number): Float32Array {
  const counts = layers.slice(1).map((out, i) => ((layers[i] as number) + 1) * out);
  const values = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  counts.forEach((count, i) => {
    const fanIn = layers[i] as number;
    const weights = count - (layers[i + 1] as number);
    for (let k = 0; k < weights; k++) values[at + k] = weight(fanIn);
    at += count;
  });
  return values;
}

/** For two inputs in batches of four the corners of the unit square, else uniform in [−½, ½). */
function inputsOf({ layers, batch, batches }: Problem, uniform: () => number): Float32Array {
  const features = layers[0] as number;
  if (features === 2 && batch === 4) return Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1);
  return Float32Array.from({ length: batches * batch * features }, () => uniform() - 0.5);
}

/** Something to learn: the exclusive or, the largest of random projections of the input, or these projections. */
function targetsOf({ layers, batch, batches, loss }: Problem, inputs: Float32Array, normal: () => number) {
  const [features, outputs] = [layers[0] as number, layers.at(-1) as number];
  if (inputs.length === 8) return Float32Array.of(0, 1, 1, 0);
  const count = batches * batch;
  if (loss === "meanSquared") return Float32Array.from({ length: count * outputs }, normal);
  const teacher = Float32Array.from({ length: features * outputs }, normal);
  return Int32Array.from({ length: count }, (_, row) => {
    const scores = new Float64Array(outputs);
    for (let k = 0; k < features; k++) {
      const x = inputs[row * features + k] as number;
      for (let j = 0; j < outputs; j++) scores[j] = (scores[j] as number) + x * (teacher[k * outputs + j] as number);
    }
    return scores.indexOf(Math.max(...scores));
  });
}

/** Uniform in [0, 1): mulberry32 (T. Ettinger, 2017, public domain). */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (G. E. P. Box and M. E. Muller, 1958). */
function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
