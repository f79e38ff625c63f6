/** The loss around the weights, and the way that they have come. */
import type { Part } from "../../data/index.ts";
import { framed, LEAST, lossesOf, type Plane, placesOf, planeOf, shareInPlane } from "../landscape/index.ts";
import { LANDSCAPE_SIDE } from "../snapshot.ts";
import type { View } from "./view.ts";

export const landscape: View<"landscape"> = (trainer) => {
  const { state, network, loss, examples } = trainer;
  const losses = lossesOf(state, network, loss, examples.training as Part);
  let known: { key: string; plane: Plane; frame: ReturnType<typeof framed>; losses: Float32Array } | undefined;
  return (asked) => {
    const { places } = trainer.path;
    const key = JSON.stringify(asked);
    if (known?.key !== key) {
      const plane = planeOf(network, asked.plane, places, places.at(-1) as Float32Array, known?.plane);
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
