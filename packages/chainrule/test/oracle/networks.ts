/** The networks of networks.jsonl, as functions of their parameters. */
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { elu, gelu, leakyRelu, relu, sigmoid, softmax, softplus, tanh } from "../../src/nn/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { type Projection, readCases, values } from "./values.ts";

export interface NetworkCase {
  readonly sizes: readonly number[];
  readonly activations: readonly string[];
  readonly loss: number;
  readonly kind: "mse" | "bce" | "ce";
  readonly batch: number;
  readonly seed: number;
  readonly gradient: readonly Projection[];
  readonly hvp?: readonly Projection[];
}

const ACTIVATIONS: Record<string, (x: Tensor) => Tensor> = {
  relu,
  leakyRelu: leakyRelu(0.01),
  sigmoid,
  tanh,
  softplus,
  elu: elu(),
  gelu,
  softmax,
};

export const networkCases = readCases<NetworkCase>("networks.jsonl");

export function network({ sizes, activations, kind, batch, seed }: NetworkCase) {
  const shapes = sizes.slice(1).flatMap((out, layer) => [[sizes[layer] as number, out], [out]]);
  const parameters = shapes.map((shape, i) => values(shape, seed + 1 + i).div(Math.sqrt(shape[0] as number)));
  const x = values([batch, sizes[0] as number], seed);
  const wanted = values([batch, sizes.at(-1) as number], seed + 50);
  const targets = { mse: wanted, bce: wanted.greater(0).cast("float64"), ce: wanted.argmax(-1) }[kind];
  const measure = { mse: meanSquaredError, bce: binaryCrossEntropy, ce: softmaxCrossEntropy }[kind];
  const loss = (p: Tensor[]): Tensor => {
    let h = x;
    for (let layer = 0; layer < sizes.length - 1; layer++) {
      h = h.matmul(p[2 * layer] as Tensor).add(p[2 * layer + 1] as Tensor);
      const activation = ACTIVATIONS[activations[layer] ?? ""];
      if (activation !== undefined) h = activation(h);
    }
    return measure(h, targets);
  };
  return { loss, parameters };
}
