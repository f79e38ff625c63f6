/** The plane that a page wishes for. */
import type { Network } from "../network.ts";
import type { PlaneWish } from "../snapshot.ts";
import { randomDirections } from "./directions.ts";
import { alongPath, alongWeights, atRandom, type Plane } from "./plane.ts";

/**
 * @param places that were passed
 * @param middle through which the plane goes
 * @param before the plane along the path that was shown last, so that the next one does not turn over
 */
export function planeOf(
  network: Network,
  wish: PlaneWish,
  places: readonly Float32Array[],
  middle: Float32Array,
  before: Plane | undefined,
): Plane {
  switch (wish.kind) {
    case "weights":
      return alongWeights(middle, ...wish.weights);
    case "path":
      return alongPath(places, middle, before);
    case "random":
      return atRandom(middle, randomDirections(network, wish.seed));
  }
}
