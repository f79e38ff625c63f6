/** A small network with its numbers from another program. */
import { softmaxCrossEntropy } from "../../../src/loss/index.ts";
import { dense, params, type Sequential, sequential, tanh } from "../../../src/nn/index.ts";
import { type Tensor, tensor } from "../../../src/tensor/index.ts";

const exact = (numbers: number[] | number[][]): Tensor => tensor(numbers, { dtype: "float64" });

/** 2 inputs, 3 tanh units, 2 logits, with the weights below. */
export function network(): Sequential {
  const model = sequential(dense(2, 3, { dtype: "float64" }), tanh, dense(3, 2, { dtype: "float64" }));
  const values: Record<string, Tensor> = {
    "0.weight": exact([
      [0.1, -0.2, 0.3],
      [0.4, 0.5, -0.6],
    ]),
    "0.bias": exact([0.05, -0.1, 0.2]),
    "2.weight": exact([
      [1, -1],
      [0.5, 0.25],
      [-0.75, 2],
    ]),
    "2.bias": exact([0, 0.1]),
  };
  for (const [name, param] of Object.entries(params(model))) param.value = values[name] as Tensor;
  return model;
}

export const x = exact([
  [0.5, -1],
  [2, 0.25],
]);
export const y = tensor([0, 1], { dtype: "int32" });
export const loss = softmaxCrossEntropy;

/**
 * PyTorch 1.13.1, float64: z1 = x@W1 + b1; a1 = tanh(z1); z2 = a1@W2 + b2; cross_entropy(z2, [0, 1]).backward(), with
 * retain_grad() on z1, a1 and z2.
 */
export const pytorch = {
  loss: 1.6067413012130887,
  z1: [
    [-0.3, -0.7, 0.95],
    [0.35, -0.375, 0.65],
  ],
  a1: [
    [-0.29131261245159096, -0.6043677771171635, 0.7397830512740042],
    [0.33637554433633227, -0.35835739835078595, 0.5716699660851172],
  ],
  z2: [
    [-1.148333789465676, 1.7197867707203087],
    [-0.2715556294028986, 0.8173750382462056],
  ],
  gradZ2: [
    [-0.4731239172121713, 0.4731239172121713],
    [0.12590984706220246, -0.12590984706220248],
  ],
  gradA1: [
    [-0.9462478344243426, -0.11828097930304282, 1.301090772333471],
    [0.25181969412440497, 0.03147746176555061, -0.34625207942105685],
  ],
  gradZ1: [
    [-0.8659463683301201, -0.07507762030553708, 0.5890311637440332],
    [0.2233266717444547, 0.027435125340169557, -0.23309463187228344],
  ],
  gradients: {
    "0.weight": [
      [0.013680159323849361, 0.017331440527570574, -0.17167368187255028],
      [0.9217780362662338, 0.08193640164057947, -0.647304821712104],
    ],
    "0.bias": [-0.6426196965856654, -0.04764249496536752, 0.3559365318717498],
    "2.weight": [
      [0.18017995767926057, -0.18017995767926057],
      [0.24082012492652863, -0.24082012492652863],
      [-0.2780301771060979, 0.27803017710609784],
    ],
    "2.bias": [-0.34721407014996886, 0.3472140701499688],
  },
  gradX: [
    [0.10513023635130536, -0.7373360557312365],
    [-0.053082747455273464, 0.24290501049123672],
  ],
} as const;

/** The largest difference between a tensor's numbers and others. */
export function distance(found: Tensor | undefined, expected: unknown): number {
  const numbers = [...(found as Tensor).dataSync()];
  const wanted = (Array.isArray(expected) ? expected.flat(9) : [expected]) as number[];
  if (numbers.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return Math.max(...numbers.map((n, i) => Math.abs(n - (wanted[i] as number))));
}
