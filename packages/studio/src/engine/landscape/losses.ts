/** The loss that a training makes small, at places of a plane. */
import { compile, type Tensor, tensor, vmap } from "chainrule";
import type { Loss } from "chainrule/loss";
import { functional } from "chainrule/nn";
import type { Part } from "../../data/index.ts";
import type { State } from "../../state/index.ts";
import { type Network, objectiveOf } from "../network.ts";
import type { Frame, Plane } from "./plane.ts";

/** A square of cells over a frame: row by row from the top left, b upwards; the places are the centres of the cells. */
export type LossGrid = (plane: Plane, frame: Frame, side: number) => Float32Array;

/** The mean loss of the examples with the penalty on weights. One program for all planes, and a call for each row. */
export function lossesOf(state: State, { model }: Network, loss: Loss, examples: Part): LossGrid {
  const objective = objectiveOf(state, model, loss, examples);
  const { parameters } = functional(model);
  const shapes = Object.entries(parameters).map(([name, { shape, size }]) => ({ name, shape, size }));
  const split = (all: Tensor): Record<string, Tensor> => {
    let at = 0;
    const parts = shapes.map(({ name, shape, size }) => {
      at += size;
      return [name, all.slice(0, at - size, at).reshape(shape)] as const;
    });
    return Object.fromEntries(parts);
  };
  const row = compile(({ from, direction, a }: Record<"from" | "direction" | "a", Tensor>) =>
    vmap((each: Tensor) => objective(split(from.add(direction.mul(each)))))(a),
  );
  return ({ origin, first, second }, { centre, half }, side) => {
    const at = (i: number): number => half * ((2 * i + 1) / side - 1);
    const a = Float32Array.from({ length: side }, (_, i) => centre[0] + at(i));
    const losses = new Float32Array(side * side);
    for (let i = 0; i < side; i++) {
      const b = centre[1] - at(i);
      const from = Float32Array.from(origin, (value, k) => value + b * (second[k] as number));
      const values = row({ from: tensor(from), direction: tensor(Float32Array.from(first)), a: tensor(a) });
      losses.set(values.dataSync(), i * side);
    }
    return losses;
  };
}
