/** Directions in the space of weights. */
import { filterNormalized } from "chainrule/diagnose";
import { functional } from "chainrule/nn";
import type { Network } from "../network.ts";
import { along, dot, unit, type Vector, without } from "./vectors.ts";

/** Two random directions, those of the library for a seed and the next, the second made orthogonal to the first. */
export function randomDirections({ model }: Network, seed: number): readonly [Vector, Vector] {
  const { parameters } = functional(model);
  const [first, second] = [0, 1].map((i) =>
    Float64Array.from(
      Object.values(filterNormalized(parameters, seed + i)).flatMap((part) => [...part.dataSync()] as number[]),
    ),
  ) as [Vector, Vector];
  if (dot(first, first) === 0) return axes(first.length);
  const rest = without(second, first);
  return dot(rest, rest) > 1e-10 * dot(second, second) ? [first, rest] : [first, across(first)];
}

/** Of more places every second, or third … is looked at: a path's direction is no other for it. */
const ENOUGH = 120;

/** The two directions in which places lie farthest from one of them, as long as 1. K. Pearson, 1901: principal components. */
export function principal(places: readonly ArrayLike<number>[], from: ArrayLike<number>): readonly [Vector, Vector] {
  const apart = Math.ceil(places.length / ENOUGH);
  const steps = places.filter((_, i) => i % apart === 0).map((place) => along(place, -1, from));
  const scale = Math.sqrt(steps.reduce((most, step) => Math.max(most, dot(step, step)), 0));
  const first = longest(steps, scale);
  if (first === undefined) return axes(from.length);
  const second = longest(
    steps.map((step) => without(step, first)),
    scale,
  );
  return [first, second ?? across(first)];
}

/** Rounds of the power method: the picture does not need more digits than they give. */
const ROUNDS = 60;

/** The direction of the largest sum of squares, by the power method; it points to the last place. */
function longest(steps: readonly Vector[], scale: number): Vector | undefined {
  let direction = unit(
    steps.reduce((far, step) => (dot(step, step) > dot(far, far) ? step : far)),
    scale,
  );
  for (let round = 0; round < ROUNDS && direction !== undefined; round++) {
    const sum = new Float64Array(direction.length);
    for (const step of steps) {
      const share = dot(step, direction);
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + share * (step[i] as number);
    }
    direction = unit(sum, 0);
  }
  return direction;
}

/** The first two axes. */
const axes = (size: number): readonly [Vector, Vector] => [axis(size, 0), axis(size, 1)];

export const axis = (size: number, at: number): Vector => new Float64Array(size).fill(1, at, at + 1);

/** A direction orthogonal to one: of the first axes that which lies farthest from it. */
function across(direction: Vector): Vector {
  const sizes = Array.from(direction, Math.abs);
  return unit(without(axis(direction.length, sizes.indexOf(Math.min(...sizes))), direction), 0) as Vector;
}
