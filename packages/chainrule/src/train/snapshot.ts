/** Copies of everything a model holds, to put back later. */
import type { Box } from "../graph/box.ts";
import { type AnyModule, params, states } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export type Snapshot = Readonly<Record<string, Tensor>>;

/** All parameters and states by name. */
export const boxesOf = (model: AnyModule): Record<string, Box> => ({ ...params(model), ...states(model) });

/** The values of boxes. Tensors are immutable: nothing is copied that is on the host. */
export const valuesOf = (boxes: Readonly<Record<string, Box>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, box.value]));

/** Puts values back into the boxes that they are of. */
export function putValues(boxes: Readonly<Record<string, Box>>, values: Snapshot): void {
  for (const [name, box] of Object.entries(boxes)) box.value = values[name] as Tensor;
}
