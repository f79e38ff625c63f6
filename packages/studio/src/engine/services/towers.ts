/** A drawn function as a sum of sigmoid towers, by the library. */
import { tensor } from "chainrule";
import { type Dense, sigmoidTowers } from "chainrule/nn";
import { CURVE_POINTS } from "../ideas.ts";
import type { Service } from "../protocol.ts";

const PLACES = Array.from({ length: CURVE_POINTS }, (_, i) => i / (CURVE_POINTS - 1));

export const towers: Service<"towers"> = {
  towers({ heights, towers: count }) {
    const f = through(heights);
    // The number of towers is given, so the network is the same whatever error is wanted; a large one is confirmed fastest.
    const { model, units } = sigmoidTowers(f, { interval: [0, 1], error: LARGE, towers: count });
    const curve = Float32Array.from(model(tensor(Float64Array.from(PLACES), { shape: [CURVE_POINTS, 1] })).dataSync());
    const [first, , last] = model.layers as [Dense, unknown, Dense];
    const [edges, steps] = [edgesOf(first), [...last.weight.value.dataSync()]];
    let at = 0;
    PLACES.forEach((x, i) => {
      if (Math.abs((curve[i] as number) - f(x)) > Math.abs((curve[at] as number) - f(PLACES[at] as number))) at = i;
    });
    return {
      curve,
      towers: towersOf(edges, steps, last.bias?.value.dataSync()[0] ?? 0),
      error: Math.abs((curve[at] as number) - f(PLACES[at] as number)),
      at: PLACES[at] as number,
      units,
      steepness: edges.steepness,
    };
  },
};

const LARGE = 1e6;

/** The function that is straight between heights at equal distances. */
function through(heights: readonly number[]): (x: number) => number {
  const last = heights.length - 1;
  return (x) => {
    const i = Math.min(last - 1, Math.max(0, Math.floor(x * last)));
    const [left, right] = [heights[i], heights[i + 1]] as [number, number];
    return left + (right - left) * (x * last - i);
  };
}

interface Edges {
  readonly at: readonly number[];
  readonly steepness: number;
}

/** The hidden units are σ(s·x − s·edge). */
function edgesOf({ weight, bias }: Dense): Edges {
  const steepness = weight.value.dataSync()[0] as number;
  return { steepness, at: Array.from(bias?.value.dataSync() ?? [], (b) => -b / steepness) };
}

/**
 * The network is height₀ + Σ stepᵢ·σ(s(x − edgeᵢ)), the same as Σ heightᵢ·(σ(s(x − edgeᵢ₋₁)) − σ(s(x − edgeᵢ))) with
 * heights that differ by the steps: a tower for each.
 */
function towersOf({ at, steepness }: Edges, steps: readonly number[], first: number): Float32Array[] {
  const risen = (i: number, x: number): number => {
    if (i < 0) return 1;
    const edge = at[i];
    return edge === undefined ? 0 : 1 / (1 + Math.exp(-steepness * (x - edge)));
  };
  let height = first;
  return [0, ...steps].map((step, i) => {
    height += step;
    return Float32Array.from(PLACES, (x) => height * (risen(i - 1, x) - risen(i, x)));
  });
}
