/** Every number of one row, forward and backward, layer by layer. */
import type { Tensor } from "chainrule";
import { backprop } from "chainrule/check";
import { targetOf, taskOf } from "./follow.ts";
import type { Opened } from "./open.ts";
import { label } from "./text.ts";
import { encode } from "./try.ts";
import type { Case, Pass } from "./types.ts";

/** @throws Refusal for a row or a target that does not fit */
export function passRow(opened: Opened, one: Case): Pass {
  const { x, found } = passed(opened, one);
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

/** The gradient of the loss by a parameter, by its name in the network. @throws Refusal */
export const gradientOf = (opened: Opened, name: string, one: Case): Tensor | undefined =>
  passed(opened, one).found.gradients[name];

function passed(opened: Opened, { input, target }: Case) {
  const { x } = encode(opened, input);
  const { loss } = taskOf(opened);
  return { x, found: backprop(opened.network, loss, x, targetOf(opened, target, x), { mode: "evaluation" }) };
}
