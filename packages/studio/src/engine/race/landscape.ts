/** The paths of all lanes on one loss surface. */
import type { Part } from "../../data/index.ts";
import {
  type Frame,
  framed,
  LEAST,
  lossesOf,
  type Plane,
  placesOf,
  planeOf,
  shareInPlane,
} from "../landscape/index.ts";
import { LANDSCAPE_SIDE, type RaceLandscape, type Snapshot, type Views } from "../snapshot.ts";
import type { Trainer } from "../trainer.ts";

type Places = readonly Float32Array[];

/** The surface is that of the first lane that runs. */
export function raceLandscape(
  trainers: readonly (Trainer | undefined)[],
): (asked: Views["landscape"]["asked"], lanes: readonly (Snapshot | undefined)[]) => RaceLandscape {
  const leader = trainers.find((trainer) => trainer !== undefined) as Trainer;
  const start = leader.weights;
  const highest = 1.5 * leader.snapshot().training.loss;
  const losses = lossesOf(leader.state, leader.network, leader.loss, leader.examples.training as Part);
  let known: { key: string; plane: Plane; frame: Frame; losses: Float32Array; share: number } | undefined;
  return (asked, lanes) => {
    const paths = trainers.map((trainer) => trainer?.path.places ?? []);
    const key = JSON.stringify(asked);
    if (known?.key !== key) {
      const kept = nearby(
        paths,
        start,
        lanes.map((lane) => lane !== undefined && lane.training.loss <= highest),
      );
      // Two weights leave all others as they are, which had better be good ones; the other planes go through the start.
      const middle = asked.plane.kind === "weights" ? (bestOf(lanes) ?? start) : start;
      const plane = planeOf(leader.network, asked.plane, kept, middle, known?.plane);
      const frame = framed(placesOf(plane, kept), LEAST[asked.plane.kind]);
      known = { key, plane, frame, losses: losses(plane, frame, LANDSCAPE_SIDE), share: shareInPlane(plane, kept) };
    }
    const { plane, frame, share } = known;
    return {
      ...frame,
      losses: known.losses.slice(),
      paths: paths.map((path) => placesOf(plane, path)),
      share,
    };
  };
}

/** The weights of the lane with the lowest loss. */
function bestOf(lanes: readonly (Snapshot | undefined)[]): Float32Array | undefined {
  const finite = lanes.filter((lane) => lane !== undefined && !lane.diverged) as Snapshot[];
  return finite.sort((a, b) => a.training.loss - b.training.loss)[0]?.weights;
}

/** Places beyond this times the distance that lanes on a good way have come are not in the picture. */
const REACH = 1.3;
/** Of lanes that all go wrong, the first places are. */
const FIRST = 8;

/** The places of all lanes, the start first, without those of lanes that have gone far away. */
function nearby(paths: readonly Places[], start: Float32Array, good: readonly boolean[]): Places {
  const distance = (place: Float32Array): number =>
    Math.sqrt(place.reduce((sum, weight, i) => sum + (weight - (start[i] as number)) ** 2, 0));
  const ends = paths.flatMap((path, lane) => (good[lane] === true ? path : []));
  if (ends.length === 0) return [start, ...paths.flatMap((path) => path.slice(0, FIRST))];
  const reach = REACH * ends.reduce((most, place) => Math.max(most, distance(place)), 0);
  return [start, ...paths.flat().filter((place) => distance(place) <= reach)];
}
