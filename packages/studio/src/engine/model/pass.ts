/** Every number of one row, forward and backward, layer by layer. */
import type { Tensor } from "chainrule";
import { backprop } from "chainrule/check";
import { targetOf, taskOf } from "./follow.ts";
import type { Opened } from "./open.ts";
import { label } from "./text.ts";
import { encode } from "./try.ts";
import type { Pass, RowInput } from "./types.ts";

/** @param target as in `followRow` @throws Refusal */
export function passRow(opened: Opened, input: RowInput, target: number): Pass {
  const { x } = encode(opened, input);
  const { loss } = taskOf(opened);
  const found = backprop(opened.network, loss, x, targetOf(opened, target, x), { mode: "evaluation" });
  return {
    loss: found.loss.itemSync(),
    layers: found.layers.map(({ path, type, activations, z, a, gradA, delta }) => ({
      path: label(path),
      type: label(type),
      activations: activations.map((each) => label(each.type)),
      z: numbers(z),
      a: numbers(a),
      gradA: numbers(gradA),
      delta: numbers(delta),
    })),
    inputs: numbers(x),
    gradInput: found.gradInput === undefined ? new Float32Array(0) : numbers(found.gradInput),
  };
}

const numbers = (t: Tensor): Float32Array => Float32Array.from(t.dataSync() as ArrayLike<number>);
