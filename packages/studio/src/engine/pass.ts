/** The network as a function of its weights, where a derivative by something within it is wanted. */
import type { Tensor } from "chainrule";
import type { Network } from "./network.ts";

/** Of one layer: the matrix [inputs, units], the biases [units], and something to add to each z, [n, units]. */
export interface LayerInput {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly shift?: Tensor;
}

/** The present weights. Within a compiled function, those that the network has when it is called. */
export const weightsOf = ({ layers }: Network): LayerInput[] =>
  layers.map(({ weight, bias }) => ({ weight: weight.value, bias: (bias as typeof weight).value }));

/** The values of all layers, as `values` of a network has them: activations of the hidden ones, then the raw outputs. */
export function forward({ activation }: Network, x: Tensor, layers: readonly LayerInput[]): Tensor[] {
  const all: Tensor[] = [];
  for (const { weight, bias, shift } of layers) {
    const sum = (all.at(-1) ?? x).matmul(weight).add(bias);
    const z = shift === undefined ? sum : sum.add(shift);
    all.push(all.length < layers.length - 1 ? activation(z) : z);
  }
  return all;
}
