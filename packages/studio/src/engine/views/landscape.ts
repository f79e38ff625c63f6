/** The loss around the weights, and the way that they have come. */
import type { Part } from "../../data/index.ts";
import {
  alongPath,
  alongWeights,
  atRandom,
  framed,
  LEAST,
  lossesOf,
  type Plane,
  placesOf,
  randomDirections,
  shareInPlane,
} from "../landscape/index.ts";
import { LANDSCAPE_SIDE, type PlaneWish } from "../snapshot.ts";
import type { Trainer } from "../trainer.ts";
import type { View } from "./view.ts";

export const landscape: View<"landscape"> = (trainer) => {
  const { state, network, loss, examples } = trainer;
  const losses = lossesOf(state, network, loss, examples.training as Part);
  let known: { key: string; plane: Plane; frame: ReturnType<typeof framed>; losses: Float32Array } | undefined;
  return (asked) => {
    const { places } = trainer.path;
    const key = JSON.stringify(asked);
    if (known?.key !== key) {
      const plane = planeOf(trainer, asked.plane, known?.plane);
      const frame = framed(
        asked.plane.kind === "random" ? Float32Array.of(0, 0) : placesOf(plane, places),
        LEAST[asked.plane.kind],
      );
      known = { key, plane, frame, losses: losses(plane, frame, LANDSCAPE_SIDE) };
    }
    const { plane, frame } = known;
    // The array is handed over, and must be there once more.
    return {
      ...frame,
      losses: known.losses.slice(),
      path: placesOf(plane, places),
      share: shareInPlane(plane, places),
    };
  };
};

function planeOf({ network, path }: Trainer, wish: PlaneWish, before: Plane | undefined): Plane {
  const { places } = path;
  const place = places.at(-1) as Float32Array;
  if (wish.kind === "weights") return alongWeights(place, ...wish.weights);
  return wish.kind === "path"
    ? alongPath(places, place, before)
    : atRandom(place, randomDirections(network, wish.seed));
}
