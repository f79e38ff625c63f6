/**
 * The parts of the peers' faces that the bench uses. Declared here, so that the repository's types can be checked where
 * no peer is installed, and because two of them bring no types.
 */
declare module "@jax-js/jax" {
  export type Tree = Array | { readonly [key: string]: Tree } | readonly Tree[];
  /** Every function and method takes over its arguments; `ref` keeps one for another use. */
  export class Array {
    get ref(): this;
    readonly shape: number[];
    dispose(): void;
    reshape(shape: number[]): Array;
    add(other: Array | number): Array;
    sub(other: Array | number): Array;
    mul(other: Array | number): Array;
    div(other: Array | number): Array;
    neg(): Array;
    sum(axis?: number): Array;
    mean(): Array;
    blockUntilReady(): Promise<Array>;
    dataSync(): Float32Array;
  }
  export const numpy: {
    array(values: Float32Array | Int32Array | number): Array;
    matmul(a: Array, b: Array): Array;
    tanh(a: Array): Array;
    square(a: Array): Array;
    sqrt(a: Array): Array;
    zerosLike(a: Array): Array;
  };
  export const nn: { relu(a: Array): Array; sigmoid(a: Array): Array; logSoftmax(a: Array): Array };
  export const tree: { ref<T>(t: T): T; dispose(t: Tree): void };
  export function init(...devices: string[]): Promise<string[]>;
  export function defaultDevice(device: string): string;
  export function jit<F>(f: F): F;
  export function grad<P, A extends unknown[]>(
    f: (parameters: P, ...rest: A) => Array,
  ): (parameters: P, ...rest: A) => P;
  export function valueAndGrad<P, A extends unknown[]>(
    f: (parameters: P, ...rest: A) => Array,
  ): (parameters: P, ...rest: A) => [Array, P];
  export function jvp<P>(f: (x: P) => P, primals: [P], tangents: [P]): [P, P];
  export function vmap<A extends unknown[], R>(f: (...args: A) => R, axes: (number | null)[]): (...args: A) => R;
}

declare module "@tensorflow/tfjs" {
  export interface Tensor {
    dataSync(): Float32Array;
    dispose(): void;
    add(other: Tensor): Tensor;
    sub(other: Tensor): Tensor;
    matMul(other: Tensor): Tensor;
    square(): Tensor;
    mean(): Tensor;
    relu(): Tensor;
    tanh(): Tensor;
    sigmoid(): Tensor;
  }
  export interface Variable extends Tensor {
    assign(value: Tensor): void;
  }
  export interface Optimizer {
    minimize(f: () => Tensor, returnCost: true, variables: Variable[]): Tensor;
    dispose(): void;
  }
  export function enableProdMode(): void;
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tensor(values: Float32Array, shape: number[]): Tensor;
  export function variable(value: Tensor): Variable;
  export function tidy<T>(f: () => T): T;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export function relu(a: Tensor): Tensor;
  export function tanh(a: Tensor): Tensor;
  export function sigmoid(a: Tensor): Tensor;
  export function sub(a: Tensor, b: Tensor): Tensor;
  export function square(a: Tensor): Tensor;
  export function mean(a: Tensor): Tensor;
  export function variableGrads(
    f: () => Tensor,
    variables: Variable[],
  ): { value: Tensor; grads: Record<string, Tensor> };
  export const losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  export const train: {
    sgd(learningRate: number): Optimizer;
    momentum(learningRate: number, momentum: number): Optimizer;
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
  };
}
declare module "@tensorflow/tfjs-backend-wasm" {
  export function setThreadsCount(count: number): void;
}

declare module "convnetjs" {
  export interface Vol {
    w: Float64Array;
  }
  export interface Layer {
    filters?: Vol[];
    biases?: Vol;
    in_act?: Vol;
  }
  export interface Net {
    layers: Layer[];
    makeLayers(definitions: object[]): void;
    forward(x: Vol): Vol;
  }
  export interface Trainer {
    train(x: Vol, y: number | number[]): { cost_loss: number };
  }
  const convnetjs: {
    Vol: new (width: number, height: number, depth: number, value: number) => Vol;
    Net: new () => Net;
    Trainer: new (net: Net, options: object) => Trainer;
    SigmoidLayer: new (options: object) => Layer;
  };
  export default convnetjs;
}

declare module "brain.js" {
  export interface NeuralNetwork {
    sizes: number[];
    weights: number[][][];
    biases: number[][];
    initialize(): void;
    updateTrainingOptions(options: object): void;
    setActivation(activation: string): void;
    trainPattern(value: { input: ArrayLike<number>; output: ArrayLike<number> }, logErrorRate: boolean): number | null;
  }
  const brain: { NeuralNetwork: new (options: object) => NeuralNetwork };
  export default brain;
}
