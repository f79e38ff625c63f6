/** Copies of everything a model holds, to put back later. */

import type { Box } from "../graph/box.ts";
import { type AnyModule, params, states } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export type Snapshot = Readonly<Record<string, Tensor>>;

const boxesOf = (model: AnyModule): Record<string, Box> => ({ ...params(model), ...states(model) });

/** The values of all parameters and states by name. Tensors are immutable: nothing is copied that is on the host. */
export const takeSnapshot = (model: AnyModule): Snapshot => valuesOf(boxesOf(model));

/** Puts back the values of a snapshot of the same model. */
export const putSnapshot = (model: AnyModule, snapshot: Snapshot): void => putValues(boxesOf(model), snapshot);

export const valuesOf = (boxes: Readonly<Record<string, Box>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, box.value]));

export function putValues(boxes: Readonly<Record<string, Box>>, values: Snapshot): void {
  for (const [name, box] of Object.entries(boxes)) {
    const value = values[name];
    if (value === undefined) throw new Error(`The saved state has no value for "${name}".`);
    box.value = value;
  }
}
